import type { Candidate, Track } from '../../core/stream.ts';
import type { CodecName, PublishOffer } from '../port.ts';
import { Feed } from './feed.ts';
import { givesWay, isLayered } from './ladder.ts';
import { PacketAllowance } from './packet-allowance.ts';
import { Pipe } from './pipe.ts';
import { PublishedTrack } from './published-track.ts';
import { Retirement } from './retirement.ts';
import { audioLevel } from './rtp/audio-level.ts';
import { estimatedBitrate, receiverReport } from './rtp/build-rtcp.ts';
import { newHeader, readHeader } from './rtp/header.ts';
import { EVERY_LAYER } from './rtp/layer-filter.ts';
import { packetKind } from './rtp/packet-kind.ts';
import { parseRtcp } from './rtp/parse-rtcp.ts';
import { PublisherClock } from './rtp/publisher-clock.ts';
import type { IncomingPacket } from './rtp/rewriter.ts';
import type { SenderReport } from './rtp/rtcp.ts';
import { type KnownSource, type SourceSection, SourceTable } from './rtp/source-table.ts';
import { type CountedTrack, upstreamBitrate } from './rtp/upstream-bitrate.ts';
import { parseDescription } from './sdp/parse.ts';
import { type PlannedSection, type PublisherPlan, planPublisher, type ReceivedSection } from './sdp/publisher-plan.ts';
import { writeAnswer } from './sdp/write-answer.ts';
import type { Site } from './site.ts';
import { Voice } from './voice.ts';

export interface PublisherListener {
  candidate(candidate: string): void;
  flowing(): void;
  lost(): void;
}

/** Of RTP, enough for several tracks of 4K; and of RTCP. What is over that is dropped. */
const MOST_PACKETS = 12_000;
const MOST_RTCP = 500;
const MOST_EARLY = 32;
/** How often a lost connection is told of, in milliseconds. */
const LOST_AGAIN = 5_000;

/** The connection of one stream's publisher: what they send is sorted into tracks and sizes, and passed on from there. */
export class Publisher {
  readonly #site: Site;
  readonly #listener: PublisherListener;
  readonly #table = new SourceTable([]);
  readonly #feeds = new Map<KnownSource, Feed>();
  /** What is said on it. */
  readonly #voice = new Voice();
  readonly #session: { readonly id: string; version: number };
  readonly #packets: PacketAllowance;
  readonly #reports: PacketAllowance;
  #clock = new PublisherClock();
  #pipe: Pipe | undefined;
  /** What there was before a restart, for a moment. */
  readonly #retired = new Retirement();
  #early: Candidate[] = [];
  /** By their sections' places; undefined where nothing is received. */
  #sections: readonly (PublishedTrack | undefined)[] = [];
  #isFlowing = false;
  #lostAt: number | undefined;

  constructor(site: Site, listener: PublisherListener) {
    this.#site = site;
    this.#listener = listener;
    this.#session = { id: String(site.random()), version: 0 };
    this.#packets = new PacketAllowance(MOST_PACKETS, site.now());
    this.#reports = new PacketAllowance(MOST_RTCP, site.now());
  }

  get tracks(): readonly PublishedTrack[] {
    return this.#sections.filter((track) => track !== undefined);
  }

  get feeds(): Iterable<Feed> {
    return this.#feeds.values();
  }

