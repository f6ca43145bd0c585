import { type Candidate, NOTHING_WANTED, type StreamId, type TrackKind, type Wanted } from '../../core/stream.ts';
import type { ForwardOffer } from '../port.ts';
import { DownSection } from './down-section.ts';
import type { DownTrack } from './down-track.ts';
import { Pipe } from './pipe.ts';
import type { PublishedTrack } from './published-track.ts';
import type { Publisher } from './publisher.ts';
import { ReceiverMedia } from './receiver-media.ts';
import type { Description } from './sdp/description.ts';
import { parseDescription } from './sdp/parse.ts';
import { type ReceiverAnswer, readReceiverAnswer } from './sdp/receiver-answer.ts';
import { SdpError } from './sdp/sdp-error.ts';
import { streamName } from './sdp/write.ts';
import { type OfferedSection, writeOffer } from './sdp/write-offer.ts';
import { type Choice, choose } from './selection.ts';
import type { Site } from './site.ts';
import type { StreamReceiver } from './stream-receiver.ts';

export interface ReceiverListener {
  offered(offer: ForwardOffer): void;
  candidate(candidate: string): void;
  /** It is closed by then. */
  undeliverable(reason: string): void;
}

export interface ReceiverOptions {
  readonly stream: StreamId;
  readonly publisher: Publisher;
  /** The stream that this one takes the place of for them. */
  readonly replaces: StreamId | undefined;
  readonly site: Site;
  readonly listener: ReceiverListener;
}

/** A lost connection is tried again after so many milliseconds. */
const RETRY = 10_000;
const OUR_MID = /^[0-9a-z]{3}\d+$/;

/** The connection over which one member receives one stream. We offer, they answer. */
export class Receiver implements StreamReceiver {
  readonly #options: ReceiverOptions;
  readonly #sections: DownSection[] = [];
  readonly #refused = new Set<number>();
  readonly #session: { readonly id: string; version: number };
  readonly #media: ReceiverMedia;
  readonly #midPrefix: string;
  #wanted: Wanted = NOTHING_WANTED;
  #pipe: Pipe | undefined;
  /** Takes the place of the pipe when it is answered. */
  #next: Pipe | undefined;
  #isWaiting = false;
  #isDirty = false;
  #wantsRestart = false;
  #lostAt: number | undefined;
  #isBySideDoorOnly = false;
  #isClosed = false;

