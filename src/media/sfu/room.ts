import type { MemberId } from '../../core/ids.ts';
import type { Candidate, StreamId, Wanted } from '../../core/stream.ts';
import type { CodecName, ConnectionStatistics, MediaListener, PlayOrder, PublishOffer, RecordOrder } from '../port.ts';
import { Downlink, type Incoming } from './downlink.ts';
import { Player } from './player.ts';
import { Publisher } from './publisher.ts';
import { Receiver } from './receiver.ts';
import { RoomRecordings } from './recording/room-recordings.ts';
import { SdpError } from './sdp/sdp-error.ts';
import type { Site } from './site.ts';
import { Speakers } from './speakers.ts';
import { publisherStatistics, receiverStatistics } from './statistics.ts';
import type { StreamReceiver } from './stream-receiver.ts';

export type RoomListener = Omit<MediaListener, 'died'>;

interface Stream {
  readonly publisher: Publisher;
  readonly receivers: Map<MemberId, StreamReceiver>;
  isScreen: boolean;
  /** Who knew the stream that this one took the place of. */
  readonly replaced: { readonly stream: StreamId; readonly to: ReadonlySet<MemberId> } | undefined;
}

/** The streams of one room within the process that forwards them. What the port says holds here, but for `died`. */
export class SfuRoom {
  readonly #site: Site;
  readonly #listener: RoomListener;
  readonly #streams = new Map<StreamId, Stream>();
  readonly #recordings: RoomRecordings;
  /** Of whoever receives something. */
  #downlinks: ReadonlyMap<MemberId, Downlink> = new Map();
  readonly #speakers = new Speakers();

  constructor(site: Site, listener: RoomListener) {
    this.#site = site;
    this.#listener = listener;
    this.#recordings = new RoomRecordings(site, listener);
  }

  publish(stream: StreamId, offer: PublishOffer, codecs: readonly CodecName[]): void {
    const known = this.#streams.get(stream);
    const publisher = known?.publisher ?? this.#newPublisher(stream);
    try {
      const answer = publisher.accept(offer, codecs);
      if (known) known.isScreen = offer.isScreen ?? false;
      else this.#add(stream, publisher, offer);
      this.#listener.answered(stream, answer);
      for (const receiver of known?.receivers.values() ?? []) receiver.update();
      this.#recordings.update(stream, publisher.tracks);
    } catch (error) {
      if (!known) publisher.close();
      if (!(error instanceof SdpError)) this.#site.failed(error, 'an offer');
      this.#listener.rejected(stream, error instanceof SdpError ? error.message : 'the offer cannot be used');
    }
  }

  unpublish(stream: StreamId): void {
    const known = this.#streams.get(stream);
    this.#streams.delete(stream);
    this.#recordings.end(stream);
    for (const receiver of known?.receivers.values() ?? []) receiver.close();
    known?.publisher.close();
  }

  publisherCandidate(stream: StreamId, candidate: Candidate): void {
    this.#streams.get(stream)?.publisher.candidate(candidate);
  }

  forward(stream: StreamId, to: MemberId, wanted: Wanted): void {
    const known = this.#streams.get(stream);
    if (!known) return;
    const receiver = known.receivers.get(to) ?? this.#newReceiver(stream, to, known);
    receiver.want(wanted);
  }

  stop(stream: StreamId, to: MemberId): void {
    const receivers = this.#streams.get(stream)?.receivers;
    receivers?.get(to)?.close();
    receivers?.delete(to);
  }

  answer(stream: StreamId, to: MemberId, sdp: string): void {
    const receiver = this.#receiver(stream, to);
    if (receiver instanceof Receiver) receiver.answer(sdp);
  }

  receiverCandidate(stream: StreamId, to: MemberId, candidate: Candidate): void {
    this.#receiver(stream, to)?.candidate(candidate);
  }

  restart(stream: StreamId, to: MemberId): void {
    const receiver = this.#receiver(stream, to);
    if (receiver instanceof Receiver) receiver.restart();
  }

  play(stream: StreamId, to: MemberId, order: PlayOrder): void {
    const known = this.#streams.get(stream);
    if (!known) return;
    const current = known.receivers.get(to);
    const player = current instanceof Player ? current : this.#newPlayer(stream, to, known);
    player.play(order);
  }

  record(stream: StreamId, order: RecordOrder): void {
    const known = this.#streams.get(stream);
    if (known) this.#recordings.begin(stream, known.publisher.tracks, order);
  }

  stopRecording(stream: StreamId): void {
    this.#recordings.end(stream);
  }

  /** Done when all that was recorded is in its files. */
  finishRecordings(): Promise<void> {
    return this.#recordings.close();
  }

