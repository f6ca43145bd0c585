import type { MediaAction, MediaReport } from '../core/media-report.ts';
import type { CodecName, ConnectionStatistics, Media, MediaListener, MediaRoom } from '../media/port.ts';

const UNAVAILABLE = 'Streams are not forwarded on this server.';

/** A room's streams: does what the room says, and tells it what comes of it. Opened with the first stream. */
export class RoomMedia {
  readonly #options: {
    readonly name: string;
    readonly media: Media | undefined;
    codecs(): readonly CodecName[];
    report(report: MediaReport): void;
  };
  #room: MediaRoom | undefined;

  constructor(options: RoomMedia['#options']) {
    this.#options = options;
  }

  perform(action: MediaAction): void {
    const room = this.#open(action);
    if (!room) return;
    switch (action.call) {
      case 'publish':
        return room.publish(action.stream, action.offer);
      case 'unpublish':
        return room.unpublish(action.stream);
      case 'publisherCandidate':
        return room.publisherCandidate(action.stream, action.candidate);
      case 'forward':
        return room.forward(action.stream, action.to, action.wanted);
      case 'stop':
        return room.stop(action.stream, action.to);
      case 'answer':
        return room.answer(action.stream, action.to, action.sdp);
      case 'receiverCandidate':
        return room.receiverCandidate(action.stream, action.to, action.candidate);
      case 'restart':
        return room.restart(action.stream, action.to);
      default:
        return action satisfies never;
    }
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
    else queueMicrotask(() => report({ type: 'rejected', stream: action.stream, reason: UNAVAILABLE }));
    return this.#room;
  }
}

function listenerOf(report: (report: MediaReport) => void): MediaListener {
  return {
    answered: (stream, { sdp, tracks }) => report({ type: 'answered', stream, sdp, tracks }),
    rejected: (stream, reason) => report({ type: 'rejected', stream, reason }),
    publisherGotCandidate: (stream, candidate) => report({ type: 'publisher-candidate', stream, candidate }),
    flowing: () => {},
    publisherLost: (stream) => report({ type: 'publisher-lost', stream }),
    offered: (stream, to, { sdp, tracks }) => report({ type: 'offered', stream, to, sdp, tracks }),
    receiverGotCandidate: (stream, to, candidate) => report({ type: 'receiver-candidate', stream, to, candidate }),
    undeliverable: (stream, to, reason) => report({ type: 'undeliverable', stream, to, reason }),
    died: () => report({ type: 'died' }),
  };
}