  constructor(options: ReceiverOptions) {
    this.#options = options;
    const { site } = options;
    this.#session = { id: String(site.random()), version: 0 };
    this.#midPrefix = site.random().toString(36).padStart(3, '0').slice(-3);
    this.#media = new ReceiverMedia({
      site,
      tracks: () => this.tracks,
      send: (packet) => this.#pipe?.send(packet) ?? false,
    });
  }

  get isIntroduced(): boolean {
    return this.#session.version > 0;
  }

  get tracks(): readonly DownTrack[] {
    return this.#sections.flatMap(({ down }) => down ?? []);
  }

  want(wanted: Wanted): void {
    this.#wanted = wanted;
    this.update();
  }

  /** What is wanted, or what there is, is not what it was. While an offer is unanswered, this waits. */
  update(): void {
    if (this.#isClosed) return;
    if (this.#isWaiting) {
      this.#isDirty = true;
      return;
    }
    const choice = choose(this.#options.publisher.tracks, this.#wanted, this.#refused);
    const changes = [this.#assign('audio', choice.audio), this.#assign('video', choice.video)];
    if (changes.includes(true)) this.#offer();
  }

  answer(sdp: string): void {
    if (!this.#isWaiting || this.#isClosed) return;
    try {
      const answer = parseDescription(sdp);
      if (!this.#isOfBefore(answer)) this.#accept(readReceiverAnswer(answer, this.#offered()));
    } catch (error) {
      if (!(error instanceof SdpError)) throw error;
      this.#giveUp(error.message);
    }
  }

  candidate(candidate: Candidate): void {
    const ufrag = candidate.usernameFragment;
    const isOld = ufrag !== undefined && ufrag === this.#pipe?.remoteUfrag;
    (isOld ? this.#pipe : (this.#next ?? this.#pipe))?.addCandidate(candidate);
  }

  /** A new way to them. Several before they answered are one, and an offer that is out with a new way is that one. */
  restart(): void {
    if (this.#isClosed || !this.isIntroduced) return;
    if (this.#isWaiting) {
      this.#wantsRestart = this.#next === undefined;
      return;
    }
    this.#wantsRestart = false;
    this.#connect();
    this.#offer();
  }

  /** Every half second (`spec/galene.md` 2.10). */
  report(now: number): void {
    this.#media.report(now);
  }

  /** Every second. */
  retry(now: number): void {
    if (this.#lostAt === undefined || this.#isWaiting || now - this.#lostAt < RETRY) return;
    this.#lostAt = now;
    this.restart();
  }

  close(): void {
    this.#isClosed = true;
    this.#media.stop();
    this.#pipe?.close();
    this.#next?.close();
    this.#pipe = undefined;
    this.#next = undefined;
  }

  /** True where it takes an offer. */
  #assign(kind: TrackKind, choice: Choice | undefined): boolean {
    const current = this.#sections.find((section) => section.isSending && section.kind === kind);
    if (choice && current?.fits(choice.track)) {
      current.down?.choose(choice.track, choice.quality);
      return false;
    }
    current?.silence();
    if (choice) this.#send(choice);
    return choice !== undefined || current !== undefined;
  }

  #send({ track, quality }: Choice): void {
    const section = this.#sections.find(({ kind, isFree }) => isFree && kind === track.kind) ?? this.#addSection(track);
    const down = this.#media.newTrack(track, { mid: section.mid, payloadType: track.codec.offered.payloadType });
    down.choose(track, quality);
    section.send(down, track);
  }

  #addSection(track: PublishedTrack): DownSection {
    const section = new DownSection(`${this.#midPrefix}${this.#sections.length}`, track);
    this.#sections.push(section);
    return section;
  }

  #offer(): void {
    const pipe = this.#next ?? this.#pipe ?? this.#connect();
    const isFirst = !this.isIntroduced;
    this.#isWaiting = true;
    this.#session.version += 1;
    const offered = this.#offered();
    // Every offer leaves the roles open, as whoever answers a new transport chooses; RFC 8842 5.5 asks for it, too.
    const transport = { ...pipe.local, setup: 'actpass' as const };
    const ends = { transport, candidates: told(pipe), session: this.#session };
    const { replaces, listener } = this.#options;
    listener.offered({
      sdp: writeOffer(offered, { ends, cname: this.#media.cname }),
      tracks: offered.flatMap(({ state, mid, kind }) => (state === 'sending' ? { mid, kind } : [])),
      ...(isFirst && replaces !== undefined ? { replaces } : {}),
    });
  }

  #offered(): readonly OfferedSection[] {
    return this.#sections.map((section) => section.offered(streamName(this.#options.stream)));
  }

  #connect(): Pipe {
    const { site, listener } = this.#options;
    const pipe: Pipe = Pipe.offering({
      network: site.network,
      iceServers: site.iceServers(),
      sideDoor: site.sideDoor,
      isBySideDoorOnly: this.#isBySideDoorOnly,
      onSideDoorNeeded: () => this.#needSideDoor(pipe),
      onPacket: (packet) => this.#media.take(packet),
      onOpen: () => this.#opened(),
      onLost: () => this.#lost(pipe),
      onCandidate: (candidate) => {
        if (told(pipe).length > 0) listener.candidate(candidate);
      },
    });
    this.#next?.close();
    this.#next = pipe;
    this.#lostAt = undefined;
    return pipe;
  }

  #opened(): void {
    this.#lostAt = undefined;
    this.#start();
  }

  /**
   * They answered with another transport: what comes by the old one they cannot read any more, and as long as it
   * answers, their browser tries it first.
   */
  #leaveOld(pipe: Pipe): void {
    if (pipe !== this.#next) return;
    this.#pipe?.close();
    this.#pipe = pipe;
    this.#next = undefined;
  }

  #lost(pipe: Pipe): void {
    if (pipe !== (this.#next ?? this.#pipe)) return;
    // At once, where it was not tried a moment ago.
    const now = this.#options.site.now();
    this.#lostAt ??= now - RETRY;
    this.retry(now);
  }

  #needSideDoor(pipe: Pipe): void {
    if (pipe !== (this.#next ?? this.#pipe)) return;
    this.#isBySideDoorOnly = true;
    this.restart();
  }

  #start(): void {
    if (!this.#pipe?.isOpen) return;
    for (const section of this.#sections) section.start();
  }

  /**
   * They wanted nothing of the stream for a moment, and what they answer is the offer of before that: the answer to
   * ours is still to come. Mids come back as they were sent, and ours are no other receiver's.
   */
  #isOfBefore({ sections }: Description): boolean {
    const own = new Set(this.#sections.map(({ mid }) => mid));
    return sections.length > 0 && sections.every(({ mid }) => OUR_MID.test(mid) && !own.has(mid));
  }

  #accept(answer: ReceiverAnswer): void {
    this.#isWaiting = false;
    const before = this.#sections.filter(({ isSending }) => isSending);
    for (const [i, section] of this.#sections.entries()) {
      const said = answer.sections[i];
      if (section.isSending && said?.isTaken === false) this.#refused.add(section.payloadType);
      if (said) section.answered(said);
    }
    if (before.length > 0 && !before.some(({ isSending }) => isSending)) {
      throw new SdpError('they receive none of what was offered');
    }
    this.#reach(answer);
    this.#start();
    this.#goOn();
  }

  #reach({ transport, candidates }: ReceiverAnswer): void {
    const pipe = this.#next ?? this.#pipe;
    if (!pipe || !transport) return;
    if (pipe.remoteUfrag === undefined) {
      pipe.accept(transport);
      this.#leaveOld(pipe);
      for (const candidate of told(pipe)) this.#options.listener.candidate(candidate);
    }
    for (const candidate of candidates) pipe.addCandidate({ candidate });
  }

  /** What waited for the answer. */
  #goOn(): void {
    const isDirty = this.#isDirty;
    this.#isDirty = false;
    if (this.#wantsRestart) {
      this.#wantsRestart = false;
      this.#connect();
      this.update();
      if (!this.#isWaiting) this.#offer();
      return;
    }
    if (isDirty) this.update();
  }

  #giveUp(reason: string): void {
    this.close();
    this.#options.listener.undeliverable(reason);
  }
}

/**
 * Where we can be reached they hear when we know them: who comes before is let in by ICE, and then turned away by the
 * library, which has no fingerprint yet to compare theirs with.
 */
function told(pipe: Pipe): readonly string[] {
  return pipe.remoteUfrag === undefined ? [] : pipe.candidates;
}
