import { KEYFRAME } from './packet-info.ts';

/** Milliseconds between two requests (`spec/galene.md` 2.10). */
const INTERVAL = 500;

/** A source that is silent for longer is not asked again. */
const SILENT = 1_000;

/** When to ask a source for a keyframe: not more often than twice a second, and until it comes. */
export class KeyframeRequests {
  #isWanted = false;
  #askedAt = Number.NEGATIVE_INFINITY;
  #receivedAt = Number.NEGATIVE_INFINITY;

  /** Somebody cannot go on without one. */
  want(): void {
    this.#isWanted = true;
  }

  /** Each packet of the source, with its `packetInfo`. */
  received(info: number, now: number): void {
    this.#receivedAt = now;
    if (info & KEYFRAME) this.#isWanted = false;
  }

  /** True if a PLI is to be sent now, which then counts as sent. To be asked after `want` and every 100 ms or so. */
  take(now: number): boolean {
    if (!this.#isWanted || now - this.#askedAt < INTERVAL || !this.#mayAnswer(now)) return false;
    this.#askedAt = now;
    return true;
  }

  /** A screen that stands still is quiet, too: it is asked once, and again when it stirs. */
  #mayAnswer(now: number): boolean {
    return this.#receivedAt > this.#askedAt || now - this.#receivedAt <= SILENT;
  }
}
