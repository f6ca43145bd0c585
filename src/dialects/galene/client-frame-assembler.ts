import type { RtpPacket } from './client-rtp.ts';
import { parseVp8Descriptor, parseVp8FrameHeader, type Vp8Descriptor } from './client-video-payload.ts';

export interface FrameStatistics {
  /** Frames all of whose packets came. */
  readonly frames: number;
  /** Those of them for which all came since a keyframe: a decoder could show them. */
  readonly decodable: number;
  readonly broken: number;
  readonly keyframes: number;
  /** Of the last keyframe. */
  readonly width: number | undefined;
  readonly height: number | undefined;
  /** Where a picture id is not the one after that of the frame before, and no packet is lost. */
  readonly pictureIdBreaks: number;
  /** The highest temporal layer of the frames. */
  readonly highestTemporalLayer: number;
}

interface Picture {
  readonly timestamp: number;
  readonly isKeyframe: boolean;
  readonly pictureId: number | undefined;
}

/** Puts frames of VP8 together from packets in their order, and tells which could be decoded. */
export class FrameAssembler {
  #statistics = {
    ...{ frames: 0, decodable: 0, broken: 0, keyframes: 0, pictureIdBreaks: 0, highestTemporalLayer: 0 },
    ...{ width: undefined as number | undefined, height: undefined as number | undefined },
  };
  #picture: Picture | undefined;
  #lastPictureId: number | undefined;
  #isDecodable = false;

  get statistics(): FrameStatistics {
    return this.#statistics;
  }

  /** Whether nothing can be shown before the next keyframe, and none is on its way. */
  get needsKeyframe(): boolean {
    return !this.#isDecodable && !this.#picture?.isKeyframe;
  }

  /** Packets are lost here. */
  gap(): void {
    if (this.#picture) this.#statistics.broken += 1;
    this.#picture = undefined;
    this.#lastPictureId = undefined;
    this.#isDecodable = false;
  }

  add(packet: RtpPacket): void {
    const descriptor = parseVp8Descriptor(packet.payload);
    if (!descriptor) return;
    if (descriptor.isStart && descriptor.partition === 0) this.#begin(packet, descriptor);
    const picture = this.#picture;
    if (!picture || picture.timestamp !== packet.timestamp) return;
    if (packet.marker) this.#end(picture);
  }

  #begin(packet: RtpPacket, descriptor: Vp8Descriptor): void {
    if (this.#picture) this.gap();
    const { pictureId, temporalLayer = 0 } = descriptor;
    const header = parseVp8FrameHeader(packet.payload.subarray(descriptor.bytes));
    const isKeyframe = header?.isKeyframe ?? false;
    this.#picture = { timestamp: packet.timestamp, isKeyframe, pictureId };
    if (!isNext(this.#lastPictureId, pictureId)) this.#statistics.pictureIdBreaks += 1;
    this.#statistics.highestTemporalLayer = Math.max(this.#statistics.highestTemporalLayer, temporalLayer);
    if (!isKeyframe) return;
    this.#statistics.width = header?.width;
    this.#statistics.height = header?.height;
  }

  #end({ isKeyframe, pictureId }: Picture): void {
    this.#picture = undefined;
    this.#lastPictureId = pictureId;
    this.#statistics.frames += 1;
    if (isKeyframe) {
      this.#statistics.keyframes += 1;
      this.#isDecodable = true;
    }
    if (this.#isDecodable) this.#statistics.decodable += 1;
  }
}

/** Ids have 15 bits, or 7. */
function isNext(before: number | undefined, id: number | undefined): boolean {
  if (before === undefined || id === undefined) return true;
  return id === ((before + 1) & 0x7fff) || (before === 127 && id === 0);
}
