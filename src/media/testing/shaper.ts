export interface ShaperOptions {
  /** Bits per second that the way carries. */
  readonly bitrate: number;
  /** How much may wait before it: bytes. */
  readonly queueBytes: number;
}

/** What IP and UDP add to each packet: bytes. */
const OVERHEAD = 28;

/** A way that carries so much and no more: packets wait their turn, and are lost where too many wait. */
export class Shaper {
  bitrate: number;
  readonly #queueBytes: number;
  #freeAt = 0;
  #lost = 0;
  #carried = 0;

  constructor({ bitrate, queueBytes }: ShaperOptions) {
    this.bitrate = bitrate;
    this.#queueBytes = queueBytes;
  }

  get lost(): number {
    return this.#lost;
  }

  get carried(): number {
    return this.#carried;
  }

  /** How many milliseconds later a packet of so many bytes is at the other end; false where it is lost. */
  take(bytes: number, now: number): number | false {
    const waiting = (Math.max(0, this.#freeAt - now) * this.bitrate) / 8_000;
    if (waiting > this.#queueBytes) {
      this.#lost += 1;
      return false;
    }
    this.#carried += 1;
    this.#freeAt = Math.max(now, this.#freeAt) + ((bytes + OVERHEAD) * 8_000) / this.bitrate;
    return this.#freeAt - now;
  }
}
