import type { BareFrame } from './wire.ts';

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

interface Waiter {
  see(frame: BareFrame): void;
  fail(closed: Closed): void;
}

/** The frames a client received, the latest ones, and those who wait for one. Owned by its client. */
export class FrameLog {
  readonly #keep: number;
  readonly #waiters = new Set<Waiter>();
  #frames: BareFrame[] = [];
  /** Place in `#frames` from which `waitFor` looks. */
  #mark = 0;
  #closed: Closed | undefined;

  /** Keeps between `keep` and twice as many frames; none where it is 0. */
  constructor(keep: number) {
    this.#keep = keep;
  }

  get frames(): readonly BareFrame[] {
    return this.#frames;
  }

  add(frame: BareFrame): void {
    if (this.#keep > 0) this.#frames.push(frame);
    // Dropped by halves: one by one would move the whole list for each frame.
    if (this.#frames.length > this.#keep * 2) {
      this.#mark = Math.max(0, this.#mark - (this.#frames.length - this.#keep));
      this.#frames = this.#frames.slice(-this.#keep);
    }
    for (const waiter of [...this.#waiters]) waiter.see(frame);
  }

  mark(): void {
    this.#mark = this.#frames.length;
  }

  waitFor(predicate: (frame: BareFrame) => boolean, timeoutMs: number): Promise<BareFrame> {
    const seen = this.#frames.slice(this.#mark).find(predicate);
    if (seen) return Promise.resolve(seen);
    if (this.#closed) return Promise.reject(closedError(this.#closed));
    const { promise, resolve, reject } = Promise.withResolvers<BareFrame>();
    const settle = (finish: () => void) => {
      clearTimeout(timer);
      this.#waiters.delete(waiter);
      finish();
    };
    const waiter: Waiter = {
      see: (frame) => predicate(frame) && settle(() => resolve(frame)),
      fail: (closed) => settle(() => reject(closedError(closed))),
    };
    const late = () => reject(new Error(`No such frame within ${timeoutMs} ms. Received: ${this.#latest()}.`));
    const timer = setTimeout(() => settle(late), timeoutMs);
    this.#waiters.add(waiter);
    return promise;
  }

  /** Nothing comes any more: whoever waits is told. */
  close(closed: Closed): void {
    this.#closed = closed;
    for (const waiter of [...this.#waiters]) waiter.fail(closed);
  }

  #latest(): string {
    const actions = this.#frames.slice(-20).map((frame) => frame.action);
    return actions.join(', ') || 'nothing';
  }
}

function closedError({ code, reason }: Closed): Error {
  return new Error(`The connection was closed (${code}${reason ? ` ${reason}` : ''}).`);
}
