import type { RtpSender } from './client-rtp-sender.ts';
import { writeVp8Descriptor, writeVp8FrameHeader } from './client-video-payload.ts';

export interface VideoShape {
  readonly width: number;
  readonly height: number;
  readonly packetsPerFrame: number;
  /** Of each packet, at full rate. */
  readonly payloadBytes: number;
}

export interface SyntheticVideoOptions {
  readonly sender: RtpSender;
  readonly shape: VideoShape;
  readonly frameMs: number;
  /** Milliseconds; 0 for none but those that are asked for, and the first. */
  readonly keyframeEveryMs: number;
  readonly temporalLayers: 1 | 2 | 3;
  readonly pictureId: number;
}

/** A keyframe is this many times as large as another frame. */
const KEYFRAME_FACTOR = 3;
/** Of which temporal layer the frames are, in turn. */
const TEMPORAL = { 1: [0], 2: [0, 1], 3: [0, 2, 1, 2] } as const;
const FILLER = Buffer.alloc(1_400, 0x5a);

/** One size of a picture in VP8: frames of several packets, which nothing can decode and everything can count. */
export class SyntheticVideo {
  readonly #options: SyntheticVideoOptions;
  #nextAt: number | undefined;
  #keyframeAt = Number.NEGATIVE_INFINITY;
  #isKeyframeWanted = true;
  #pictureId: number;
  #tl0 = 0;
  #position = 0;
  #keyframes = 0;
  #frames = 0;
  /** Of its full rate, 0 to 1. */
  #share = 1;

  constructor(options: SyntheticVideoOptions) {
    this.#options = options;
    this.#pictureId = options.pictureId & 0x7fff;
  }

  get sender(): RtpSender {
    return this.#options.sender;
  }

  get frames(): number {
    return this.#frames;
  }

  get keyframes(): number {
    return this.#keyframes;
  }

  /** Bits per second, without what keyframes and headers add. */
  get fullBitrate(): number {
    const { shape, frameMs } = this.#options;
    return (shape.packetsPerFrame * shape.payloadBytes * 8 * 1_000) / frameMs;
  }

  /** How much of its full rate it may send; 0 pauses it, and it begins with a keyframe afterwards. */
  limit(share: number): void {
    if (this.#share === 0 && share > 0) this.#isKeyframeWanted = true;
    this.#share = share;
  }

  askForKeyframe(): void {
    this.#isKeyframeWanted = true;
  }

  /** Sends what is due; after a pause it goes on from now. */
  tick(now: number): void {
    const { frameMs } = this.#options;
    let at = this.#nextAt ?? now;
    if (now - at > 1_000) at = now;
    for (; at <= now; at += frameMs) {
      if (this.#share > 0) this.#frame(at);
    }
    this.#nextAt = at;
  }

  #frame(at: number): void {
    const { keyframeEveryMs, shape, temporalLayers } = this.#options;
    const isOverdue = keyframeEveryMs > 0 && at - this.#keyframeAt >= keyframeEveryMs;
    const isKeyframe = this.#isKeyframeWanted || isOverdue;
    if (isKeyframe) this.#position = 0;
    const pattern = TEMPORAL[temporalLayers];
    const layer = pattern[this.#position % pattern.length] ?? 0;
    const count = shape.packetsPerFrame * (isKeyframe ? KEYFRAME_FACTOR : 1);
    const tl0 = this.#tl0 + (layer === 0 ? 1 : 0);
    for (let index = 0; index < count; index++) {
      const payload = this.#payload({ isKeyframe, isStart: index === 0, layer, tl0 });
      const isSent = this.sender.send({ at, marker: index === count - 1, payload });
      // The way is not open yet: the keyframe is still to come.
      if (!isSent && this.sender.statistics.packets === 0) return;
    }
    this.#sent({ at, isKeyframe, tl0 });
  }

  #payload(frame: {
    readonly isKeyframe: boolean;
    readonly isStart: boolean;
    readonly layer: number;
    readonly tl0: number;
  }): Buffer {
    const { shape, temporalLayers } = this.#options;
    const { isStart, isKeyframe, layer, tl0 } = frame;
    const temporal = temporalLayers > 1 ? { temporal: { tl0, layer, isSync: layer > 0 } } : {};
    const descriptor = writeVp8Descriptor({ isStart, pictureId: this.#pictureId, ...temporal });
    const header = isStart ? writeVp8FrameHeader({ isKeyframe, ...shape }) : Buffer.alloc(0);
    const filling = Math.max(20, Math.round(shape.payloadBytes * this.#share));
    return Buffer.concat([descriptor, header, FILLER.subarray(0, filling)]);
  }

  #sent({ at, isKeyframe, tl0 }: { readonly at: number; readonly isKeyframe: boolean; readonly tl0: number }): void {
    this.#pictureId = (this.#pictureId + 1) & 0x7fff;
    this.#tl0 = tl0;
    this.#position += 1;
    this.#frames += 1;
    if (!isKeyframe) return;
    this.#keyframes += 1;
    this.#keyframeAt = at;
    this.#isKeyframeWanted = false;
  }
}
