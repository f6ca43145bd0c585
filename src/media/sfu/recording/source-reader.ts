import type { Feed } from '../feed.ts';
import type { IncomingPacket } from '../rtp/rewriter.ts';
import { FrameAssembler } from './frame-assembler.ts';
import { JitterBuffer, type OrderedPacket, type QueuedPacket } from './jitter-buffer.ts';
import { opusDuration } from './pictures.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { Timeline } from './timeline.ts';
import type { VideoUnpacker } from './unpack-video.ts';

/** What is recorded of one size of a track: its packets in order, as pictures or as sound. */
export class SourceReader {
  readonly feed: Feed;
  readonly #unpack: VideoUnpacker | undefined;
  readonly #jitter = new JitterBuffer();
  readonly #assembler = new FrameAssembler();
  readonly #timeline: Timeline;
  #needsKeyframe: boolean;
  #isJump = false;

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

  /** Within the loop that forwards: copies, and no more. */
  put({ packet, header, info }: IncomingPacket, at: number): void {
    const { sequence, timestamp, marker, payloadStart, payloadEnd } = header;
    const payload = Buffer.from(packet.subarray(payloadStart, payloadEnd));
    this.#jitter.put({ sequence, timestamp, isLast: marker, info, payload, at });
  }

  /** What is complete by now. With `all`, nothing more is waited for. */
  take(now: number, options?: { readonly all: true }): readonly RecordedFrame[] {
    const frames: RecordedFrame[] = [];
    for (;;) {
      const next = this.#jitter.take(now, options);
      if (!next) return frames;
      if (this.#unpack) frames.push(...this.#pictures(next, this.#unpack, now));
      else frames.push(...this.#sound(next, now));
    }
  }

  #pictures(next: OrderedPacket, unpack: VideoUnpacker, now: number): readonly RecordedFrame[] {
    if (next.isAfterGap) this.#needsKeyframe = true;
    return this.#assembler.put(next).flatMap((packets) => this.#picture(packets, unpack, now) ?? []);
  }

  #picture(packets: readonly QueuedPacket[], unpack: VideoUnpacker, now: number): RecordedFrame | undefined {
    const [first] = packets;
    const picture = first && unpack(packets);
    if (!first || !picture) {
      this.#needsKeyframe = true;
      return undefined;
    }
    const placed = this.#place(first, now);
    if (picture.format) this.#needsKeyframe = false;
    if (this.#needsKeyframe) return undefined;
    return { kind: 'video', ...placed, data: picture.data, durationMs: 0, format: picture.format };
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
