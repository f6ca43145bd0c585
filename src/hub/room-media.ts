import type { MediaAction, MediaReport } from '../core/media-report.ts';
import type { StreamId } from '../core/stream.ts';
import type { CodecName, ConnectionStatistics, Media, MediaListener, MediaRoom } from '../media/port.ts';
import { makeRecordingFolder } from '../recordings/folders.ts';

type RecordAction = Extract<MediaAction, { call: 'record' }>;

export interface RoomMediaOptions {
  readonly name: string;
  readonly media: Media | undefined;
  /** Where all rooms are recorded to, and what the folder of this one is called; absent where nothing is. */
  recordings?(): { readonly root: string; readonly group: string } | undefined;
  codecs(): readonly CodecName[];
  report(report: MediaReport): void;
}

/** A room's streams: does what the room says, and tells it what comes of it. Opened with the first stream. */
export class RoomMedia {
  readonly #options: RoomMediaOptions;
  /** What is to be recorded, while its folder is made. */
  readonly #recorded = new Map<StreamId, RecordAction>();
  #room: MediaRoom | undefined;

  constructor(options: RoomMediaOptions) {
    this.#options = options;
  }

  perform(action: MediaAction): void {
    const room = this.#open(action);
    if (!room) return;
    if (action.call === 'stopRecording' || action.call === 'unpublish') this.#recorded.delete(action.stream);
    if (action.call === 'record') void this.#record(room, action);
    else carryOut(room, action);
  }

  async statistics(): Promise<readonly ConnectionStatistics[]> {
    return (await this.#room?.statistics()) ?? [];
  }

  close(): void {
    this.#room?.close();
    this.#room = undefined;
  }

  async #record(room: MediaRoom, action: RecordAction): Promise<void> {
    const { stream, publisher, label, since } = action;
    this.#recorded.set(stream, action);
    const place = await placeIn(this.#options.recordings?.());
    if (this.#room !== room || this.#recorded.get(stream) !== action) return;
    if ('problem' in place)
      this.#options.report({ type: 'recording-failed', stream, reason: place.problem, isOver: true });
    else room.record(stream, { ...place, publisher, label, session: new Date(since).toISOString() });
  }

  #open(action: MediaAction): MediaRoom | undefined {
    if (this.#room || action.call !== 'publish') return this.#room;
    const { media, name, codecs, report } = this.#options;
    if (media) this.#room = media.open(name, { listener: listenerOf(report), codecs });
    else queueMicrotask(() => report({ type: 'rejected', stream: action.stream, reason: '', isOff: true }));
    return this.#room;
  }
}

/** The folder, which is made; or why there is none. */
async function placeIn(
  recordings: { readonly root: string; readonly group: string } | undefined,
): Promise<{ readonly folder: string } | { readonly problem: string }> {
  if (!recordings) return { problem: 'there is no folder for it' };
  try {
    return { folder: await makeRecordingFolder(recordings.root, recordings.group) };
  } catch (error) {
    return { problem: `its folder cannot be made (${error instanceof Error && 'code' in error ? error.code : error})` };
  }
}

function carryOut(room: MediaRoom, action: MediaAction): void {
  switch (action.call) {
    case 'publish':
      room.publish(action.stream, action.offer);
      break;
    case 'unpublish':
      room.unpublish(action.stream);
      break;
    case 'publisherCandidate':
      room.publisherCandidate(action.stream, action.candidate);
      break;
    case 'forward':
      room.forward(action.stream, action.to, action.wanted);
      break;
    case 'stop':
      room.stop(action.stream, action.to);
      break;
    case 'answer':
      room.answer(action.stream, action.to, action.sdp);
      break;
    case 'receiverCandidate':
      room.receiverCandidate(action.stream, action.to, action.candidate);
      break;
    case 'restart':
      room.restart(action.stream, action.to);
      break;
    case 'play':
      room.play(action.stream, action.to, { sdp: action.sdp, wanted: action.wanted });
      break;
    case 'record':
      break;
    case 'stopRecording':
      room.stopRecording(action.stream);
      break;
    default:
      action satisfies never;
  }
}

function listenerOf(report: (report: MediaReport) => void): MediaListener {
  return {
    answered: (stream, { sdp, tracks }) => report({ type: 'answered', stream, sdp, tracks }),
    rejected: (stream, reason) => report({ type: 'rejected', stream, reason }),
    publisherGotCandidate: (stream, candidate) => report({ type: 'publisher-candidate', stream, candidate }),
    flowing: (stream) => report({ type: 'flowing', stream }),
    publisherLost: (stream) => report({ type: 'publisher-lost', stream }),
    offered: (stream, to, { sdp, tracks }) => report({ type: 'offered', stream, to, sdp, tracks }),
    receiverGotCandidate: (stream, to, candidate) => report({ type: 'receiver-candidate', stream, to, candidate }),
    played: (stream, to, { sdp }) => report({ type: 'played', stream, to, sdp }),
    recordingFailed: (stream, problem) => report({ type: 'recording-failed', stream, ...problem }),
    undeliverable: (stream, to, reason) => report({ type: 'undeliverable', stream, to, reason }),
    died: () => report({ type: 'died' }),
  };
}
