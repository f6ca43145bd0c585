import type { Level } from './ladder.ts';
import type { Layers } from './rtp/layer-filter.ts';

/** How long a level is kept before more is given, in milliseconds; less is given at once. */
const KEEPS = 2_000;
/** How long a video is paused at least: twice as long each time, until it went on for a while. */
const PAUSES = 5_000;
const LONGEST_PAUSE = 120_000;
const GOES_ON = 60_000;
/**
 * How long there is no room for it before it is paused. Where its publisher is told to send less, that takes a while.
 */
const GRACE = 2_000;
const ELASTIC_GRACE = 6_000;

/** What one video gets of what its receiver can be sent, and since when. */
export class VideoShare {
  #level: Level | undefined;
  #isPaused = false;
  #changedAt = Number.NEGATIVE_INFINITY;
  #pauseMs = PAUSES;
  #unfitSince: number | undefined;
  #bitrate = Number.POSITIVE_INFINITY;

  /** Undefined while nothing was decided: then all of what is wanted is sent. */
  get level(): (Layers & { readonly size: number }) | undefined {
    return this.#level;
  }

  /** Which of these it has; -1 for none. Where it has one that is there no more, the one that is nearest. */
  placeIn(levels: readonly Level[]): number {
    if (this.#isPaused) return -1;
    const current = this.#level;
    if (!current) return levels.length - 1;
    const same = levels.findLastIndex((level) => isSame(level, current));
    const near = same >= 0 ? same : levels.findLastIndex(({ size }) => size === current.size);
    return near >= 0 ? near : levels.length - 1;
  }

  get isPaused(): boolean {
    return this.#isPaused;
  }

  /** Bits per second that there would be for it. */
  get bitrate(): number {
    return this.#bitrate;
  }

  offer(bitrate: number): void {
    this.#bitrate = bitrate;
  }

  mayRise(now: number): boolean {
    return now - this.#changedAt >= (this.#isPaused ? this.#pauseMs : KEEPS);
  }

  /** Something else is wanted of it from now on. */
  reset(): void {
    this.#level = undefined;
    this.#isPaused = false;
    this.#unfitSince = undefined;
    this.#changedAt = Number.NEGATIVE_INFINITY;
  }

  give(level: Level, now: number): void {
    this.#unfitSince = undefined;
    if (this.#isPaused) this.#pauseMs = Math.min(LONGEST_PAUSE, this.#pauseMs * 2);
    else if (now - this.#changedAt > GOES_ON) this.#pauseMs = PAUSES;
    this.#isPaused = false;
    if (!isSame(level, this.#level)) this.#changedAt = now;
    this.#level = level;
  }

  /** There is no room for it. False where it goes on nevertheless, as it takes less soon. */
  pause(now: number, options: { readonly isElastic: boolean }): boolean {
    if (this.#isPaused) return true;
    this.#unfitSince ??= now;
    if (now - this.#unfitSince < (options.isElastic ? ELASTIC_GRACE : GRACE)) return false;
    this.#isPaused = true;
    this.#changedAt = now;
    return true;
  }
}

function isSame(a: Level, b: Level | undefined): boolean {
  return b !== undefined && a.size === b.size && a.spatial === b.spatial && a.temporal === b.temporal;
}
