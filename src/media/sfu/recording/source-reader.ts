import type { Rotation } from '../../../recordings/container.ts';
import type { Feed } from '../feed.ts';
import type { IncomingPacket } from '../rtp/rewriter.ts';
import type { ExtensionIds } from '../sdp/extensions.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { JitterBuffer, type OrderedPacket, type QueuedPacket } from './jitter-buffer.ts';
import { rotationOf } from './orientation.ts';
import { opusDuration } from './pictures.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { Timeline } from './timeline.ts';
import type { VideoUnpacker } from './unpack-video.ts';

/** How long the publisher's first report is waited for, in milliseconds: browsers take up to 4 s for that of sound. */
const REPORT_WAIT = 4_000;

/** What is recorded of one size of a track: its packets in order, as pictures or as sound. */
export class SourceReader {
  readonly feed: Feed;
  readonly #unpack: VideoUnpacker | undefined;
  readonly #jitter = new JitterBuffer();
  readonly #assembler = new FrameAssembler();
  readonly #timeline: Timeline;
  #needsKeyframe: boolean;
  #isJump = false;
  #beganAt: number | undefined;
  #isWaiting = true;
  #rotation: Rotation = 0;

  /** Without an unpacker it is sound. */
  constructor(feed: Feed, unpack: VideoUnpacker | undefined) {
    this.feed = feed;
    this.#unpack = unpack;
    this.#timeline = new Timeline(feed.clock);
    this.#needsKeyframe = unpack !== undefined;
  }

  /** Nothing of it can be used before its next keyframe. */
  get needsKeyframe(): boolean {
    return this.#needsKeyframe;
  }

  /**
   * It began, and what it is in time is not known yet: it would be said twice, and nobody could mend the first
   * seconds. To be asked after `take`.
   */
  get isWaiting(): boolean {
    return this.#beganAt !== undefined && this.#isWaiting;
  }

  /** Within the loop that forwards: copies, and no more. The extensions are those of its publisher. */
  put(incoming: IncomingPacket, { at, extensions = {} }: { readonly at: number; readonly extensions?: ExtensionIds }) {
    const { packet, header, info } = incoming;
    const { sequence, timestamp, marker, payloadStart, payloadEnd } = header;
    this.#beganAt ??= at;
    const payload = Buffer.from(packet.subarray(payloadStart, payloadEnd));
    const rotation = this.#unpack && rotationOf(incoming, extensions.videoOrientation);
    this.#jitter.put({ sequence, timestamp, isLast: marker, info, payload, rotation, at });
  }

  /** What is complete by now. With `all`, nothing more is waited for. */
  take(now: number, options?: { readonly all: true }): readonly RecordedFrame[] {
    if (!options?.all && !this.#isTimed(now)) return [];
    const frames: RecordedFrame[] = [];
    for (;;) {
      const next = this.#jitter.take(now, options);
      if (!next) return frames;
      if (this.#unpack) frames.push(...this.#pictures(next, this.#unpack, now));
      else frames.push(...this.#sound(next, now));
    }
  }

  #isTimed(now: number): boolean {
    if (!this.#isWaiting) return true;
    const isReported = this.feed.clock.timestampAt(now) !== undefined;
    const isLate = this.#beganAt !== undefined && now - this.#beganAt >= REPORT_WAIT;
    this.#isWaiting = !isReported && !isLate && !this.#jitter.isFull;
    return !this.#isWaiting;
  }

  #pictures(next: OrderedPacket, unpack: VideoUnpacker, now: number): readonly RecordedFrame[] {
    if (next.isAfterGap) this.#needsKeyframe = true;
    const pictures = this.#assembler.put(next).flatMap((packets) => this.#picture(packets, unpack, now) ?? []);
    if (this.#assembler.isLost) this.#needsKeyframe = true;
    return pictures;
  }

  #picture(packets: readonly QueuedPacket[], unpack: VideoUnpacker, now: number): RecordedFrame | undefined {
    const [first] = packets;
    const picture = first && unpack(packets);
    if (!first || !picture) {
      this.#needsKeyframe = true;
      return undefined;
    }
    const placed = this.#place(first, now);
    this.#rotation = packets.findLast(({ rotation }) => rotation !== undefined)?.rotation ?? this.#rotation;
    if (picture.format) this.#needsKeyframe = false;
    if (this.#needsKeyframe) return undefined;
    const format = picture.format && { ...picture.format, rotation: this.#rotation };
    return { kind: 'video', ...placed, data: picture.data, durationMs: 0, format };
  }

  #sound({ packet }: OrderedPacket, now: number): readonly RecordedFrame[] {
    const { payload } = packet;
    if (payload.length === 0) return [];
    const placed = this.#place(packet, now);
    return [{ kind: 'audio', ...placed, data: payload, durationMs: opusDuration(payload), format: undefined }];
  }

  /** A jump is told with the first frame that is used after it. */
  #place(packet: QueuedPacket, now: number): { readonly at: number; readonly isJump: boolean } {
    const { at, isJump } = this.#timeline.place(packet, now);
    const isTold = this.#isJump || isJump;
    this.#isJump = isTold && this.#needsKeyframe;
    return { at, isJump: isTold };
  }
}
