import type { MemberId } from './ids.ts';
import { Shares } from './shares.ts';
import {
  isSameWanted,
  NOTHING_WANTED,
  type StreamId,
  type StreamLabel,
  type Track,
  type Wanted,
  wantsNothing,
} from './stream.ts';

/** One member's stream. It is live once its offer was answered. */
export interface Stream {
  readonly id: StreamId;
  readonly publisher: MemberId;
  readonly label: StreamLabel;
  readonly tracks: readonly Track[];
  readonly isLive: boolean;
  /** What it takes the place of, and who received that, until this one is live. */
  readonly replaces?: { readonly id: StreamId; readonly receivers: ReadonlySet<MemberId> };
}

/** What somebody wants of streams, by their labels; of those that are not named, `otherwise`. */
export interface StreamRequests {
  readonly byLabel: ReadonlyMap<StreamLabel, Wanted>;
  readonly otherwise: Wanted;
}

/** Which streams there are in a room, what everybody wants of them, and what is sent to whom. */
export class Streams {
  readonly #streams = new Map<StreamId, Stream>();
  readonly #requests = new Map<MemberId, StreamRequests>();
  readonly #exceptions = new Map<StreamId, Map<MemberId, Wanted>>();
  readonly #sent = new Map<StreamId, Map<MemberId, Wanted>>();
  /** Whom a stream was offered to, or who offered to receive it: to others, its end is nothing. */
  readonly #offered = new Map<StreamId, Set<MemberId>>();
  /** Who receives by an offer of their own: they have one connection, which goes with what it was made for. */
  readonly #players = new Map<StreamId, Set<MemberId>>();
  #sentCount = 0;
  /** By households: what they publish, and how often something is sent to them. */
  readonly published: Shares;
  readonly received: Shares;
  /** Whether something changed on which it depends what is sent to whom. */
  isStale = false;

  constructor(householdOf: (member: MemberId) => string | undefined = () => undefined) {
    this.published = new Shares(householdOf);
    this.received = new Shares(householdOf);
  }

  get size(): number {
    return this.#streams.size;
  }

  /** How many times streams are sent to somebody. */
  get sentCount(): number {
    return this.#sentCount;
  }

  get(id: StreamId): Stream | undefined {
    return this.#streams.get(id);
  }

  all(): Iterable<Stream> {
    return this.#streams.values();
  }

