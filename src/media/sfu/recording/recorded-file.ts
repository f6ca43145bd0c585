import {
  type ContainerFrame,
  type ContainerHead,
  type ContainerTrack,
  type Cue,
  cluster,
  containerEnd,
  containerHead,
} from '../../../recordings/container.ts';
import { recordingName } from '../../../recordings/file-name.ts';
import type { RecordOrder } from '../../port.ts';
import { DiskFile } from './disk-file.ts';
import { opusHead } from './pictures.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import type { VideoFormat } from './video-format.ts';

export interface RecordedFileOptions {
  readonly order: RecordOrder;
  /** On our clock, in milliseconds: where the file begins. */
  readonly startedAt: number;
  readonly video: VideoFormat | undefined;
  readonly hasAudio: boolean;
  onFailed(reason: string): void;
}

const VIDEO = 1;
const AUDIO = 2;
/** Milliseconds: more is lost of a process that is killed, and less makes files larger. */
const LONGEST_CLUSTER = 1_000;
/** A keyframe begins a cluster, where players jump to, unless that would be a short one. */
const SHORTEST_CLUSTER = 300;
const LARGEST_CLUSTER = 4 * 1024 * 1024;
/** Between two places that players can jump to, in milliseconds. */
const CUE_DISTANCE = 1_000;
/** How long a picture is shown that nothing follows, where nothing was before it, either. */
const LAST_PICTURE = 40;
const TOUCHED_EVERY = 10_000;
/** What is this old is not kept from the disk, whatever comes after it. */
const OLDEST_FRAME = 3_000;

/** One file of a recording, from its first keyframe on. */
export class RecordedFile {
  readonly video: VideoFormat | undefined;
  readonly hasAudio: boolean;
  readonly startedAt: number;
  readonly #disk: DiskFile;
  readonly #head: ContainerHead;
  readonly #cues: Cue[] = [];
  #frames: ContainerFrame[] = [];
  #bytes = 0;
  #last = 0;
  #endsAt = 0;
  #pictureAt: number | undefined;
  #writtenAt: number;

  constructor({ order, startedAt, video, hasAudio, onFailed }: RecordedFileOptions) {
    this.video = video;
    this.hasAudio = hasAudio;
    this.startedAt = startedAt;
    this.#writtenAt = startedAt;
    const { folder, publisher, label, session } = order;
    const extension = video?.codec === 'V_MPEG4/ISO/AVC' ? 'mkv' : 'webm';
    this.#disk = new DiskFile({
      folder,
      name: (attempt) => recordingName(startedAt, { publisher, extension, attempt }),
      onFailed,
    });
    this.#head = containerHead(extension === 'mkv' ? 'matroska' : 'webm', {
      tracks: tracksOf(video, hasAudio),
      note: { startedAt, publisher, label, session },
    });
    this.#disk.append(this.#head.bytes);
  }

  /** Bytes, with those that are not on disk yet. */
  get length(): number {
    return this.#disk.length + this.#bytes;
  }

  /** In the order of time; what is earlier than the one before is taken to be as late. */
  write(frame: RecordedFrame): void {
    const at = Math.max(this.#last, Math.floor(frame.at - this.startedAt));
    const isVideo = frame.kind === 'video';
    const isKeyframe = !isVideo || frame.format !== undefined;
    if (this.#mustCut(at, isVideo && isKeyframe)) this.#cut(frame.at);
    this.#frames.push({ track: isVideo ? VIDEO : AUDIO, at, isKeyframe, data: frame.data });
    this.#bytes += frame.data.length + 16;
    this.#last = at;
    this.#endsAt = Math.max(this.#endsAt, at + this.#lengthOf(frame, at));
  }

  /** Now and then. A picture that stands still is on disk soon; and a file that is written is known by its time. */
  tend(now: number): void {
    const [first] = this.#frames;
    if (first && now - this.startedAt - first.at >= OLDEST_FRAME) this.#cut(now);
    if (now - this.#writtenAt < TOUCHED_EVERY) return;
    this.#writtenAt = now;
    this.#disk.touch(now);
  }

  /** Writes what is still to be written; done when the file is closed. */
  finish(): Promise<void> {
    this.#cut(this.#writtenAt);
    const { length } = this.#disk;
    const { tail, patches } = containerEnd(this.#head, { end: length, durationMs: this.#endsAt, cues: this.#cues });
    this.#disk.append(tail);
    for (const { at, bytes } of patches) this.#disk.write(bytes, at);
    return this.#disk.close();
  }

  #lengthOf({ kind, durationMs }: RecordedFrame, at: number): number {
    if (kind === 'audio') return durationMs;
    const before = this.#pictureAt;
    this.#pictureAt = at;
    return before === undefined ? LAST_PICTURE : Math.min(LAST_PICTURE * 5, at - before);
  }

  #mustCut(at: number, isPictureKey: boolean): boolean {
    const [first] = this.#frames;
    if (first === undefined) return false;
    const length = at - first.at;
    return length >= (isPictureKey ? SHORTEST_CLUSTER : LONGEST_CLUSTER) || this.#bytes > LARGEST_CLUSTER;
  }

  #cut(now: number): void {
    if (this.#frames.length === 0) return;
    this.#noteCue(this.#disk.length);
    this.#disk.append(cluster(this.#frames));
    this.#writtenAt = now;
    this.#frames = [];
    this.#bytes = 0;
  }

  /** Players jump to keyframes of the picture; to any sound where there is none. */
  #noteCue(clusterAt: number): void {
    const track = this.video ? VIDEO : AUDIO;
    const target = this.#frames.find((frame) => frame.track === track && frame.isKeyframe);
    const before = this.#cues.at(-1);
    if (target && (!before || target.at - before.at >= CUE_DISTANCE)) {
      this.#cues.push({ at: target.at, track, clusterAt });
    }
  }
}

function tracksOf(video: VideoFormat | undefined, hasAudio: boolean): readonly ContainerTrack[] {
  return [
    ...(video ? [{ number: VIDEO, ...video }] : []),
    ...(hasAudio ? [{ number: AUDIO, codec: 'A_OPUS' as const, codecPrivate: opusHead() }] : []),
  ];
}
