import type { Member } from '../core/member.ts';
import type { Poll, Polls } from '../dialects/desk.ts';
import type { Frame } from '../dialects/dialect.ts';
import { type Accept, type Connection, type ConnectionListener, NO_LISTENER } from './connection.ts';

export interface PollsOptions {
  readonly accept: Accept;
  /** The session that a connection belongs to, once it said something. */
  peerOf(connection: Connection): PollPeer | undefined;
  /** A secret nobody can guess. */
  id(): string;
  /** What counts as one address. */
  household(address: string): string;
  /** Milliseconds since 1970. */
  now(): number;
  readonly connections: number;
  /** 0 is no limit. */
  readonly connectionsPerAddress: number;
}

export interface PollPeer {
  readonly member: Member | undefined;
  whenIdle(): Promise<void>;
}

/** Bytes that wait in a connection for the next request; beyond, they wait in its session, where rosters coalesce. */
const BUFFER_BYTES = 256 * 1024;
/** Bytes of one answer; a single frame may be larger. */
const ANSWER_BYTES = 4 * 1024 * 1024;
/** Clients ask every five seconds (`spec/barertc.md` 2.3). */
const IDLE_MS = 60_000;
const SWEEP_MS = 10_000;
/** The path of the mounts at which sessions of this kind begin. */
const PATH = '/ws';

/** Sessions of clients that cannot hold a socket, and ask again and again. Owns its connections. */
export class PollTransport implements Polls {
  readonly #options: PollsOptions;
  readonly #polls = new Map<string, PollConnection>();
  readonly #perAddress = new Map<string, number>();
  readonly #sweeper: NodeJS.Timeout;
  #closed = false;

  constructor(options: PollsOptions) {
    this.#options = options;
    this.#sweeper = setInterval(() => this.sweep(), SWEEP_MS);
    this.#sweeper.unref();
  }

  open(address: string): Poll | undefined {
    const { connections, connectionsPerAddress, household, now } = this.#options;
    const key = household(address);
    const open = this.#perAddress.get(key) ?? 0;
    if (this.#closed || this.#polls.size >= connections) return undefined;
    if (connectionsPerAddress > 0 && open >= connectionsPerAddress) return undefined;
    const id = this.#options.id();
    const poll = new PollConnection({
      id,
      address,
      now,
      peerOf: (connection) => this.#options.peerOf(connection),
      forgotten: () => {
        if (!this.#polls.delete(id)) return;
        const left = (this.#perAddress.get(key) ?? 1) - 1;
        if (left > 0) this.#perAddress.set(key, left);
        else this.#perAddress.delete(key);
      },
    });
    this.#polls.set(id, poll);
    this.#perAddress.set(key, open + 1);
    this.#options.accept(poll, PATH);
    return poll;
  }

  find(id: string): Poll | undefined {
    return this.#polls.get(id);
  }

  /** Who does not ask any more is gone. */
  sweep(): void {
    const now = this.#options.now();
    for (const poll of this.#polls.values()) if (now - poll.askedAt > IDLE_MS) poll.expire();
  }

  /** Their sessions have said goodbye; nobody will ask for it. */
  close(): void {
    this.#closed = true;
    clearInterval(this.#sweeper);
    for (const poll of this.#polls.values()) poll.terminate();
  }
}

interface PollConnectionOptions {
  readonly id: string;
  readonly address: string;
  now(): number;
  peerOf(connection: Connection): PollPeer | undefined;
  forgotten(): void;
}

class PollConnection implements Connection, Poll {
  readonly id: string;
  readonly address: string;
  listener: ConnectionListener = NO_LISTENER;
  /** Milliseconds since 1970. */
  askedAt: number;
  readonly #options: PollConnectionOptions;
  #frames: Frame[] = [];
  #bytes = 0;
  #state: 'open' | 'closing' | 'closed' = 'open';

  constructor(options: PollConnectionOptions) {
    this.#options = options;
    this.id = options.id;
    this.address = options.address;
    this.askedAt = options.now();
  }

  // --- what requests ask --------------------------------------------------------------------------------------------

  get member(): Member | undefined {
    return this.#options.peerOf(this)?.member;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  async exchange(frame: string | undefined): Promise<readonly string[]> {
    this.askedAt = this.#options.now();
    if (frame !== undefined && this.isOpen) this.listener.received({ kind: 'text', text: frame });
    await this.#options.peerOf(this)?.whenIdle();
    const answer: string[] = [];
    let bytes = 0;
    // What waited in the session comes when there is room for it.
    while (this.#frames.length > 0 && bytes < ANSWER_BYTES) {
      bytes += this.#bytes;
      for (const { text } of this.#take()) answer.push(text);
      if (this.isOpen) this.listener.drained();
    }
    if (!this.isOpen && this.#frames.length === 0) this.#forget();
    return answer;
  }

  #take(): readonly Frame[] {
    const frames = this.#frames;
    this.#frames = [];
    this.#bytes = 0;
    return frames;
  }

  end(): void {
    this.terminate();
  }

  /** Nobody asked for long. */
  expire(): void {
    if (this.isOpen) this.#end({ code: 1006, silent: true });
    this.#forget();
  }

  #forget(): void {
    this.#state = 'closed';
    this.#options.forgotten();
  }

  // --- what the session does ----------------------------------------------------------------------------------------

  get bufferedBytes(): number {
    return this.#bytes;
  }

  send(frame: Frame): boolean {
    if (!this.isOpen) return true;
    this.#frames.push(frame);
    this.#bytes += frame.text.length;
    return this.#bytes < BUFFER_BYTES;
  }

  sizeOf(frame: Frame): number {
    return frame.text.length;
  }

  /** Requests come one at a time; each waits for its answer. */
  pause(): void {}
  resume(): void {}
  trust(): void {}

  /** The last frames are there for the next request; then it is over. */
  close(code: number): void {
    if (this.isOpen) this.#end({ code, silent: false });
  }

  terminate(): void {
    this.close(1006);
    this.#forget();
  }

  #end(end: { readonly code: number; readonly silent: boolean }): void {
    this.#state = 'closing';
    this.listener.closed(end);
    this.listener = NO_LISTENER;
  }
}
