const MAX_HOUSEHOLDS = 10_000;

export interface AllowanceOptions {
  /** So many at once, and one more in so many milliseconds. */
  readonly atOnce: number;
  readonly everyMs: number;
  now(): number;
}

/** How often each household may do something. */
export class Allowance {
  readonly #options: AllowanceOptions;
  /** When each household, had it waited, would have its whole allowance again; milliseconds since 1970. */
  readonly #restedAt = new Map<string, number>();

  constructor(options: AllowanceOptions) {
    this.#options = options;
  }

  isLeft(household: string): boolean {
    const { atOnce, everyMs, now } = this.#options;
    return (this.#restedAt.get(household) ?? 0) - now() <= (atOnce - 1) * everyMs;
  }

  use(household: string): void {
    const now = this.#options.now();
    const restedAt = Math.max(now, this.#restedAt.get(household) ?? 0) + this.#options.everyMs;
    this.#restedAt.delete(household);
    this.#restedAt.set(household, restedAt);
    for (const [oldest, at] of this.#restedAt) {
      if (at > now && this.#restedAt.size <= MAX_HOUSEHOLDS) break;
      this.#restedAt.delete(oldest);
    }
  }
}
