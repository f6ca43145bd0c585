import { put16, put32, u8, u16 } from './bytes.ts';
import type { Scratch } from './scratch.ts';

export interface RepairStreamOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  /** Random, 16 bits. */
  readonly firstSequence: number;
  /** The one that the packets are views of. */
  readonly scratch: Scratch;
}

const MEMORY = 128;
const TWICE = 0x10000;
/** So many say something. */
const ENOUGH = 16;

/**
 * What is sent again to a receiver, as a stream of its own (RFC 4588): there it counts as what it is, and neither
 * hides a loss nor looks like a packet that was long on its way. It has no sender reports, as browsers send none.
 */
export class RepairStream {
  readonly #options: RepairStreamOptions;
  #next: number;
  /** The latest numbers that were asked for, each at its own place; with `TWICE`, again. */
  readonly #asked = new Int32Array(MEMORY).fill(-1);
  #sent = 0;
  #repeated = 0;

  constructor(options: RepairStreamOptions) {
    this.#options = options;
    this.#next = options.firstSequence;
  }

  /**
   * False where nearly everything that went out was asked for again: there are clients that say to know of it, and pass
   * it over.
   */
  get isHeard(): boolean {
    return this.#sent < ENOUGH || this.#repeated < this.#sent * 0.9;
  }

  /** Takes a packet of the track, a view of the scratch, and gives another in its place; undefined if it is too long. */
  wrap(packet: Buffer): Buffer | undefined {
    const { ssrc, payloadType, scratch } = this.#options;
    const { bytes } = scratch;
    const end = packet.length;
    if (end + 2 > bytes.length) return undefined;
    const payload = u8(bytes, 0) & 0x10 ? 16 + 4 * u16(bytes, 14) : 12;
    bytes.copyWithin(payload + 2, payload, end);
    this.#note(u16(bytes, 2));
    put16(bytes, payload, u16(bytes, 2));
    bytes[1] = (u8(bytes, 1) & 0x80) | payloadType;
    put16(bytes, 2, this.#next);
    put32(bytes, 8, ssrc);
    this.#next = (this.#next + 1) & 0xffff;
    return scratch.view(end + 2);
  }

  #note(sequence: number): void {
    const at = sequence % MEMORY;
    const before = this.#asked[at];
    if (before === (sequence | TWICE)) return;
    const isAgain = before === sequence;
    this.#asked[at] = isAgain ? sequence | TWICE : sequence;
    if (isAgain) this.#repeated += 1;
    else this.#sent += 1;
  }
}