  /** Throws an `SdpError`, and has then changed nothing. */
  accept(
    { sdp, mids }: PublishOffer,
    codecs: readonly CodecName[],
  ): { readonly sdp: string; readonly tracks: readonly Track[] } {
    const plan = planPublisher(parseDescription(sdp), { codecs, mids });
    const pipe = this.#pipeFor(plan);
    this.#receive(plan.sections);
    this.#session.version += 1;
    const { local: transport, candidates } = pipe;
    const answer = writeAnswer(plan.sections, { transport, candidates, session: this.#session });
    return { sdp: answer, tracks: this.tracks.map(({ kind, layers }) => ({ kind, layers })) };
  }

  candidate(candidate: Candidate): void {
    const pipe = this.#pipe;
    const ufrag = candidate.usernameFragment;
    if (ufrag !== undefined && ufrag !== pipe?.remoteUfrag && this.#early.length < MOST_EARLY) {
      this.#early.push(candidate);
    }
    pipe?.addCandidate(candidate);
  }

  close(): void {
    this.#pipe?.close();
    this.#retired.end();
    this.#pipe = undefined;
    this.#sections = [];
    this.#feeds.clear();
  }

  /** Every 20 ms. */
  askAgain(now: number): void {
    for (const feed of this.#feeds.values()) feed.askAgain(now);
  }

  /** Every 100 ms. */
  askForKeyframes(now: number): void {
    for (const track of this.tracks) for (const receiver of track.receivers) receiver.remind(now);
    for (const feed of this.#feeds.values()) feed.askForKeyframe(now);
  }

  /** Some times a second: how much there is of everything. */
  measure(now: number): void {
    this.#voice.look();
    for (const track of this.tracks) track.measure(now);
  }

  /** How much somebody speaks, 0 to 1. */
  get activity(): number {
    return this.#voice.activity;
  }

  /** Every second: what arrived, and how much may be sent (`spec/galene.md` 2.10). */
  report(now: number): void {
    for (const track of this.tracks) this.#settle(track, now);
    this.#sendReport(now);
    if (this.#lostAt !== undefined && now - this.#lostAt >= LOST_AGAIN) this.#tellLost(now);
  }

  /** Bits per second that they were told they may send. */
  allowed(now: number): number {
    return upstreamBitrate(this.tracks.flatMap((track) => counted(track, now)));
  }

  #settle(track: PublishedTrack, now: number): void {
    for (const receiver of track.receivers) receiver.settle(now);
    for (const feed of track.feeds) {
      const waits = track.receivers.filter(({ source }) => source === feed).map(({ waitMs }) => waitMs);
      feed?.fit(Math.max(0, ...waits), now);
    }
  }

  #sendReport(now: number): void {
    const blocks = [...this.#feeds.values()].flatMap((feed) => feed.reception.report(now) ?? []);
    if (blocks.length === 0) return;
    const video = this.tracks.filter(({ kind }) => kind === 'video').flatMap(({ feeds }) => feeds);
    const ssrcs = video.flatMap((feed) => (feed ? [feed.ssrc] : []));
    const estimate = ssrcs.length > 0 ? [estimatedBitrate(this.allowed(now), ssrcs)] : [];
    this.#send(Buffer.concat([receiverReport(blocks), ...estimate]));
  }

  #send(packet: Buffer): void {
    this.#pipe?.send(packet);
  }

  /** The one that is there, or a new one: for who begins, and for who restarts ICE, which the library cannot do. */
  #pipeFor(plan: PublisherPlan): Pipe {
    const current = this.#pipe;
    const pipe = current?.remoteUfrag === plan.transport.ufrag ? current : this.#connect(plan);
    pipe.addOffered(plan.candidates);
    return pipe;
  }

  #connect({ transport }: PublisherPlan): Pipe {
    const pipe: Pipe = Pipe.answering(transport, {
      network: this.#site.network,
      iceServers: this.#site.iceServers(),
      sideDoor: this.#site.sideDoor,
      onPacket: (packet) => this.#take(packet),
      onOpen: () => {
        this.#lostAt = undefined;
      },
      onLost: () => this.#lost(pipe),
      onCandidate: (candidate) => this.#listener.candidate(candidate),
    });
    const old = this.#pipe;
    this.#pipe = pipe;
    if (old) this.#retired.begin(old);
    this.#lostAt = undefined;
    this.#isFlowing = false;
    for (const candidate of this.#early) pipe.addCandidate(candidate);
    this.#early = [];
    return pipe;
  }

  #lost(pipe: Pipe): void {
    if (pipe !== this.#pipe) return;
    this.#tellLost(this.#site.now());
  }

  #tellLost(now: number): void {
    this.#lostAt = now;
    this.#isFlowing = false;
    this.#listener.lost();
  }

  #receive(planned: readonly PlannedSection[]): void {
    const before = this.#sections;
    this.#sections = planned.map((section, index) => this.#trackFor(section, before[index]));
    this.#table.update(planned.map((section, index) => sourceSection(section, this.#sections[index])));
    for (const [source] of this.#feeds) {
      if (this.#sections[source.section] !== before[source.section]) this.#feeds.delete(source);
    }
  }

  #trackFor(section: PlannedSection, before: PublishedTrack | undefined): PublishedTrack | undefined {
    if (section.state !== 'received') return undefined;
    if (!before?.continuesAs(section)) return new PublishedTrack(section);
    before.extensions = section.extensions;
    return before;
  }

  #take(packet: Buffer): void {
    const now = this.#site.now();
    try {
      const kind = packetKind(packet);
      if (kind === 'rtp' && this.#packets.take(now)) this.#takeRtp(packet, now);
      if (kind === 'rtcp' && this.#reports.take(now)) this.#takeRtcp(packet, now);
    } catch (error) {
      this.#site.failed(error, 'a packet of a publisher');
    }
  }

  #takeRtp(packet: Buffer, now: number): void {
    if (!readHeader(packet, incoming.header)) return;
    const source = this.#table.identify(packet, incoming.header);
    const track = source && this.#sections[source.section];
    if (!track) return;
    incoming.packet = packet;
    const feed = this.#feeds.get(source) ?? this.#begin(source, track);
    if (!feed.receive(incoming, now)) return;
    if (!this.#isFlowing) this.#flow();
    if (track.kind === 'audio') this.#listen(track, packet);
    const { receivers } = track;
    for (let i = 0; i < receivers.length; i += 1) receivers[i]?.packet(feed, incoming, now);
  }

  #listen({ extensions }: PublishedTrack, packet: Buffer): void {
    const { header } = incoming;
    const id = extensions.audioLevel;
    this.#voice.heard(header.payloadEnd - header.payloadStart, id === undefined ? -1 : audioLevel(packet, header, id));
  }

