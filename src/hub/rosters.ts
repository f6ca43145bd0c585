import type { MemberId } from '../core/ids.ts';
import type { Dialect, Frame } from '../dialects/dialect.ts';
import type { Occupant } from './occupant.ts';

export interface RosterPacing {
  /** How many bytes of rosters a room may send per second in the long run. */
  readonly bytesPerSecond: number;
  now(): number;
}

/** Bytes of rosters handed to the network in one turn of the event loop: some milliseconds of work. */
const BYTES_PER_TURN = 2_000_000;

/**
 * Whole rosters, for the wires that have no deltas. A change is sent at once where the last refresh is long enough
 * ago, and else later, together with all that changes until then: so that a room's rosters stay within their bytes
 * however large it is (a roster's size times its readers grows with the square of the members).
 */
export class Rosters {
  readonly #pacing: RosterPacing;
  readonly #sessions: ReadonlyMap<MemberId, Occupant>;
  /** What was sent last, to leave out what would not be new to somebody with a view of their own. */
  readonly #last = new WeakMap<Occupant, string>();
  readonly #due = new Set<MemberId>();
  /** Readers of a refresh that is under way, over several turns of the event loop. */
  #readers: Occupant[] = [];
  #notBefore = 0;
  #timer: NodeJS.Timeout | undefined;
  #turn: NodeJS.Immediate | undefined;
  #closed = false;

  constructor(sessions: ReadonlyMap<MemberId, Occupant>, pacing: RosterPacing) {
    this.#sessions = sessions;
    this.#pacing = pacing;
  }

  /** Somebody's row changed, for all readers but `except`. */
  changedForAll(except: ReadonlySet<MemberId>): void {
    if (this.#mayRefresh)
      this.#refresh([...this.#sessions].filter(([id]) => !except.has(id)).map(([, session]) => session));
    else this.#later(this.#sessions.keys());
  }

  changedFor(members: readonly MemberId[]): void {
    if (this.#mayRefresh) this.#refresh(this.#present(members));
    else this.#later(members);
  }

  /** Sends one session its roster, as it is now. */
  sendTo(session: Occupant): void {
    session.sendRoster(() => this.#frameFor(session, new Map()));
  }

  close(): void {
    clearTimeout(this.#timer);
    clearImmediate(this.#turn);
    this.#timer = undefined;
    this.#readers = [];
    this.#closed = true;
  }

  get #mayRefresh(): boolean {
    return !this.#timer && this.#readers.length === 0 && this.#pacing.now() >= this.#notBefore;
  }

  #present(members: Iterable<MemberId>): Occupant[] {
    return [...members].map((id) => this.#sessions.get(id)).filter((session) => session !== undefined);
  }

  #later(members: Iterable<MemberId>): void {
    for (const id of members) if (this.#sessions.get(id)?.dialect.roster) this.#due.add(id);
    if (this.#due.size > 0 && this.#readers.length === 0) this.#schedule();
  }

  #schedule(): void {
    if (this.#closed) return;
    this.#timer ??= setTimeout(
      () => {
        this.#timer = undefined;
        const readers = this.#present(this.#due);
        this.#due.clear();
        this.#refresh(readers);
      },
      Math.max(0, this.#notBefore - this.#pacing.now()),
    );
  }

  #refresh(readers: Occupant[]): void {
    this.#readers = readers.filter((session) => session.dialect.roster);
    this.#notBefore = this.#pacing.now();
    this.#sendSome();
  }

  #sendSome(): void {
    this.#turn = undefined;
    const encoded = new Map<Dialect, Map<string, Frame>>();
    let bytes = 0;
    for (let reader = this.#readers.pop(); reader; reader = this.#readers.pop()) {
      const session = reader;
      session.sendRoster(() => {
        const frame = this.#frameFor(session, encoded);
        bytes += frame?.text.length ?? 0;
        return frame;
      });
      if (bytes >= BYTES_PER_TURN) break;
    }
    this.#notBefore += Math.floor((bytes / this.#pacing.bytesPerSecond) * 1000);
    if (this.#readers.length > 0) this.#turn = setImmediate(() => this.#sendSome());
    else if (this.#due.size > 0) this.#schedule();
  }

  #frameFor(session: Occupant, encoded: Map<Dialect, Map<string, Frame>>): Frame | undefined {
    const { roster } = session.dialect;
    if (!roster || !session.member) return undefined;
    const key = roster.key(session);
    if (key === null) {
      const own = roster.encode(session);
      return own && !roster.repeats ? this.#unlessKnown(session, own) : own;
    }
    const variants = encoded.get(session.dialect) ?? new Map<string, Frame>();
    encoded.set(session.dialect, variants);
    const frame = variants.get(key) ?? roster.encode(session);
    if (!frame) return undefined;
    variants.set(key, frame);
    this.#last.set(session, frame.text);
    return frame;
  }

  /** Who is muted or booted must not see, by a roster without news, that there was some (`spec/barertc.md` 1.9.4). */
  #unlessKnown(session: Occupant, frame: Frame): Frame | undefined {
    if (this.#last.get(session) === frame.text) return undefined;
    this.#last.set(session, frame.text);
    return frame;
  }
}
