/** Writes numbers of any width, the highest bit first, over what was there. */
export class BitWriter {
  readonly bytes: Uint8Array;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.bytes = bytes;
  }

  begin(): void {
    this.#at = 0;
    this.bytes.fill(0);
  }

  /** In bytes, the last of which may be full of zeros at its end. */
  get length(): number {
    return (this.#at + 7) >> 3;
  }

  /** Up to 32 bits. */
  write(value: number, bits: number): void {
    for (let i = bits - 1; i >= 0; i -= 1) this.#bit((value >>> i) & 1);
  }

  #bit(bit: number): void {
    const index = this.#at >> 3;
    const byte = this.bytes[index];
    if (byte !== undefined && bit === 1) this.bytes[index] = byte | (0x80 >> (this.#at & 7));
    this.#at += 1;
  }
}
