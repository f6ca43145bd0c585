import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { listRecordings } from '../../../../recordings/list-recordings.ts';
import type { RecordingFile } from '../../../../recordings/recording-file.ts';
import { CODEC_NAMES, type Media, type MediaRoom } from '../../../port.ts';
import { RecordingListener } from '../../../testing/recording-listener.ts';
import { type ReadPacket, type ReadRecording, readRecording } from './read-recording.ts';
import { TimedCamera, type TimedCameraOptions } from './timed-camera.ts';

const STREAM = 'camera';
const ORDER = { publisher: 'alice', label: 'camera', session: 'monday' };
const WAIT_MS = 30_000;

/** A room in which a camera is recorded. */
export class RecordingStage {
  readonly folder: string;
  readonly listener = new RecordingListener();
  readonly camera: TimedCamera;
  readonly room: MediaRoom;

  /** The folder is made. The recording is ordered before anything of the stream comes. */
  static async begin(media: Media, folder: string, options: TimedCameraOptions): Promise<RecordingStage> {
    await mkdir(folder);
    const stage = new RecordingStage(media, folder, options);
    stage.room.publish(STREAM, { sdp: stage.camera.offer() });
    stage.recordTo(folder);
    return stage;
  }

  private constructor(media: Media, folder: string, options: TimedCameraOptions) {
    this.folder = folder;
    this.camera = new TimedCamera(options);
    this.room = media.open('lobby', { listener: this.listener, codecs: () => CODEC_NAMES });
    this.listener.onEvent = (event) => {
      if (event.type === 'publisherGotCandidate') this.camera.peer.candidate(event.candidate);
      if (event.type === 'answered') this.#answered(event.sdp);
    };
  }

  recordTo(folder: string): void {
    this.room.record(STREAM, { folder, ...ORDER });
  }

  files(): Promise<readonly RecordingFile[]> {
    return listRecordings(this.folder);
  }

  /** Until the last of so many files has grown for so long, in milliseconds: as the one who sends counts them. */
  async lasts(milliseconds: number, count = 1): Promise<void> {
    await this.until(async () => (await this.files()).length >= count, `${count} files`);
    const since = this.camera.elapsed;
    await this.until(() => this.camera.elapsed - since >= milliseconds, `${milliseconds} ms`);
  }

  /** What there is when the recording was stopped. */
  async finished(): Promise<readonly RecordingFile[]> {
    this.room.stopRecording(STREAM);
    await this.until(async () => (await this.files()).every(({ durationMs }) => durationMs !== undefined), 'the end');
    return this.files();
  }

  async theFile(): Promise<RecordingFile> {
    const [file, ...others] = await this.finished();
    if (!file || others.length > 0) throw new Error(`there are ${others.length + (file ? 1 : 0)} files`);
    return file;
  }

  read({ file }: RecordingFile): Promise<ReadRecording> {
    return readRecording(join(this.folder, file));
  }

  /** Each picture is one that was sent, and whole. */
  isFromCamera(pictures: readonly ReadPacket[]): boolean {
    return pictures.length > 0 && pictures.every(({ data }) => this.camera.hasSent(data));
  }

  close(): void {
    this.camera.close();
    this.room.close();
  }

  #answered(sdp: string): void {
    this.camera.accept(sdp);
    for (const candidate of this.camera.candidates) this.room.publisherCandidate(STREAM, candidate);
  }

  async until(look: () => boolean | Promise<boolean>, what: string): Promise<void> {
    const end = performance.now() + WAIT_MS;
    while (!(await look())) {
      if (performance.now() > end) throw new Error(`waited in vain for ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }
}
