import type { RtpHeader } from './header.ts';
import { newVp8Descriptor, putPictureId, readVp8 } from './vp8.ts';

/** One for all: it is read and used within a call. */
const descriptor = newVp8Descriptor();

/**
 * Keeps the picture ids and base layer counts of VP8 going over switches of source and dropped frames: decoders take
 * a gap in them for a lost frame.
 */
export class PictureCount {
  /** What to add to the ids of the source that is being sent. */
  shift = 0;
  tl0Shift = 0;

  #lastId = -1;
  #lastTl0 = -1;
  #droppedId = -1;
  #sentId = -1;

  /** The first packet of another source is about to be sent: its picture follows the last one. */
  align(packet: Uint8Array, { payloadStart, payloadEnd }: RtpHeader): void {
    if (!readVp8(packet, payloadStart, payloadEnd, descriptor)) return;
    this.shift = descriptor.pictureIdAt > 0 && this.#lastId >= 0 ? this.#lastId + 1 - descriptor.pictureId : 0;
    this.tl0Shift = descriptor.tl0At > 0 && this.#lastTl0 >= 0 ? this.#lastTl0 + 1 - descriptor.tl0 : 0;
    this.#droppedId = -1;
    this.#sentId = -1;
  }

  /** The latest packet, in the order of their numbers. */
  sent(packet: Uint8Array, { payloadStart, payloadEnd }: RtpHeader): void {
    if (!readVp8(packet, payloadStart, payloadEnd, descriptor)) return;
    if (descriptor.pictureIdAt > 0) {
      this.#sentId = descriptor.pictureId;
      this.#lastId = descriptor.pictureId + this.shift;
    }
    if (descriptor.tl0At > 0) this.#lastTl0 = descriptor.tl0 + this.tl0Shift;
  }

  /** Each frame that is not sent moves the ids after it, once, however many packets it has. */
  dropped(packet: Uint8Array, { payloadStart, payloadEnd }: RtpHeader): void {
    if (!readVp8(packet, payloadStart, payloadEnd, descriptor) || descriptor.pictureIdAt === 0) return;
    const { pictureId } = descriptor;
    if (pictureId === this.#droppedId || pictureId === this.#sentId) return;
    this.#droppedId = pictureId;
    this.shift -= 1;
  }

  /** In place, in a copy of the payload. */
  rewrite(
    out: Uint8Array,
    from: number,
    end: number,
    { pictureShift, tl0Shift }: { readonly pictureShift: number; readonly tl0Shift: number },
  ): void {
    if (pictureShift === 0 && tl0Shift === 0) return;
    if (!readVp8(out, from, end, descriptor)) return;
    if (descriptor.pictureIdAt > 0) {
      putPictureId(out, descriptor.pictureIdAt, descriptor, descriptor.pictureId + pictureShift);
    }
    if (descriptor.tl0At > 0) out[descriptor.tl0At] = (descriptor.tl0 + tl0Shift) & 0xff;
  }
}