  #flow(): void {
    this.#isFlowing = true;
    this.#listener.flowing();
  }

  /** The first packet of a feed. Those who are to have it go over to it, which costs them nothing before a keyframe. */
  #begin(source: KnownSource, track: PublishedTrack): Feed {
    for (const [old] of this.#feeds) {
      if (old.section === source.section && old.layer === source.layer) this.#feeds.delete(old);
    }
    const feed = new Feed({
      ssrc: source.ssrc,
      layer: source.layer,
      rid: source.rid,
      codec: track.codec.name,
      clock: this.#clock.track(track.codec.clockRate),
      descriptorId: () => track.extensions.dependencyDescriptor,
      send: (packet) => this.#send(packet),
    });
    this.#feeds.set(source, feed);
    track.feeds[source.layer] = feed;
    const now = this.#site.now();
    feed.begin(now);
    for (const receiver of track.receivers) receiver.settle(now);
    return feed;
  }

  #takeRtcp(packet: Buffer, now: number): void {
    for (const part of parseRtcp(packet)) {
      if (part.kind === 'sender-report') this.#takeSenderReport(part, now);
    }
  }

  #takeSenderReport({ ssrc, ntp, rtpTimestamp }: SenderReport, now: number): void {
    const source = this.#table.bySsrc(ssrc);
    const feed = source && this.#feeds.get(source);
    if (!feed || !source) return;
    feed.reception.senderReport(ntp, now);
    const isFirst = feed.clock.senderReport({ ntp, rtpTimestamp }, now);
    const receivers = isFirst ? (this.#sections[source.section]?.receivers ?? []) : [];
    for (const receiver of receivers) if (receiver.source === feed) receiver.report(now);
  }
}

/** One for all: filled and used within a call. */
const incoming: IncomingPacket = { packet: Buffer.alloc(0), header: newHeader(), info: 0 };

/** Sections of which nothing is received keep their places. */
function sourceSection(planned: PlannedSection, track: PublishedTrack | undefined): SourceSection {
  const { mid } = planned.section;
  if (planned.state !== 'received') return { mid, payloadTypes: [], rids: [], ssrcs: [], extensions: {} };
  return receivedSource(planned, track?.rids ?? []);
}

function receivedSource({ section, codec, extensions }: ReceivedSection, rids: readonly string[]): SourceSection {
  const { mid, ssrcs, repairSsrcs } = section;
  const ids = {
    ...(extensions.mid === undefined ? {} : { mid: extensions.mid }),
    ...(extensions.rid === undefined ? {} : { rid: extensions.rid }),
    ...(extensions.repairedRid === undefined ? {} : { repairedRid: extensions.repairedRid }),
  };
  return { mid, payloadTypes: [codec.payloadType], rids, ssrcs, repairSsrcs, extensions: ids };
}

/**
 * The best size counts by what those can take who want it, the others by their usual rate (`spec/galene.md` 2.11).
 * Whether it arrives is of no matter: a browser that may send too little for it stops it, and would never begin again.
 * Who has no room for any of it does not count.
 */
function counted(track: PublishedTrack, now: number): CountedTrack[] {
  if (track.kind === 'audio') return [{ kind: 'audio' }];
  const adapts = isLayered(track);
  const isGiving = givesWay(track, now);
  return track.feeds.map((feed, layer): CountedTrack => {
    if (layer > 0) return { kind: 'low-layer' };
    const wanting = track.receivers.filter(({ quality }) => quality === 'high' || track.layers === 1);
    const receivers = wanting
      .filter(({ isPaused = false }) => !isPaused)
      .map((receiver) => (adapts ? receiver.wish?.(now) : undefined) ?? receiver.allowed(now));
    return { kind: 'video', receivers, givesWay: isGiving, slack: slackOf(feed, isGiving) };
  });
}

/** What part of it spatial layers are varies (`spec/galene.md` 2.11). */
const SPATIAL_SLACK = 1.25;

/** Of fewer pictures a second it is measured what they save, which is less than half for each layer. */
function slackOf(feed: Feed | undefined, isGiving: boolean): number {
  if (!feed) return 1;
  const { rates } = feed;
  if (!isGiving) return rates.topSpatial > 0 ? SPATIAL_SLACK : 1;
  const least = rates.bitrate({ spatial: 0, temporal: 0 });
  const all = rates.bitrate({ spatial: EVERY_LAYER, temporal: EVERY_LAYER });
  return least > 0 ? Math.min(2 ** rates.topTemporal, all / least) : 1;
}
