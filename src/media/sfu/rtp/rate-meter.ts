const PARTS = 10;
const PART_MS = 100;

/** How much passed within the last second. */
export class RateMeter {
  readonly #bytes = new Float64Array(PARTS);
  readonly #packets = new Float64Array(PARTS);
  #bytesSum = 0;
  #packetsSum = 0;
  #part = Number.NEGATIVE_INFINITY;

  add(bytes: number, now: number): void {
    const slot = this.#advance(now);
    this.#bytes[slot] = (this.#bytes[slot] ?? 0) + bytes;
    this.#packets[slot] = (this.#packets[slot] ?? 0) + 1;
    this.#bytesSum += bytes;
    this.#packetsSum += 1;
  }

  /** Bits per second. */
  bitrate(now: number): number {
    this.#advance(now);
    return this.#bytesSum * 8;
  }

  packetsPerSecond(now: number): number {
    this.#advance(now);
    return this.#packetsSum;
  }

  /** Forgets what is more than a second ago; gives the place of now. A clock that goes back stands still here. */
  #advance(now: number): number {
    const part = Math.floor(now / PART_MS);
    if (part > this.#part) {
      const passed = Math.min(PARTS, part - this.#part);
      for (let i = 0; i < passed; i += 1) this.#forget(slotOf(part - i));
      this.#part = part;
    }
    return slotOf(this.#part);
  }

  #forget(slot: number): void {
    this.#bytesSum -= this.#bytes[slot] ?? 0;
    this.#packetsSum -= this.#packets[slot] ?? 0;
    this.#bytes[slot] = 0;
    this.#packets[slot] = 0;
  }
}

function slotOf(part: number): number {
  return ((part % PARTS) + PARTS) % PARTS;
}
