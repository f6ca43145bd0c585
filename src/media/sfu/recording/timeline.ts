import type { TrackClock } from '../rtp/publisher-clock.ts';
import { timestampDistance } from '../rtp/sequence.ts';

export interface Placed {
  /** On our clock, in milliseconds. */
  readonly at: number;
  /** It does not follow what was before it: what is said of time there holds no longer. */
  readonly isJump: boolean;
}

/** Milliseconds: what arrives and what it says of itself are not further apart, however bad the path is. */
const MOST_APART = 10_000;
/** The clock is followed a little at a time, as nobody hears it; when it is further off, at once. Milliseconds. */
const STEP = 500;
/** How much of the time that passes is spent on that. */
const SLEW = 0.005;

/**
 * When what one source sends happened, on our clock: by its publisher's reports, which keep sound with picture, and
 * until there is one by when it came.
 */
export class Timeline {
  readonly #clock: TrackClock;
  /** Of the source's first timestamp, in milliseconds of ours. */
  #base = 0;
  #elapsed = 0;
  #last: { readonly timestamp: number; readonly at: number } | undefined;
  #isReported = false;

  constructor(clock: TrackClock) {
    this.#clock = clock;
  }

  /** In the order in which they were sent. `at` is when it came. */
  place({ timestamp, at }: { readonly timestamp: number; readonly at: number }, now: number): Placed {
    const before = this.#last;
    this.#last = { timestamp, at };
    const passed = before ? this.#ms(timestampDistance(timestamp, before.timestamp)) : 0;
    const isLost = before !== undefined && (isApart(passed, at - before.at) || isApart(this.#at + passed, at));
    if (!before || isLost) this.#begin(at);
    else this.#elapsed += passed;
    const isCorrected = this.#follow(timestamp, { at, now, passed });
    return { at: this.#at, isJump: isLost || (isCorrected && before !== undefined) };
  }

  get #at(): number {
    return this.#base + this.#elapsed;
  }

  #begin(at: number): void {
    this.#base = at;
    this.#elapsed = 0;
    this.#isReported = false;
  }

  /** True where it was off by much. */
  #follow(
    timestamp: number,
    { at, now, passed }: { readonly at: number; readonly now: number; readonly passed: number },
  ) {
    const reported = this.#clock.timestampAt(now);
    if (reported === undefined) return false;
    const said = now + this.#ms(timestampDistance(timestamp, reported));
    // A report that makes no sense.
    if (isApart(said, at)) return false;
    const off = said - this.#at;
    const isFirst = !this.#isReported;
    this.#isReported = true;
    const most = Math.max(0, passed) * SLEW;
    const isFar = Math.abs(off) > STEP;
    this.#base += isFirst || isFar ? off : Math.max(-most, Math.min(most, off));
    return isFar;
  }

  #ms(ticks: number): number {
    return (ticks * 1000) / this.#clock.clockRate;
  }
}

/** One after the other, small steps lead as far away as a large one. */
function isApart(one: number, other: number): boolean {
  return Math.abs(one - other) > MOST_APART;
}
