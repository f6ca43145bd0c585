import type { Audience, Event } from '../core/event.ts';
import type { MemberId } from '../core/ids.ts';
import type { Dialect, Envelope, Frame } from '../dialects/dialect.ts';
import type { Occupant } from './occupant.ts';

/**
 * Sends one event to many sessions, encoding it once per (dialect, variant). The last variant used is kept at hand:
 * mostly there is only one.
 */
export class FanOut {
  readonly #event: Event;
  readonly #envelope: Envelope;
  readonly #encoded = new Map<Dialect, Map<string, readonly Frame[]>>();
  #lastDialect: Dialect | undefined;
  #lastKey: string | undefined;
  #lastFrames: readonly Frame[] = [];
  /** How many sessions of each dialect were sent it. */
  readonly sent = new Map<Dialect, number>();

  constructor(event: Event, envelope: Envelope) {
    this.#event = event;
    this.#envelope = envelope;
  }

  send(session: Occupant): void {
    const frames = this.#framesOrFailure(session);
    this.sent.set(session.dialect, (this.sent.get(session.dialect) ?? 0) + 1);
    for (let index = 0; index < frames.length; index++) session.send(frames[index] as Frame);
  }

  /** One whose frames cannot be made must not keep the others from theirs. */
  #framesOrFailure(session: Occupant): readonly Frame[] {
    try {
      return this.#framesFor(session);
    } catch (error) {
      session.failed(error);
      return [];
    }
  }

  #framesFor(session: Occupant): readonly Frame[] {
    const { dialect } = session;
    const key = dialect.encodeKey(this.#event, session);
    if (key === null) return dialect.encode(this.#event, session, this.#envelope);
    if (dialect === this.#lastDialect && key === this.#lastKey) return this.#lastFrames;
    const variants = this.#encoded.get(dialect) ?? new Map<string, readonly Frame[]>();
    const frames = variants.get(key) ?? dialect.encode(this.#event, session, this.#envelope);
    variants.set(key, frames);
    this.#encoded.set(dialect, variants);
    this.#lastDialect = dialect;
    this.#lastKey = key;
    this.#lastFrames = frames;
    return frames;
  }
}

/** The sessions an audience has here. */
export function* sessionsOf(
  audience: Audience,
  sessions: ReadonlyMap<MemberId, Occupant>,
): Generator<Occupant, void, undefined> {
  if (audience.kind === 'room') {
    for (const [memberId, session] of sessions) if (!audience.except.has(memberId)) yield session;
    return;
  }
  for (const memberId of audience.members) {
    const session = sessions.get(memberId);
    if (session) yield session;
  }
}
