export interface Rate {
  /** How many at once. */
  readonly burst: number;
  /** How many per second in the long run. */
  readonly perSecond: number;
}

/** Allows bursts, and a rate in the long run. Time is the caller's, in milliseconds. */
export class TokenBucket {
  #tokens: number;
  #at: number;

  constructor(rate: Rate, now: number) {
    this.#tokens = rate.burst;
    this.#at = now;
  }

  /** Takes `count` tokens if they are there. The rate is passed anew, so that thousands of buckets share one. */
  take(rate: Rate, now: number, count = 1): boolean {
    // The clock of a computer may be set back; that must not cost anybody their allowance.
    const elapsed = Math.max(0, now - this.#at);
    this.#tokens = Math.min(rate.burst, this.#tokens + (elapsed / 1000) * rate.perSecond);
    this.#at = now;
    if (this.#tokens < count) return false;
    this.#tokens -= count;
    return true;
  }

  /** Whether it is as full as a new one. */
  isFull(rate: Rate, now: number): boolean {
    return this.#tokens + ((now - this.#at) / 1000) * rate.perSecond >= rate.burst;
  }
}

/** At most this many addresses are remembered; beyond, the ones with full buckets are forgotten. */
const MAX_KEYS = 50_000;

/** One bucket per key (an address, an identity), bounded in number. */
export class TokenBuckets {
  readonly #buckets = new Map<string, TokenBucket>();
  readonly #rate: Rate;

  constructor(rate: Rate) {
    this.#rate = rate;
  }

  take(key: string, now: number, count = 1): boolean {
    let bucket = this.#buckets.get(key);
    if (!bucket) {
      if (this.#buckets.size >= MAX_KEYS) this.sweep(now);
      if (this.#buckets.size >= MAX_KEYS) return false;
      bucket = new TokenBucket(this.#rate, now);
      this.#buckets.set(key, bucket);
    }
    return bucket.take(this.#rate, now, count);
  }

  /** Forgets the buckets that are full again. */
  sweep(now: number): void {
    for (const [key, bucket] of this.#buckets) if (bucket.isFull(this.#rate, now)) this.#buckets.delete(key);
  }
}
