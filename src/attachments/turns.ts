/** No room left to wait, or closed. */
export class TurnRefused extends Error {
  override readonly name = 'TurnRefused';
}

interface Waiting {
  readonly start: () => void;
  readonly refuse: (reason: TurnRefused) => void;
}

/** Lets `concurrency` pieces of work run at a time, in order of arrival, and at most `queue` more wait. */
export class Turns {
  readonly #concurrency: number;
  readonly #queue: number;
  readonly #waiting: Waiting[] = [];
  readonly #idle = Promise.withResolvers<void>();
  #busy = 0;
  #closed = false;

  constructor(options: { readonly concurrency: number; readonly queue: number }) {
    this.#concurrency = options.concurrency;
    this.#queue = options.queue;
  }

  /** Rejects with {@link TurnRefused}, or as the work does. */
  async run<T>(work: () => Promise<T>): Promise<T> {
    await this.#turn();
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  /** Refuses those who wait, and resolves when what was begun has ended. */
  async close(): Promise<void> {
    this.#closed = true;
    for (const waiting of this.#waiting.splice(0)) waiting.refuse(new TurnRefused());
    if (this.#busy === 0) this.#idle.resolve();
    await this.#idle.promise;
  }

  #turn(): Promise<void> {
    if (this.#closed) return Promise.reject(new TurnRefused());
    if (this.#busy < this.#concurrency) {
      this.#busy += 1;
      return Promise.resolve();
    }
    if (this.#waiting.length >= this.#queue) return Promise.reject(new TurnRefused());
    return new Promise((start, refuse) => this.#waiting.push({ start, refuse }));
  }

  /** The place goes to the next in line without becoming free, so that nobody who comes just now can take it. */
  #pass(): void {
    const next = this.#waiting.shift();
    if (next) next.start();
    else this.#busy -= 1;
    if (this.#closed && this.#busy === 0) this.#idle.resolve();
  }
}
