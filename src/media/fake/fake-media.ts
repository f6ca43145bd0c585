import type { MemberId } from '../../core/ids.ts';
import { type Candidate, type StreamId, type Track, type Wanted, wantsNothing } from '../../core/stream.ts';
import type {
  ConnectionStatistics,
  Media,
  MediaRoom,
  MediaRoomOptions,
  PlayOrder,
  PublishOffer,
  RecordOrder,
} from '../port.ts';
import { answerTo, answerToPlayer, offerOf, tracksOf } from './fake-descriptions.ts';

/** What a room was told, with the name of the method. */
export interface MediaCall {
  readonly method: keyof MediaRoom;
  readonly stream?: StreamId;
  readonly to?: MemberId;
  readonly offer?: PublishOffer;
  readonly wanted?: Wanted;
  readonly sdp?: string;
  readonly candidate?: Candidate;
  readonly recording?: RecordOrder;
}

/** Media without packets: every call is kept, and answered with a description that could be one. For tests. */
export class FakeMedia implements Media {
  readonly rooms = new Map<string, FakeMediaRoom>();
  isClosed = false;

  open(room: string, options: MediaRoomOptions): FakeMediaRoom {
    const opened = new FakeMediaRoom(options);
    this.rooms.set(room, opened);
    return opened;
  }

  close(): Promise<void> {
    this.isClosed = true;
    for (const room of this.rooms.values()) room.close();
    return Promise.resolve();
  }
}

interface FakeStream {
  readonly tracks: readonly Track[];
  readonly replaces: StreamId | undefined;
  readonly knew: ReadonlySet<MemberId>;
  readonly receivers: Map<MemberId, FakeReceiver>;
}

interface FakeReceiver {
  wanted: Wanted;
  offers: number;
  isWaiting: boolean;
  isDirty: boolean;
  /** They offered: nothing is offered to them. */
  readonly isPlayer: boolean;
}

export class FakeMediaRoom implements MediaRoom {
  readonly calls: MediaCall[] = [];
  readonly options: MediaRoomOptions;
  isClosed = false;
  readonly #streams = new Map<StreamId, FakeStream>();

  constructor(options: MediaRoomOptions) {
    this.options = options;
  }

  /** Lets the listener hear something by itself, after the fact: `flowing`, `died` and so on. */
  tell(say: (listener: MediaRoomOptions['listener']) => void): void {
    queueMicrotask(() => {
      if (!this.isClosed) say(this.options.listener);
    });
  }

  /** The process died: all streams are gone. */
  die(): void {
    this.#streams.clear();
    this.tell((listener) => listener.died());
  }

  publish(stream: StreamId, offer: PublishOffer): void {
    this.calls.push({ method: 'publish', stream, offer });
    const tracks = tracksOf(offer);
    if (tracks === undefined) {
      this.tell((listener) => listener.rejected(stream, 'this is not a session description'));
      return;
    }
    const before = this.#streams.get(stream);
    this.#streams.set(stream, before ? { ...before, tracks } : this.#replacing(tracks, offer.replaces));
    this.#tellOf(stream, (listener) => listener.answered(stream, { sdp: answerTo(offer), tracks }));
    for (const to of before?.receivers.keys() ?? []) this.#negotiate(stream, to);
  }

  unpublish(stream: StreamId): void {
    this.calls.push({ method: 'unpublish', stream });
    this.#streams.delete(stream);
  }

  publisherCandidate(stream: StreamId, candidate: Candidate): void {
    this.calls.push({ method: 'publisherCandidate', stream, candidate });
  }

  forward(stream: StreamId, to: MemberId, wanted: Wanted): void {
    this.calls.push({ method: 'forward', stream, to, wanted });
    const receivers = this.#streams.get(stream)?.receivers;
    const receiver = receivers?.get(to);
    if (!receivers || (receiver && sameSections(receiver.wanted, wanted))) return;
    if (receiver) receiver.wanted = wanted;
    else receivers.set(to, { wanted, offers: 0, isWaiting: false, isDirty: false, isPlayer: false });
    this.#negotiate(stream, to);
  }

