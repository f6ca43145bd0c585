import type { MediaAction, MediaReport } from '../core/media-report.ts';
import type { CodecName, ConnectionStatistics, Media, MediaListener, MediaRoom } from '../media/port.ts';

export interface RoomMediaOptions {
  readonly name: string;
  readonly media: Media | undefined;
  codecs(): readonly CodecName[];
  report(report: MediaReport): void;
}

/** A room's streams: does what the room says, and tells it what comes of it. Opened with the first stream. */
export class RoomMedia {
  readonly #options: RoomMediaOptions;
  #room: MediaRoom | undefined;

  constructor(options: RoomMediaOptions) {
    this.#options = options;
  }

  perform(action: MediaAction): void {
    const room = this.#open(action);
    if (room) carryOut(room, action);
  }

  async statistics(): Promise<readonly ConnectionStatistics[]> {
    return (await this.#room?.statistics()) ?? [];
  }

  close(): void {
    this.#room?.close();
    this.#room = undefined;
  }

  #open(action: MediaAction): MediaRoom | undefined {
    if (this.#room || action.call !== 'publish') return this.#room;
    const { media, name, codecs, report } = this.#options;
    if (media) this.#room = media.open(name, { listener: listenerOf(report), codecs });
    else queueMicrotask(() => report({ type: 'rejected', stream: action.stream, reason: '', isOff: true }));
    return this.#room;
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
    case 'stopRecording':
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
    recordingFailed: (stream, reason) => report({ type: 'recording-failed', stream, reason }),
    undeliverable: (stream, to, reason) => report({ type: 'undeliverable', stream, to, reason }),
    died: () => report({ type: 'died' }),
  };
}
