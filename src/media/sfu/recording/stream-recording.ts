import type { TrackKind } from '../../../core/stream.ts';
import type { CodecName, RecordOrder } from '../../port.ts';
import { PacketAllowance } from '../packet-allowance.ts';
import type { PublishedTrack } from '../published-track.ts';
import { FileSeries } from './file-series.ts';
import { Interleaver } from './interleaver.ts';
import { LONGEST_WAIT } from './jitter-buffer.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { TrackTap } from './track-tap.ts';
import { UnbrokenSound } from './unbroken-sound.ts';
import { videoUnpacker } from './unpack-video.ts';

export interface StreamRecordingOptions {
  readonly order: RecordOrder;
  readonly tracks: readonly PublishedTrack[];
  readonly now: number;
  /** Something cannot be recorded; the rest is. In words for operators. */
  onRefused(reason: string): void;
  /** Nothing more can be, or the end of it could not be written. Told once. */
  onFailed(reason: string): void;
}

/** The tracks of a stream as long as they are the same. */
interface Part {
  readonly chosen: ChosenTracks;
  readonly video: TrackTap | undefined;
  readonly audio: TrackTap | undefined;
}

interface ChosenTracks {
  readonly video: PublishedTrack | undefined;
  readonly audio: PublishedTrack | undefined;
}

/** No sound comes that is later than this: what is missing of it is silence. Less than the interleaver holds. */
const SILENT_AFTER = LONGEST_WAIT + 300;
/** A picture that has not come by then is not waited for: its sound is recorded without it. Milliseconds. */
const PICTURE_WAIT = { nothing: 5_000, packets: 10_000, pictures: Number.POSITIVE_INFINITY };

/** Jumps a second, each of which begins another file: a publisher may make one with every packet. */
const MOST_JUMPS = 4;

/** Writes one stream to files: what arrives of it is taken as it comes, and worked at every 100 ms. */
export class StreamRecording {
  readonly #options: StreamRecordingOptions;
  readonly #series: FileSeries;
  readonly #refused = new Set<CodecName>();
  #part: Part;
  #interleaver: Interleaver;
  #sound = new UnbrokenSound();
  readonly #jumps: PacketAllowance;
  /** What comes follows nothing that was before, and has no file yet. */
  #isAstray = false;
  /** When the first of it was ready to be written. */
  #beganAt: number | undefined;
  #isOver = false;
  #isFailed = false;
  #closed: Promise<void> | undefined;

  constructor(options: StreamRecordingOptions) {
    this.#options = options;
    this.#jumps = new PacketAllowance(MOST_JUMPS, options.now);
    this.#series = new FileSeries({ order: options.order, onFailed: (reason) => this.#fail(reason) });
    this.#part = this.#begin(this.#choose(options.tracks), options.now);
    this.#interleaver = interleaverOf(this.#part);
  }

  /** After a renegotiation. Other tracks are another file. */
  update(tracks: readonly PublishedTrack[], now: number): void {
    if (this.#isOver) return;
    const chosen = this.#choose(tracks);
    const { video, audio } = this.#part.chosen;
    if (chosen.video === video && chosen.audio === audio) return;
    this.#flush(now);
    this.#series.end();
    this.#leave();
    this.#beganAt = undefined;
    this.#part = this.#begin(chosen, now);
    this.#interleaver = interleaverOf(this.#part);
    this.#sound = new UnbrokenSound();
  }

  /** Every 100 ms. */
  work(now: number): void {
    if (this.#isOver) return;
    this.#collect(now);
    const { video, audio } = this.#part;
    const isWaiting = (video?.isWaiting || audio?.isWaiting) && !this.#interleaver.isFull;
    if (!isWaiting) this.#goOn(now);
    this.#series.tend(now);
    if (this.#series.needsKeyframe) this.#part.video?.wantKeyframe();
  }

  #goOn(now: number): void {
    for (const silence of this.#sound.fillUntil(now - SILENT_AFTER)) this.#interleaver.put(silence);
    this.#write(this.#interleaver.take(now), now);
  }

  /** Done when the files are closed. */
  close(now: number): Promise<void> {
    this.#closed ??= this.#end(now);
    return this.#closed;
  }

  #end(now: number): Promise<void> {
    if (!this.#isOver) this.#flush(now);
    this.#isOver = true;
    this.#leave();
    return this.#series.close();
  }

  #fail(reason: string): void {
    if (this.#isFailed) return;
    this.#isFailed = true;
    this.#isOver = true;
    this.#leave();
    this.#options.onFailed(reason);
  }

  /** The best of the picture is the first of its tracks; each is refused once. */
  #choose(tracks: readonly PublishedTrack[]): ChosenTracks {
    const first = (kind: TrackKind) => tracks.find((track) => track.kind === kind && isRecordable(track.codec.name));
    const chosen = { video: first('video'), audio: first('audio') };
    for (const { kind, codec } of tracks) {
      if (chosen[kind] !== undefined || this.#refused.has(codec.name)) continue;
      this.#refused.add(codec.name);
      this.#options.onRefused(
        `${kind === 'video' ? 'pictures' : 'sound'} in ${codec.name.toUpperCase()} cannot be recorded`,
      );
    }
    return chosen;
  }

  #begin(chosen: ChosenTracks, now: number): Part {
    const { video, audio } = chosen;
    return {
      chosen,
      video: video && new TrackTap({ track: video, unpacker: videoUnpacker }, now),
      audio: audio && new TrackTap({ track: audio, unpacker: () => undefined }, now),
    };
  }

  #leave(): void {
    this.#part.video?.close();
    this.#part.audio?.close();
  }

  #collect(now: number, options?: { readonly all: true }): void {
    const { video, audio } = this.#part;
    for (const tap of [video, audio]) {
      for (const frame of tap?.take(now, options) ?? []) {
        if (frame.isJump) this.#isAstray = true;
        if (this.#isAstray && this.#jumps.take(now)) this.#beginAnew(now);
        if (!this.#isAstray) this.#put(frame);
      }
    }
  }

  #put(frame: RecordedFrame): void {
    if (frame.kind === 'audio') {
      for (const sound of this.#sound.put(frame)) this.#interleaver.put(sound);
      return;
    }
    if (frame.format && this.#part.audio) this.#sound.begin(frame.at);
    this.#interleaver.put(frame);
  }

  /** What was said of time holds no longer: what is from before that ends its file. */
  #beginAnew(now: number): void {
    this.#isAstray = false;
    this.#write(this.#interleaver.take(now, { all: true }), now);
    this.#series.end();
    this.#interleaver = interleaverOf(this.#part);
    this.#sound = new UnbrokenSound();
  }

  #flush(now: number): void {
    this.#collect(now, { all: true });
    this.#write(this.#interleaver.take(now, { all: true }), now);
  }

  #write(frames: readonly RecordedFrame[], now: number): void {
    const { video, audio } = this.#part;
    if (frames.length > 0) this.#beganAt ??= now;
    const isShown = video !== undefined && now - (this.#beganAt ?? now) < PICTURE_WAIT[video.progress];
    for (const frame of frames) {
      if (!this.#isOver) this.#series.write(frame, { hasVideo: isShown, hasAudio: audio !== undefined });
    }
  }
}

function isRecordable(codec: CodecName): boolean {
  return codec === 'opus' || videoUnpacker(codec) !== undefined;
}

function interleaverOf({ video, audio }: Part): Interleaver {
  return new Interleaver([...(video ? (['video'] as const) : []), ...(audio ? (['audio'] as const) : [])]);
}
