import type { GaleneFrame } from './client-frames.ts';
import type { Timing } from './client-options.ts';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

/** Either a question, or fields that a frame has to have, with just these values. */
export type FrameMatch = ((frame: GaleneFrame) => boolean) | Partial<GaleneFrame>;

interface Waiter {
  /** Whether it takes the frame. */
  see(frame: GaleneFrame): boolean;
  fail(closed: Closed): void;
}

/** The frames a client received, the latest ones; those nobody has taken yet, and those who wait for one. */
export class FrameLog {
  readonly #keep: number;
  readonly #timing: Timing;
  readonly #waiters = new Set<Waiter>();
  #frames: GaleneFrame[] = [];
  #untaken: GaleneFrame[] = [];
  #closed: Closed | undefined;

  constructor(options: { readonly keep: number; readonly timing: Timing }) {
    this.#keep = options.keep;
    this.#timing = options.timing;
  }

  get frames(): readonly GaleneFrame[] {
    return this.#frames;
  }

  /** Those that no {@link take} had, oldest first. */
  get untaken(): readonly GaleneFrame[] {
    return this.#untaken;
  }

  add(frame: GaleneFrame): void {
    this.#frames.push(frame);
    this.#frames = lastOf(this.#frames, this.#keep);
    for (const waiter of this.#waiters) if (waiter.see(frame)) return;
    this.#untaken.push(frame);
    this.#untaken = lastOf(this.#untaken, this.#keep);
  }

  /** From here on {@link take} looks at later frames only. */
  forget(): void {
    this.#untaken = [];
  }

  /** The oldest frame that matches and that nobody took, past or to come. Nobody else gets it. */
  take(match: FrameMatch, waitMs: number): Promise<GaleneFrame> {
    const matches = typeof match === 'function' ? match : (frame: GaleneFrame) => hasFields(frame, match);
    const index = this.#untaken.findIndex(matches);
    const [seen] = index < 0 ? [] : this.#untaken.splice(index, 1);
    if (seen) return Promise.resolve(seen);
    if (this.#closed) return Promise.reject(closedError(this.#closed));
    return this.#wait(matches, waitMs);
  }

  /** Nothing comes any more: whoever waits is told. */
  close(closed: Closed): void {
    this.#closed = closed;
    for (const waiter of [...this.#waiters]) waiter.fail(closed);
  }

  #wait(matches: (frame: GaleneFrame) => boolean, waitMs: number): Promise<GaleneFrame> {
    const { promise, resolve, reject } = Promise.withResolvers<GaleneFrame>();
    const settle = () => {
      stop();
      this.#waiters.delete(waiter);
    };
    const waiter: Waiter = {
      see: (frame) => {
        if (!matches(frame)) return false;
        settle();
        resolve(frame);
        return true;
      },
      fail: (closed) => {
        settle();
        reject(closedError(closed));
      },
    };
    const stop = this.#timing.after(waitMs, () => {
      settle();
      reject(new Error(`No such frame within ${waitMs} ms. Not taken: ${this.#summary()}.`));
    });
    this.#waiters.add(waiter);
    return promise;
  }

  #summary(): string {
    const words = this.#untaken.slice(-20).map(({ type, kind }) => (kind ? `${type}/${kind}` : type));
    return words.join(', ') || 'nothing';
  }
}

export function closedError({ code, reason }: Closed): Error {
  return new Error(`The connection was closed (${code}${reason ? ` ${reason}` : ''}).`);
}

function hasFields(frame: GaleneFrame, fields: Partial<GaleneFrame>): boolean {
  return Object.entries(fields).every(([key, value]) => isEqual(frame[key as keyof GaleneFrame], value));
}

/** By what they say: these are values of JSON. */
function isEqual(a: unknown, b: unknown): boolean {
  return a === b || (typeof b === 'object' && b !== null && JSON.stringify(a) === JSON.stringify(b));
}

/** Dropped by halves: one by one would move the whole list for each frame. */
function lastOf(frames: GaleneFrame[], keep: number): GaleneFrame[] {
  return frames.length > keep * 2 ? frames.slice(frames.length - keep) : frames;
}