  statistics(): readonly ConnectionStatistics[] {
    const now = this.#site.now();
    return [...this.#streams].flatMap(([stream, { publisher, receivers }]) => [
      publisherStatistics(stream, publisher, now),
      ...[...receivers].map(([to, receiver]) => receiverStatistics({ stream, to }, receiver, now)),
    ]);
  }

  /** How many connections there are. */
  get size(): number {
    return [...this.#streams.values()].reduce((sum, { receivers }) => sum + 1 + receivers.size, 0);
  }

  close(): void {
    for (const stream of [...this.#streams.keys()]) this.unpublish(stream);
  }

  /** Every 20 ms: packets that are missing. */
  askAgain(now: number): void {
    for (const { publisher } of this.#streams.values()) publisher.askAgain(now);
  }

  /** Every 100 ms; what is recorded is worked at, too. */
  askForKeyframes(now: number): void {
    for (const { publisher } of this.#streams.values()) publisher.askForKeyframes(now);
    this.#recordings.work(now);
  }

  /** Every 500 ms: what receivers are told of time. */
  reportToReceivers(now: number): void {
    for (const receiver of this.#receivers()) receiver.report(now);
  }

  /** Every second. */
  reportToPublishers(now: number): void {
    for (const { publisher } of this.#streams.values()) publisher.report(now);
    for (const receiver of this.#receivers()) receiver.retry(now);
  }

  /** Every 200 ms: what each member is sent of what they want. */
  adapt(now: number): void {
    for (const { publisher } of this.#streams.values()) publisher.measure(now);
    const activities = new Map([...this.#streams].map(([stream, { publisher }]) => [stream, publisher.activity]));
    this.#speakers.look(activities, now);
    const before = this.#downlinks;
    const incoming = this.#incoming();
    this.#downlinks = new Map([...incoming.keys()].map((member) => [member, before.get(member) ?? new Downlink()]));
    for (const [member, downlink] of this.#downlinks) downlink.adapt(incoming.get(member) ?? [], now);
  }

  /** By who receives it. The last who spoke counts, of those whom they receive: one does not receive oneself. */
  #incoming(): ReadonlyMap<MemberId, readonly Incoming[]> {
    const all = new Map<MemberId, Incoming[]>();
    const spoken = new Set<MemberId>();
    const order = new Set([...this.#speakers.order, ...this.#streams.keys()]);
    for (const stream of order) {
      const { receivers, isScreen } = this.#streams.get(stream) ?? {};
      for (const [member, { tracks }] of receivers ?? []) {
        const speaks = !isScreen && this.#speakers.order.includes(stream) && !spoken.has(member);
        if (speaks) spoken.add(member);
        const list = all.get(member) ?? [];
        list.push({ tracks, isScreen: isScreen ?? false, speaks });
        all.set(member, list);
      }
    }
    return all;
  }

  *#receivers(): Generator<StreamReceiver> {
    for (const { receivers } of this.#streams.values()) yield* receivers.values();
  }

  #receiver(stream: StreamId, to: MemberId): StreamReceiver | undefined {
    return this.#streams.get(stream)?.receivers.get(to);
  }

  /** The replaced stream ends with all that was sent of it, silently: who knew it will be told by the offer of this. */
  #add(stream: StreamId, publisher: Publisher, { replaces, isScreen }: PublishOffer): void {
    const old = replaces === undefined || replaces === stream ? undefined : this.#streams.get(replaces);
    const knew = old && new Set([...old.receivers].flatMap(([to, { isIntroduced }]) => (isIntroduced ? [to] : [])));
    const replaced = knew && replaces !== undefined ? { stream: replaces, to: knew } : undefined;
    if (replaces !== undefined && old) this.unpublish(replaces);
    this.#streams.set(stream, { publisher, receivers: new Map(), replaced, isScreen: isScreen ?? false });
  }

  #newPublisher(stream: StreamId): Publisher {
    const listener = this.#listener;
    return new Publisher(this.#site, {
      candidate: (candidate) => listener.publisherGotCandidate(stream, inFirst(candidate)),
      flowing: () => listener.flowing(stream),
      lost: () => listener.publisherLost(stream),
    });
  }

  #newReceiver(stream: StreamId, to: MemberId, { publisher, receivers, replaced }: Stream): Receiver {
    const listener = this.#listener;
    const receiver = new Receiver({
      stream,
      publisher,
      replaces: replaced?.to.has(to) ? replaced.stream : undefined,
      site: this.#site,
      listener: {
        offered: (offer) => listener.offered(stream, to, offer),
        candidate: (candidate) => listener.receiverGotCandidate(stream, to, inFirst(candidate)),
        undeliverable: (reason) => {
          receivers.delete(to);
          listener.undeliverable(stream, to, reason);
        },
      },
    });
    receivers.set(to, receiver);
    return receiver;
  }

  /** In place of a connection that we offered, where there is one: they go by their own now. */
  #newPlayer(stream: StreamId, to: MemberId, { publisher, receivers }: Stream): Player {
    const listener = this.#listener;
    receivers.get(to)?.close();
    const player = new Player({
      stream,
      publisher,
      site: this.#site,
      listener: {
        played: (answer) => listener.played(stream, to, answer),
        candidate: (candidate) => listener.receiverGotCandidate(stream, to, inFirst(candidate)),
        undeliverable: (reason) => {
          receivers.delete(to);
          listener.undeliverable(stream, to, reason);
        },
      },
    });
    receivers.set(to, player);
    return player;
  }
}

/** All sections share the transport of the first (`spec/galene.md` 2.3). */
function inFirst(candidate: string): Candidate {
  return { candidate, sdpMLineIndex: 0 };
}
