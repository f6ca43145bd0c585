import type { CodecName } from '../../port.ts';
import type { Feed } from '../feed.ts';
import type { PublishedTrack, Quality, TrackReceiver } from '../published-track.ts';
import type { IncomingPacket } from '../rtp/rewriter.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { SourceReader } from './source-reader.ts';
import type { VideoUnpacker } from './unpack-video.ts';

export interface TrackTapOptions {
  readonly track: PublishedTrack;
  /** A new one for each source; undefined for sound. */
  unpacker(codec: CodecName): VideoUnpacker | undefined;
}

/** A picture can be begun with at least so often (`spec/galene.md` 2.15), in milliseconds. */
const KEYFRAME_EVERY = 4_000;
/** A size that arrives, or is silent, for so long is gone over to: each change begins a new file. */
const SETTLED = 2_500;

/** Takes what arrives of a track for a recording, as one more receiver: the best size that there is. */
export class TrackTap implements TrackReceiver {
  readonly quality: Quality = 'high';
  readonly waitMs = 0;
  readonly #options: TrackTapOptions;
  readonly #track: PublishedTrack;
  #reader: SourceReader | undefined;
  /** Takes the other's place with its first keyframe. */
  #next: SourceReader | undefined;
  #candidate: { readonly feed: Feed; readonly since: number } | undefined;
  #keyframeAt = Number.NEGATIVE_INFINITY;
  #isWanted = false;
  #hasReceived = false;

  constructor(options: TrackTapOptions, now: number) {
    this.#options = options;
    this.#track = options.track;
    this.#track.add(this);
    this.settle(now);
  }

  get source(): Feed | undefined {
    return this.#reader?.feed;
  }

  /** Something of it arrived, and something that could be used. */
  get progress(): 'nothing' | 'packets' | 'pictures' {
    if (this.#keyframeAt > 0) return 'pictures';
    return this.#hasReceived ? 'packets' : 'nothing';
  }

  /** It is not known yet when what comes of it happened. */
  get isWaiting(): boolean {
    return this.#reader?.isWaiting ?? false;
  }

  /** Another reason for a keyframe than those that are seen here. */
  wantKeyframe(): void {
    this.#isWanted = true;
  }

  packet(feed: Feed, incoming: IncomingPacket, now: number): void {
    this.#hasReceived = true;
    const { extensions } = this.#track;
    if (feed === this.#reader?.feed) this.#reader.put(incoming, { at: now, extensions });
    else if (feed === this.#next?.feed) this.#next.put(incoming, { at: now, extensions });
  }

  /** What is complete by now, in its order. */
  take(now: number, options?: { readonly all: true }): readonly RecordedFrame[] {
    const frames = this.#reader?.take(now, options) ?? [];
    const next = this.#next?.take(now, options) ?? [];
    const taken = next.length === 0 ? frames : [...frames, ...this.#goOver(next)];
    if (taken.some(({ format }) => format)) this.#gotKeyframe(now);
    return taken;
  }

  settle(now: number): void {
    const best = this.#track.feedFor(this.quality, now);
    const current = this.#reader?.feed;
    if (best === undefined || best === current) {
      this.#candidate = undefined;
      this.#next = undefined;
      return;
    }
    if (best === this.#next?.feed) return;
    // Under the same name the old one is over.
    const isSameSize = current === undefined || best.layer === current.layer;
    if (this.#candidate?.feed !== best) this.#candidate = { feed: best, since: now };
    if (isSameSize || now - this.#candidate.since >= SETTLED) this.#begin(best);
  }

  /** Every 100 ms. */
  remind(now: number): void {
    this.#next?.feed.wantKeyframe(now);
    const reader = this.#reader;
    const isDue = now - this.#keyframeAt >= KEYFRAME_EVERY;
    if (reader && (this.#isWanted || reader.needsKeyframe || isDue)) reader.feed.wantKeyframe(now);
  }

  /** Nobody is told of time here. */
  report(): void {}

  /** A recording takes all there is. */
  allowed(): number {
    return Number.POSITIVE_INFINITY;
  }

  close(): void {
    this.#track.remove(this);
  }

  #begin(feed: Feed): void {
    const reader = new SourceReader(feed, this.#options.unpacker(this.#track.codec.name));
    if (this.#reader) this.#next = reader;
    else this.#reader = reader;
  }

  #goOver(frames: readonly RecordedFrame[]): readonly RecordedFrame[] {
    this.#reader = this.#next;
    this.#next = undefined;
    return frames;
  }

  #gotKeyframe(now: number): void {
    this.#keyframeAt = now;
    this.#isWanted = false;
  }
}