  stop(stream: StreamId, to: MemberId): void {
    this.calls.push({ method: 'stop', stream, to });
    this.#streams.get(stream)?.receivers.delete(to);
  }

  answer(stream: StreamId, to: MemberId, sdp: string): void {
    this.calls.push({ method: 'answer', stream, to, sdp });
    const receivers = this.#streams.get(stream)?.receivers;
    const receiver = receivers?.get(to);
    if (!receiver?.isWaiting) return;
    receiver.isWaiting = false;
    if (tracksOf({ sdp }) === undefined) {
      receivers?.delete(to);
      this.tell((listener) => listener.undeliverable(stream, to, 'this is not a session description'));
    } else if (receiver.isDirty) {
      this.#negotiate(stream, to);
    }
  }

  receiverCandidate(stream: StreamId, to: MemberId, candidate: Candidate): void {
    this.calls.push({ method: 'receiverCandidate', stream, to, candidate });
  }

  restart(stream: StreamId, to: MemberId): void {
    this.calls.push({ method: 'restart', stream, to });
    this.#negotiate(stream, to);
  }

  play(stream: StreamId, to: MemberId, { sdp, wanted }: PlayOrder): void {
    this.calls.push({ method: 'play', stream, to, sdp, wanted });
    const known = this.#streams.get(stream);
    if (!known) return;
    if (tracksOf({ sdp }) === undefined) {
      this.tell((listener) => listener.undeliverable(stream, to, 'this is not a session description'));
      return;
    }
    known.receivers.set(to, { wanted, offers: 0, isWaiting: false, isDirty: false, isPlayer: true });
    this.#tellOf(stream, (listener) => listener.played(stream, to, { sdp: answerToPlayer(stream, sdp) }));
  }

  record(stream: StreamId, recording: RecordOrder): void {
    this.calls.push({ method: 'record', stream, recording });
  }

  stopRecording(stream: StreamId): void {
    this.calls.push({ method: 'stopRecording', stream });
  }

  statistics(): Promise<readonly ConnectionStatistics[]> {
    const streams = [...this.#streams].flatMap(([stream, { tracks, receivers }]) => {
      const numbers = tracks.map(({ kind }) => ({ kind, bitrate: 0, loss: 0 }));
      return [{ stream, tracks: numbers }, ...[...receivers.keys()].map((to) => ({ stream, to, tracks: numbers }))];
    });
    return Promise.resolve(streams);
  }

  close(): void {
    this.isClosed = true;
    this.#streams.clear();
  }

  #replacing(tracks: readonly Track[], replaces: StreamId | undefined): FakeStream {
    const old = replaces === undefined ? undefined : this.#streams.get(replaces);
    if (replaces !== undefined) this.#streams.delete(replaces);
    const knew = [...(old?.receivers ?? [])].flatMap(([to, { offers }]) => (offers > 0 ? [to] : []));
    return { tracks, replaces, knew: new Set(knew), receivers: new Map() };
  }

  #negotiate(stream: StreamId, to: MemberId): void {
    const known = this.#streams.get(stream);
    const receiver = known?.receivers.get(to);
    if (!known || !receiver || receiver.isPlayer) return;
    if (receiver.isWaiting) {
      receiver.isDirty = true;
      return;
    }
    const { sdp, tracks } = offerOf(stream, known.tracks, receiver.wanted);
    if (receiver.offers === 0 && (tracks.length === 0 || wantsNothing(receiver.wanted))) return;
    receiver.offers += 1;
    receiver.isWaiting = true;
    receiver.isDirty = false;
    const { replaces, knew } = known;
    const place = receiver.offers === 1 && replaces !== undefined && knew.has(to) ? { replaces } : {};
    this.#tellOf(stream, (listener) => listener.offered(stream, to, { sdp, tracks, ...place }));
  }

  /** Unless the stream ends before that. */
  #tellOf(stream: StreamId, say: (listener: MediaRoomOptions['listener']) => void): void {
    this.tell((listener) => {
      if (this.#streams.has(stream)) say(listener);
    });
  }
}

/** A size is changed without an offer. */
function sameSections(a: Wanted, b: Wanted): boolean {
  return a.audio === b.audio && (a.video === 'none') === (b.video === 'none');
}
