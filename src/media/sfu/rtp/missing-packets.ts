import { sequenceDistance } from './sequence.ts';

interface Missing {
  /** When it is asked for next, whatever else arrives. */
  at: number;
  attempts: number;
  /** When it is given up. */
  readonly until: number;
  /** By a receiver: it is not asked for before its time, as it may be on its way. */
  readonly isAsked: boolean;
}

/** All in milliseconds but `OLDEST`, which is packets (`spec/galene.md` 2.10). */
const OLDEST = 256;
const PATIENCE = 20;
const ASKED_PATIENCE = 50;
const GIVEN_UP = 1500;
const ATTEMPTS = 5;
const DEFAULT_RTT = 100;

/** A quarter of the circle: a longer jump does not happen, as the source then began anew. */
const FAR = 16_384;

/** Which packets of one source are to be asked for again (`spec/galene.md` 2.10). Never more than 256 of them. */
export class MissingPackets {
  readonly #missing = new Map<number, Missing>();
  #highest = -1;
  #keyframe = -1;
  #tolerated = 2;
  #isLost = false;

  /** Something is lost for good: without a keyframe, pictures stay broken. Tells it once. */
  takeLost(): boolean {
    const isLost = this.#isLost;
    this.#isLost = false;
    return isLost;
  }

  /** Every packet that arrives, in the order of arrival. `packetsPerSecond` is of the last second. */
  received(
    sequence: number,
    { now, packetsPerSecond }: { readonly now: number; readonly packetsPerSecond: number },
  ): void {
    this.#tolerated = Math.min(24, Math.max(2, packetsPerSecond * 0.02));
    const ahead = this.#highest < 0 ? 1 : sequenceDistance(sequence, this.#highest);
    if (ahead <= 0) {
      this.#missing.delete(sequence);
      return;
    }
    if (ahead > 1) this.#noteGap(sequence, ahead, now);
    this.#highest = sequence;
    // Browsers make no keyframe unasked: half the circle later it would seem to lie ahead.
    if (this.#keyframe >= 0 && sequenceDistance(sequence, this.#keyframe) > FAR) this.#keyframe = -1;
    if (this.#missing.size > 0) this.#forgetOld();
  }

  /** A receiver asked for a packet that is not in the cache. */
  askedFor(sequence: number, now: number): void {
    if (this.#highest < 0 || this.#missing.has(sequence) || this.#missing.size >= OLDEST) return;
    if (sequenceDistance(sequence, this.#highest) > 0 || this.#isPast(sequence)) return;
    this.#missing.set(sequence, { at: now + ASKED_PATIENCE, attempts: 0, until: now + GIVEN_UP, isAsked: true });
  }

  /** Nothing before a keyframe is worth asking for. Its first packet may be one that came late. */
  keyframe(sequence: number): void {
    if (this.#keyframe >= 0 && sequenceDistance(sequence, this.#keyframe) <= 0) return;
    this.#keyframe = sequence;
    this.#forgetOld();
    this.#isLost = false;
  }

  /** What to ask for now, in order. To be called after each packet that is not `next`, and every 10 to 20 ms. */
  due(now: number, rttMs = DEFAULT_RTT): readonly number[] {
    if (this.#missing.size === 0) return NOTHING;
    const due: number[] = [];
    for (const [sequence, missing] of this.#missing) {
      if (!this.#isDue(sequence, missing, now)) continue;
      if (missing.attempts >= ATTEMPTS || now >= missing.until) {
        this.#giveUp(sequence, missing);
        continue;
      }
      missing.attempts += 1;
      missing.at = now + Math.max(PATIENCE, Math.min(rttMs, 500) * 1.25) * missing.attempts;
      due.push(sequence);
    }
    return due.sort(sequenceDistance);
  }

  get isEmpty(): boolean {
    return this.#missing.size === 0;
  }

  /** After a restart of the source. */
  reset(): void {
    this.#missing.clear();
    this.#highest = -1;
    this.#keyframe = -1;
    this.#isLost = false;
  }

  #isDue(sequence: number, missing: Missing, now: number): boolean {
    if (now >= missing.at) return true;
    if (missing.attempts > 0 || missing.isAsked) return false;
    return sequenceDistance(this.#highest, sequence) > this.#tolerated;
  }

  /** What a receiver asked for may be gone long ago, and they will say what they need. */
  #giveUp(sequence: number, { isAsked }: Missing): void {
    this.#missing.delete(sequence);
    if (!isAsked) this.#isLost = true;
  }

  #noteGap(sequence: number, ahead: number, now: number): void {
    if (ahead > OLDEST) {
      this.#missing.clear();
      this.#isLost = true;
      return;
    }
    for (let back = ahead - 1; back > 0; back -= 1) {
      const missing = (sequence - back) & 0xffff;
      this.#missing.set(missing, { at: now + PATIENCE, attempts: 0, until: now + GIVEN_UP, isAsked: false });
    }
  }

  #forgetOld(): void {
    for (const [sequence, { isAsked }] of this.#missing) {
      if (!this.#isPast(sequence)) continue;
      this.#missing.delete(sequence);
      if (!isAsked && !this.#isBeforeKeyframe(sequence)) this.#isLost = true;
    }
  }

  #isPast(sequence: number): boolean {
    return this.#isBeforeKeyframe(sequence) || sequenceDistance(this.#highest, sequence) >= OLDEST;
  }

  #isBeforeKeyframe(sequence: number): boolean {
    return this.#keyframe >= 0 && sequenceDistance(sequence, this.#keyframe) < 0;
  }
}

const NOTHING: readonly number[] = [];
