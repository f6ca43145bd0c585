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

/**
 * What is sent again to a receiver, as a stream of its own (RFC 4588): there it counts as what it is, and neither
 * hides a loss nor looks like a packet that was long on its way. It has no sender reports, as browsers send none.
 */
export class RepairStream {
  readonly #options: RepairStreamOptions;
  #next: number;

  constructor(options: RepairStreamOptions) {
    this.#options = options;
    this.#next = options.firstSequence;
  }

  /** Takes a packet of the track, a view of the scratch, and gives another in its place; undefined if it is too long. */
  wrap(packet: Buffer): Buffer | undefined {
    const { ssrc, payloadType, scratch } = this.#options;
    const { bytes } = scratch;
    const end = packet.length;
    if (end + 2 > bytes.length) return undefined;
    const payload = u8(bytes, 0) & 0x10 ? 16 + 4 * u16(bytes, 14) : 12;
    bytes.copyWithin(payload + 2, payload, end);
    put16(bytes, payload, u16(bytes, 2));
    bytes[1] = (u8(bytes, 1) & 0x80) | payloadType;
    put16(bytes, 2, this.#next);
    put32(bytes, 8, ssrc);
    this.#next = (this.#next + 1) & 0xffff;
    return scratch.view(end + 2);
  }
}
