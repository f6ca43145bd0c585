import type { RecordOrder } from '../../port.ts';
import { isSameSize } from './pictures.ts';
import { RecordedFile } from './recorded-file.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import type { VideoFormat } from './video-format.ts';

export interface FileSeriesOptions {
  readonly order: RecordOrder;
  onFailed(reason: string): void;
}

/** Larger or longer ones are hard to handle: bytes and milliseconds. */
export const LARGEST_FILE = 2 * 1024 ** 3;
export const LONGEST_FILE = 6 * 3_600_000;
/** No file is shorter because of a change of size: some senders try several. Milliseconds. */
const SHORTEST_FILE = 1_000;
const MOST_FILES = 1_000;

/** The files of one stream, one after the other: a file has one size of picture (`spec/galene.md` 2.15). */
export class FileSeries {
  readonly #options: FileSeriesOptions;
  readonly #closing = new Set<Promise<void>>();
  #file: RecordedFile | undefined;
  #files = 0;
  /** What comes cannot be written before the next keyframe. */
  #needsKeyframe = true;

  constructor(options: FileSeriesOptions) {
    this.#options = options;
  }

  get needsKeyframe(): boolean {
    return this.#needsKeyframe;
  }

  /**
   * In the order of time. `tracks`: what a file that begins with it is to have. Nothing is written before the first
   * keyframe where there is a picture.
   */
  write(frame: RecordedFrame, tracks: { readonly hasVideo: boolean; readonly hasAudio: boolean }): void {
    if (frame.kind === 'video') this.#writePicture(frame, tracks.hasAudio);
    else this.#writeSound(frame, tracks.hasVideo);
  }

  /** Pictures were lost: none are written before the next keyframe. */
  lost(): void {
    this.#needsKeyframe = true;
  }

  /** Every 100 ms. */
  tend(now: number): void {
    this.#file?.tend(now);
  }

  /** The file ends; what follows begins another one. */
  end(): void {
    const file = this.#file;
    this.#file = undefined;
    this.#needsKeyframe = true;
    if (!file) return;
    const closing = file.finish().finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  /** When all files are closed. */
  async close(): Promise<void> {
    this.end();
    await Promise.all(this.#closing);
  }

  #writePicture(frame: RecordedFrame, hasAudio: boolean): void {
    const { format, at } = frame;
    if (format && this.#mustChange(format, at)) {
      if (this.#isTooSoon(at)) {
        this.lost();
        return;
      }
      this.#begin(at, { video: format, hasAudio });
    }
    if (format) this.#needsKeyframe = false;
    if (!this.#needsKeyframe) this.#file?.write(frame);
  }

  #writeSound(frame: RecordedFrame, hasVideo: boolean): void {
    const isOver = this.#file?.video === undefined && this.#isFull(frame.at);
    if (!hasVideo && (!this.#file || isOver)) this.#begin(frame.at, { video: undefined, hasAudio: true });
    // What is from before the first picture is of no use to anybody.
    if (this.#file?.hasAudio && frame.at >= this.#file.startedAt) this.#file.write(frame);
  }

  #mustChange(format: VideoFormat, at: number): boolean {
    const video = this.#file?.video;
    return !video || !isSameFormat(video, format) || this.#isFull(at);
  }

  #isFull(at: number): boolean {
    const file = this.#file;
    return file !== undefined && (file.length >= LARGEST_FILE || at - file.startedAt >= LONGEST_FILE);
  }

  #isTooSoon(at: number): boolean {
    return this.#file?.video !== undefined && at - this.#file.startedAt < SHORTEST_FILE;
  }

  /** A file begins on a whole millisecond, as its name says. */
  #begin(at: number, { video, hasAudio }: { readonly video: VideoFormat | undefined; readonly hasAudio: boolean }) {
    this.end();
    this.#files += 1;
    const { order, onFailed } = this.#options;
    if (this.#files > MOST_FILES) {
      onFailed('it has too many files');
      return;
    }
    this.#file = new RecordedFile({ order, startedAt: Math.floor(at), video, hasAudio, onFailed });
  }
}

/** What H.264 says of itself besides may change: it is among the pictures, too. */
function isSameFormat(a: VideoFormat, b: VideoFormat): boolean {
  return a.codec === b.codec && isSameSize(a.size, b.size) && (a.rotation ?? 0) === (b.rotation ?? 0);
}
