/** Bits from the most significant on. Past the end they are 0, and `isPastEnd` says so. */
export class BitReader {
  readonly #bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes;
  }

  get isPastEnd(): boolean {
    return this.#at > this.#bytes.length * 8;
  }

  /** At most 32. */
  read(count: number): number {
    let value = 0;
    for (let i = 0; i < count; i += 1) {
      const byte = this.#bytes[this.#at >> 3] ?? 0;
      value = value * 2 + ((byte >> (7 - (this.#at & 7))) & 1);
      this.#at += 1;
    }
    return value;
  }

  /** A number as H.264 has them: as many zeros as bits follow (ITU-T H.264 9.1). */
  readExpGolomb(): number {
    let zeros = 0;
    while (zeros < 32 && !this.isPastEnd && this.read(1) === 0) zeros += 1;
    return 2 ** zeros - 1 + this.read(zeros);
  }

  readSignedExpGolomb(): number {
    const value = this.readExpGolomb();
    return value % 2 === 0 ? -value / 2 : (value + 1) / 2;
  }
}
