import { u8 } from './bytes.ts';

/** Reads numbers of any width, the highest bit first. Past the end they are 0, and `isOver` says so. */
export class BitReader {
  /** In bits, from the beginning of what is read. */
  at = 0;
  isOver = false;
  #bytes: Uint8Array = new Uint8Array();
  #from = 0;
  #length = 0;

  /** Begins anew with so many bytes from there on. One reader does for all packets. */
  begin(bytes: Uint8Array, from: number, length: number): void {
    this.#bytes = bytes;
    this.#from = from;
    this.#length = length * 8;
    this.at = 0;
    this.isOver = false;
  }

  get left(): number {
    return this.#length - this.at;
  }

  /** Up to 32 bits, unsigned. */
  read(bits: number): number {
    let value = 0;
    for (let i = 0; i < bits; i += 1) value = value * 2 + this.#bit();
    return value;
  }

  flag(): boolean {
    return this.#bit() === 1;
  }

  /** A number below `count`, in as few bits as those need (`ns(n)` of the AV1 specification, 4.10.7). */
  readBelow(count: number): number {
    let width = 0;
    for (let rest = count; rest > 0; rest >>= 1) width += 1;
    const short = (1 << width) - count;
    const value = this.read(width - 1);
    return value < short ? value : value * 2 - short + this.read(1);
  }

  #bit(): number {
    if (this.at >= this.#length) {
      this.isOver = true;
      return 0;
    }
    const bit = (u8(this.#bytes, this.#from + (this.at >> 3)) >> (7 - (this.at & 7))) & 1;
    this.at += 1;
    return bit;
  }
}
