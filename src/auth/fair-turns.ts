export interface FairTurnsOptions {
  /** How many have their turn at a time. */
  readonly atOnce: number;
  /** How many may wait, of one household and of all together. */
  readonly waitingOfOne: number;
  readonly waitingOfAll: number;
}

/** Costly work in turns: households one after the other, however many of one of them wait. */
export class FairTurns {
  readonly #options: FairTurnsOptions;
  /** Whose turn it is next comes first. */
  readonly #queues = new Map<string, (() => void)[]>();
  #waiting = 0;
  #busy = 0;

  constructor(options: FairTurnsOptions) {
    this.#options = options;
  }

  /** Nothing where too many wait. */
  async run<T>(household: string, work: () => Promise<T>): Promise<T | undefined> {
    if (this.#busy < this.#options.atOnce) this.#busy++;
    else if (!(await this.#wait(household))) return undefined;
    try {
      return await work();
    } finally {
      this.#pass();
    }
  }

  async #wait(household: string): Promise<boolean> {
    const { waitingOfOne, waitingOfAll } = this.#options;
    const queue = this.#queues.get(household) ?? [];
    if (queue.length >= waitingOfOne || this.#waiting >= waitingOfAll) return false;
    this.#waiting++;
    this.#queues.set(household, queue);
    await new Promise<void>((resolve) => queue.push(resolve));
    return true;
  }

  /** The place goes to the next in line without becoming free, so that nobody who comes just now can take it. */
  #pass(): void {
    const [next] = this.#queues;
    if (!next) {
      this.#busy--;
      return;
    }
    const [household, queue] = next;
    const begin = queue.shift();
    this.#queues.delete(household);
    if (queue.length > 0) this.#queues.set(household, queue);
    this.#waiting--;
    begin?.();
  }
}