  of(publisher: MemberId): readonly Stream[] {
    return [...this.#streams.values()].filter((stream) => stream.publisher === publisher);
  }

  put(stream: Stream): void {
    if (!this.#streams.has(stream.id)) this.published.add(stream.publisher);
    this.#streams.set(stream.id, stream);
  }

  /** Returns to whom it was offered. */
  remove(id: StreamId): readonly MemberId[] {
    const offered = [...(this.#offered.get(id) ?? [])];
    const { publisher } = this.#streams.get(id) ?? {};
    if (publisher !== undefined) this.published.remove(publisher);
    for (const member of this.#sent.get(id)?.keys() ?? []) this.#unsend(member);
    this.#streams.delete(id);
    this.#exceptions.delete(id);
    this.#sent.delete(id);
    this.#offered.delete(id);
    this.#players.delete(id);
    return offered;
  }

  isPlayed(id: StreamId, by: MemberId): boolean {
    return this.#players.get(id)?.has(by) ?? false;
  }

  /** They want this of it, and of others what they wanted before. */
  play(id: StreamId, by: MemberId, wanted: Wanted): void {
    this.#players.set(id, (this.#players.get(id) ?? new Set()).add(by));
    this.except(id, by, wanted);
    if (!this.#requests.has(by)) this.#requests.set(by, { byLabel: new Map(), otherwise: NOTHING_WANTED });
  }

  /** They cannot be sent it again unless they offer again. */
  endPlay(id: StreamId, by: MemberId): void {
    if (this.#players.get(id)?.delete(by)) this.except(id, by, NOTHING_WANTED);
  }

  noteOffered(id: StreamId, to: MemberId): void {
    const offered = this.#offered.get(id) ?? new Set<MemberId>();
    this.#offered.set(id, offered.add(to));
  }

  /** Takes that back. Returns whether it was. */
  takeOffered(id: StreamId, to: MemberId): boolean {
    return this.#offered.get(id)?.delete(to) ?? false;
  }

  sent(id: StreamId, to: MemberId): Wanted {
    return this.#sent.get(id)?.get(to) ?? NOTHING_WANTED;
  }

  isSent(id: StreamId, to: MemberId): boolean {
    return this.#sent.get(id)?.has(to) ?? false;
  }

  /** Notes what is sent from now on. Returns whether that is a change. */
  setSent(id: StreamId, to: MemberId, wanted: Wanted): boolean {
    const before = this.sent(id, to);
    if (isSameWanted(before, wanted)) return false;
    if (wantsNothing(wanted)) this.#unsend(to);
    else if (wantsNothing(before)) this.#send(to);
    const receivers = this.#sent.get(id) ?? new Map<MemberId, Wanted>();
    this.#sent.set(id, receivers);
    if (wantsNothing(wanted)) receivers.delete(to);
    else receivers.set(to, wanted);
    return true;
  }

  /** To somebody who is gone. Returns whether anything was. */
  drop(id: StreamId, to: MemberId): boolean {
    this.takeOffered(id, to);
    this.#players.get(id)?.delete(to);
    const isDropped = this.#sent.get(id)?.delete(to) ?? false;
    if (isDropped) this.#unsend(to);
    return isDropped;
  }

  /** Nothing is sent any more. Returns what was offered, per stream. */
  clearSent(): ReadonlyMap<StreamId, readonly MemberId[]> {
    const before = new Map([...this.#offered].map(([id, members]) => [id, [...members]] as const));
    for (const [id, members] of this.#players) for (const member of members) this.endPlay(id, member);
    this.#sent.clear();
    this.#offered.clear();
    this.#sentCount = 0;
    this.received.clear();
    return before;
  }

  #send(to: MemberId): void {
    this.#sentCount += 1;
    this.received.add(to);
  }

  #unsend(from: MemberId): void {
    this.#sentCount -= 1;
    this.received.remove(from);
  }

  request(member: MemberId, requests: StreamRequests): void {
    this.#requests.set(member, requests);
  }

  /** Of one stream, something else than of those of its label; `undefined` takes that back. */
  except(id: StreamId, member: MemberId, wanted: Wanted | undefined): void {
    const exceptions = this.#exceptions.get(id) ?? new Map<MemberId, Wanted>();
    this.#exceptions.set(id, exceptions);
    if (wanted) exceptions.set(member, wanted);
    else exceptions.delete(member);
  }

  exceptionsOf(id: StreamId): ReadonlyMap<MemberId, Wanted> {
    return this.#exceptions.get(id) ?? new Map();
  }

  /** Those who have said what they want. */
  requesters(): Iterable<MemberId> {
    return this.#requests.keys();
  }

  forget(member: MemberId): void {
    this.#requests.delete(member);
    this.forgetExceptions(member);
  }

  /** Of somebody who may never have said what they want else. */
  forgetExceptions(member: MemberId): void {
    for (const exceptions of this.#exceptions.values()) exceptions.delete(member);
  }

  /** Of a stream that has only such tracks. */
  wanted(stream: Stream, member: MemberId): Wanted {
    const exception = this.#exceptions.get(stream.id)?.get(member);
    const requests = this.#requests.get(member);
    const wanted = exception ?? requests?.byLabel.get(stream.label) ?? requests?.otherwise ?? NOTHING_WANTED;
    const has = (kind: Track['kind']) => stream.tracks.some((track) => track.kind === kind);
    return { audio: wanted.audio && has('audio'), video: has('video') ? wanted.video : 'none' };
  }
}
