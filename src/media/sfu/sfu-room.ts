import type { MemberId } from '../../core/ids.ts';
import type { Candidate, StreamId, Wanted } from '../../core/stream.ts';
import type {
  ConnectionStatistics,
  MediaListener,
  MediaRoom,
  MediaRoomOptions,
  PlayOrder,
  PublishOffer,
  RecordOrder,
} from '../port.ts';
import { Endings } from './endings.ts';
import type { RoomCommand, RoomEvent } from './messages.ts';

/** How a room reaches the process that forwards for it. */
export interface RoomLine {
  order(command: RoomCommand): void;
  statistics(): Promise<readonly ConnectionStatistics[]>;
  close(): void;
}

/** A room as the server sees it: orders go to a process, what comes of them to the listener. */
export class SfuMediaRoom implements MediaRoom {
  readonly #options: MediaRoomOptions;
  readonly #line: RoomLine;
  readonly #endings = new Endings();
  #isClosed = false;

  constructor(options: MediaRoomOptions, line: RoomLine) {
    this.#options = options;
    this.#line = line;
  }

  publish(stream: StreamId, offer: PublishOffer): void {
    this.#order({ type: 'publish', stream, offer, codecs: this.#options.codecs() });
  }

  unpublish(stream: StreamId): void {
    this.#order({ type: 'unpublish', stream });
  }

  publisherCandidate(stream: StreamId, candidate: Candidate): void {
    this.#order({ type: 'publisher-candidate', stream, candidate });
  }

  forward(stream: StreamId, to: MemberId, wanted: Wanted): void {
    this.#order({ type: 'forward', stream, to, wanted });
  }

  stop(stream: StreamId, to: MemberId): void {
    this.#order({ type: 'stop', stream, to });
  }

  answer(stream: StreamId, to: MemberId, sdp: string): void {
    this.#order({ type: 'answer', stream, to, sdp });
  }

  receiverCandidate(stream: StreamId, to: MemberId, candidate: Candidate): void {
    this.#order({ type: 'receiver-candidate', stream, to, candidate });
  }

  restart(stream: StreamId, to: MemberId): void {
    this.#order({ type: 'restart', stream, to });
  }

  play(stream: StreamId, to: MemberId, order: PlayOrder): void {
    this.#order({ type: 'play', stream, to, order });
  }

  record(stream: StreamId, order: RecordOrder): void {
    this.#order({ type: 'record', stream, order });
  }

  stopRecording(stream: StreamId): void {
    this.#order({ type: 'stop-recording', stream });
  }

  statistics(): Promise<readonly ConnectionStatistics[]> {
    return this.#isClosed ? Promise.resolve([]) : this.#line.statistics();
  }

  close(): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#line.close();
  }

  /** What the process said; nothing is told after `close`. */
  hear(event: RoomEvent): void {
    if (event.type === 'ended') this.#endings.confirmed(event);
    else if (!this.#isClosed && !this.#endings.isLate(event)) tell(this.#options.listener, event);
  }

  died(): void {
    this.#endings.clear();
    if (!this.#isClosed) this.#options.listener.died();
  }

  #order(command: RoomCommand): void {
    if (this.#isClosed) return;
    if (command.type === 'stop' || command.type === 'unpublish') this.#endings.ordered(command);
    this.#line.order(command);
  }
}

function tell(listener: MediaListener, event: Exclude<RoomEvent, { type: 'ended' }>): void {
  const { stream } = event;
  switch (event.type) {
    case 'answered':
      listener.answered(stream, { sdp: event.sdp, tracks: event.tracks });
      return;
    case 'rejected':
      listener.rejected(stream, event.reason);
      return;
    case 'publisher-candidate':
      listener.publisherGotCandidate(stream, event.candidate);
      return;
    case 'flowing':
      listener.flowing(stream);
      return;
    case 'publisher-lost':
      listener.publisherLost(stream);
      return;
    case 'offered':
      listener.offered(stream, event.to, event.offer);
      return;
    case 'receiver-candidate':
      listener.receiverGotCandidate(stream, event.to, event.candidate);
      return;
    case 'played':
      listener.played(stream, event.to, { sdp: event.sdp });
      return;
    case 'recording-failed':
      listener.recordingFailed(stream, { reason: event.reason, isOver: event.isOver });
      return;
    case 'undeliverable':
      listener.undeliverable(stream, event.to, event.reason);
      return;
    default:
      event satisfies never;
  }
}
