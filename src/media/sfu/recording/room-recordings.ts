import type { StreamId } from '../../../core/stream.ts';
import type { RecordingProblem, RecordOrder } from '../../port.ts';
import type { PublishedTrack } from '../published-track.ts';
import type { Site } from '../site.ts';
import { StreamRecording } from './stream-recording.ts';

export interface RoomRecordingsListener {
  recordingFailed(stream: StreamId, problem: RecordingProblem): void;
}

/** Which streams of a room are recorded. */
export class RoomRecordings {
  readonly #site: Site;
  readonly #listener: RoomRecordingsListener;
  readonly #recordings = new Map<StreamId, StreamRecording>();
  readonly #closing = new Set<Promise<void>>();

  constructor(site: Site, listener: RoomRecordingsListener) {
    this.#site = site;
    this.#listener = listener;
  }

  /** Another order for one that is recorded already begins it anew. */
  begin(stream: StreamId, tracks: readonly PublishedTrack[], order: RecordOrder): void {
    this.end(stream);
    const recording = new StreamRecording({
      order,
      tracks,
      now: this.#site.now(),
      onRefused: (reason) => this.#listener.recordingFailed(stream, { reason, isOver: false }),
      onFailed: (reason) => this.#failed(stream, { recording, reason }),
    });
    this.#recordings.set(stream, recording);
  }

  /** The stream has these tracks from now on. */
  update(stream: StreamId, tracks: readonly PublishedTrack[]): void {
    this.#recordings.get(stream)?.update(tracks, this.#site.now());
  }

  end(stream: StreamId): void {
    const recording = this.#recordings.get(stream);
    this.#recordings.delete(stream);
    if (recording) this.#close(recording);
  }

  /** Every 100 ms. */
  work(now: number): void {
    for (const [stream, recording] of this.#recordings) {
      try {
        recording.work(now);
      } catch (error) {
        this.#site.failed(error, 'a recording');
        this.#failed(stream, { recording, reason: 'it cannot be written' });
      }
    }
  }

  /** When all files are closed. */
  async close(): Promise<void> {
    for (const stream of [...this.#recordings.keys()]) this.end(stream);
    await Promise.all(this.#closing);
  }

  #failed(stream: StreamId, { recording, reason }: { readonly recording: StreamRecording; readonly reason: string }) {
    if (this.#recordings.get(stream) !== recording) {
      // Nobody waits for news of it any more.
      this.#site.failed(new Error(reason), 'the end of a recording');
      return;
    }
    this.#recordings.delete(stream);
    this.#close(recording);
    this.#listener.recordingFailed(stream, { reason, isOver: true });
  }

  #close(recording: StreamRecording): void {
    const closing = this.#closed(recording).finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  async #closed(recording: StreamRecording): Promise<void> {
    try {
      await recording.close(this.#site.now());
    } catch (error) {
      this.#site.failed(error, 'the end of a recording');
    }
  }
}
