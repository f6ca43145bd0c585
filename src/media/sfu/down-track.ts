import type { TrackKind } from '../../core/stream.ts';
import type { Feed } from './feed.ts';
import { type Level, limitOf } from './ladder.ts';
import type { PublishedTrack, Quality, TrackReceiver } from './published-track.ts';
import { senderReport } from './rtp/build-rtcp.ts';
import { type ExtensionPlan, planExtensions } from './rtp/extension-plan.ts';
import { type Flow, FlowWindow, newFlowCounts } from './rtp/flow-window.ts';
import { newHeader, readHeader } from './rtp/header.ts';
import { EVERY_LAYER, LayerFilter } from './rtp/layer-filter.ts';
import { LossBasedRate } from './rtp/loss-based-rate.ts';
import { KEYFRAME } from './rtp/packet-info.ts';
import { RepairStream } from './rtp/repair-stream.ts';
import { ResendMemory } from './rtp/resend-memory.ts';
import { type IncomingPacket, Rewriter } from './rtp/rewriter.ts';
import { RoundTrip } from './rtp/round-trip.ts';
import type { ReportBlock } from './rtp/rtcp.ts';
import { sequenceDistance } from './rtp/sequence.ts';
import type { ExtensionIds } from './sdp/extensions.ts';
import type { Site } from './site.ts';
import { VideoShare } from './video-share.ts';

export interface DownTrackOptions {
  readonly ssrc: number;
  /** What is sent again has this one, where they know of such streams. */
  readonly repairSsrc?: number | undefined;
  /** As this receiver numbers the codec of the track. */
  readonly payloadType: number;
  readonly mid: string;
  readonly cname: string;
  readonly track: PublishedTrack;
  readonly site: Site;
  send(packet: Buffer): boolean;
}

/** What a receiver agreed to of a track. */
export interface AgreedTrack {
  readonly extensions: ExtensionIds;
  /** The payload type of what is sent again as a stream of its own (RFC 4588); without it, the same packet is sent. */
  readonly repair?: number | undefined;
}

/** An estimate that was not repeated for so long holds no more. Milliseconds. */
const FORGOTTEN = 10_000;

/** How long a sign to go on with more pictures a second is waited for before a keyframe is asked for. Milliseconds. */
const SIGN = 2_000;

/** One track on its way to one receiver: from whichever feed fits, as one unbroken sequence of packets. */
export class DownTrack implements TrackReceiver {
  readonly ssrc: number;
  readonly repairSsrc: number | undefined;
  readonly kind: TrackKind;
  readonly #options: DownTrackOptions;
  readonly #rewriter: Rewriter<Feed>;
  readonly #losses = new LossBasedRate();
  readonly #roundTrip = new RoundTrip();
  #repairs: RepairStream | undefined;
  readonly #filter = new LayerFilter();
  readonly #counts = newFlowCounts();
  readonly #flow = new FlowWindow();
  #flowed: Flow | undefined;
  readonly #resent = new ResendMemory();
  /** What they get of it where not all that they want fits. */
  readonly share = new VideoShare();
  #track: PublishedTrack;
  #quality: Quality = 'high';
  #extensions: ExtensionIds = {};
  #plan: ExtensionPlan = planExtensions({});
  #isConfirmed = false;
  #isLive = false;
  #estimate = Number.POSITIVE_INFINITY;
  #estimatedAt = 0;
  /** Of the last report: bytes and packets that were sent before it. */
  #reported = { bytes: 0, packets: 0 };
  #askedFor: number | undefined;
  /** By the last report. */
  #measured = { at: 0, loss: 0, jitterMs: 0 };

  constructor(options: DownTrackOptions) {
    this.#options = options;
    const { ssrc, payloadType, track, site } = options;
    this.ssrc = ssrc;
    this.repairSsrc = options.repairSsrc;
    this.kind = track.kind;
    this.#track = track;
    this.#rewriter = new Rewriter({
      ssrc,
      payloadType,
      codec: track.codec.name,
      firstSequence: site.random() & 0x7fff,
      firstTimestamp: site.random(),
      scratch: site.scratch,
    });
  }

  /** What arrives of the feed that is sent now; undefined before anything is. */
  get source(): Feed | undefined {
    return this.#rewriter.source;
  }

  get quality(): Quality {
    return this.#quality;
  }

  get track(): PublishedTrack {
    return this.#track;
  }

  get isPaused(): boolean {
    return this.share.isPaused;
  }

  /** The layers that pass now. */
  get layers(): { readonly spatial: number; readonly temporal: number } {
    return this.#filter;
  }

  get roundTripMs(): number | undefined {
    return this.#roundTrip.ms;
  }

  get waitMs(): number {
    return (this.#roundTrip.ms ?? 0) + 4 * this.#measured.jitterMs;
  }

  /** Over the last second. Reports come more rarely, of sound above all: their loss holds while something flows. */
  get measured(): { readonly bitrate: number; readonly loss: number; readonly jitterMs: number } {
    const { bitrate = 0, packets = 0, reported = 0, lost = 0 } = this.#flowed ?? {};
    const { loss: lastLoss, jitterMs } = this.#measured;
    const loss = reported > 0 ? Math.min(1, lost / reported) : packets > 0 ? lastLoss : 0;
    return { bitrate, loss, jitterMs };
  }

  /** Which track, in which size. Takes effect at once where packets flow. */
  choose(track: PublishedTrack, quality: Quality): void {
    const now = this.#options.site.now();
    const isAnother = track !== this.#track;
    if (isAnother) this.#track.remove(this);
    if (isAnother || quality !== this.#quality) this.share.reset();
    this.#track = track;
    this.#quality = quality;
    this.#filterLayers(now);
    if (isAnother) this.#replan();
    if (!this.#isLive) return;
    track.add(this);
    this.settle(now);
  }

  /** So much of it is sent from now on, as soon as that can be decoded. */
  give(level: Level, now: number): void {
    this.share.give(level, now);
    this.#filterLayers(now);
    this.settle(now);
  }

  /** There is no room for it; it goes on with a keyframe. It may go on nevertheless, where it takes less soon. */
  pause(now: number, options: { readonly isElastic: boolean }): void {
    if (this.share.pause(now, options)) this.#rewriter.pause();
  }

  /** What was sent within the last second; undefined before that is known. To be called some times a second. */
  flow(now: number): Flow | undefined {
    this.#flowed = this.#flow.look(this.#counts, now);
    return this.#flowed;
  }

  /** Packets flow from now on: the way is open, and the receiver said what they know. */
  start({ extensions, repair }: AgreedTrack): void {
    this.#extensions = extensions;
    this.#repairs = repair === undefined ? undefined : (this.#repairs ?? this.#newRepairs(repair));
    this.#replan();
    if (this.#isLive) return;
    this.#isLive = true;
    this.#track.add(this);
    this.settle(this.#options.site.now());
  }

  stop(): void {
    this.#isLive = false;
    this.#rewriter.pause();
    this.#track.remove(this);
  }

  /** At once from the cache, or from its next keyframe on. */
  settle(now: number): void {
    const rewriter = this.#rewriter;
    const best = this.#best(now);
    if (!this.#isLive || best === undefined || best === rewriter.pending) return;
    const isBack = best === rewriter.source;
    if (isBack && rewriter.pending === undefined) return;
    rewriter.switchTo(best, this.#plan);
    if (isBack) return;
    this.#replay(best, now);
    if (rewriter.pending) best.wantKeyframe(now);
  }

  packet(feed: Feed, incoming: IncomingPacket, now: number): void {
    const rewriter = this.#rewriter;
    if (rewriter.source !== feed && rewriter.pending !== feed) return;
    const filter = this.#filter;
    if (filter.isChanging) this.#changeLayers(feed, incoming.info);
    const isPending = rewriter.pending === feed;
    this.#send(
      filter.passes(incoming.info) ? rewriter.forward(feed, incoming, now) : rewriter.drop(feed, incoming, now),
    );
    // What is missing of before says nothing of the way as it is used now.
    if (isPending && rewriter.source === feed) this.#askedFor = rewriter.lastSequence;
  }

  /** They ask for these again. */
  resend(sequences: readonly number[], now: number): void {
    for (const sequence of sequences) {
      const origin = this.#rewriter.originOf(sequence);
      if (!origin) continue;
      this.#noteMissing(sequence);
      if (this.#resent.take(sequence, { now, roundTripMs: this.#roundTrip.ms ?? 0 })) this.#again(origin, now);
    }
  }

  wantKeyframe(now: number): void {
    (this.#rewriter.pending ?? this.#rewriter.source)?.wantKeyframe(now);
  }

  remind(now: number): void {
    const { source, pending } = this.#rewriter;
    if (pending) pending.wantKeyframe(now);
    else if (this.#filter.needsKeyframe(now, SIGN)) source?.wantKeyframe(now);
  }

  reported(block: ReportBlock, now: number): void {
    const seconds = (now - this.#measured.at) / 1000;
    const { bytes, packets } = this.#counts;
    const bitrate = this.#measured.at === 0 ? 0 : ((bytes - this.#reported.bytes) * 8) / Math.max(0.1, seconds);
    const { clockRate } = this.#track.codec;
    const loss = block.fractionLost / 256;
    this.#counts.reported = packets;
    this.#counts.lost += loss * (packets - this.#reported.packets);
    this.#reported = { bytes, packets };
    this.#measured = { at: now, loss, jitterMs: Math.min(1000, (block.jitter / clockRate) * 1000) };
    this.#roundTrip.report(block, now);
    this.#losses.report({ fractionLost: block.fractionLost, usedBitrate: bitrate }, now);
    if (!this.#isConfirmed) this.#confirm();
  }

  estimated(bitrate: number, now: number): void {
    this.#estimate = bitrate;
    this.#estimatedAt = now;
  }

  /** What they last said that could be sent, in bits per second. */
  estimate(now: number): number | undefined {
    return now - this.#estimatedAt < FORGOTTEN && Number.isFinite(this.#estimate) ? this.#estimate : undefined;
  }

  allowed(now: number): number {
    return Math.min(this.#losses.allowed(now), this.estimate(now) ?? Number.POSITIVE_INFINITY);
  }

  wish(now: number): number {
    return Number.isFinite(this.share.bitrate) ? this.share.bitrate : this.allowed(now);
  }

  report(now: number): void {
    const fields = this.#isLive ? this.#rewriter.senderReport(now) : undefined;
    if (fields) this.#options.send(senderReport(fields, this.#options.cname));
  }

  /** Their browser knows our SSRC by now: the mid need not be said any more (RFC 8843 14). */
  #confirm(): void {
    this.#isConfirmed = true;
    this.#replan();
  }

  /** The size that there is room for, while the publisher sends it. */
  #best(now: number): Feed | undefined {
    if (this.share.isPaused) return undefined;
    const { level } = this.share;
    const feed = level && this.#track.feeds[level.size];
    return feed?.isActive(now) ? feed : this.#track.feedFor(this.#quality, now);
  }

  #filterLayers(now: number): void {
    const limit = limitOf(this.#track, this.#quality);
    const { spatial, temporal } = this.share.level ?? { spatial: limit, temporal: EVERY_LAYER };
    this.#filter.want({ spatial: Math.min(limit, spatial), temporal }, now);
  }

  /** What comes of a feed that is not sent yet says nothing before its keyframe. */
  #changeLayers(feed: Feed, info: number): void {
    const rewriter = this.#rewriter;
    if (feed !== rewriter.source && (info & KEYFRAME) === 0) return;
    this.#filter.follow(info, feed.rates.topTemporal);
    rewriter.topSpatialLayer = this.#filter.spatial;
    rewriter.topTemporalLayer = this.#filter.temporal;
  }

  /** A keyframe has come since then where it is of another feed: nobody needs it, but its place is filled. */
  #again({ source, sequence }: { readonly source: Feed; readonly sequence: number }, now: number): void {
    const rewriter = this.#rewriter;
    const isOld = source !== rewriter.source;
    const kept = fromCache(source, sequence);
    if (kept) this.#sendAgain(isOld ? rewriter.fill(source, kept) : this.#repeat(source, kept));
    else if (!isOld) source.wantPacket(sequence, now);
  }

  /** Each once, as they ask for the same ones again until they come. */
  #noteMissing(sequence: number): void {
    if (this.#askedFor !== undefined && sequenceDistance(sequence, this.#askedFor) <= 0) return;
    this.#askedFor = sequence;
    this.#counts.missing += 1;
  }

  #replan(): void {
    const { mid, audioLevel, videoOrientation, dependencyDescriptor } = this.#extensions;
    this.#plan = planExtensions({
      from: this.#track.extensions,
      to: {
        ...(audioLevel === undefined ? {} : { audioLevel }),
        ...(videoOrientation === undefined ? {} : { videoOrientation }),
        ...(dependencyDescriptor === undefined ? {} : { dependencyDescriptor }),
      },
      ...(mid === undefined || this.#isConfirmed ? {} : { mid: { id: mid, value: this.#options.mid } }),
    });
    const { source, pending } = this.#rewriter;
    if (source) this.#rewriter.switchTo(source, this.#plan);
    if (pending) this.#rewriter.switchTo(pending, this.#plan);
  }

  #repeat(feed: Feed, kept: IncomingPacket): Buffer | undefined {
    const repairs = this.#repairs?.isHeard ? this.#repairs : undefined;
    const packet = this.#rewriter.again(feed, kept, { isCounted: repairs === undefined });
    return repairs && packet ? repairs.wrap(packet) : packet;
  }

  #newRepairs(payloadType: number): RepairStream | undefined {
    const { repairSsrc: ssrc, site } = this.#options;
    if (ssrc === undefined) return undefined;
    return new RepairStream({ ssrc, payloadType, firstSequence: site.random() & 0x7fff, scratch: site.scratch });
  }

  /** A newcomer sees the latest keyframe and what followed at once, where that is little. */
  #replay(feed: Feed, now: number): void {
    const kept = feed.cache.sinceKeyframe();
    if (!kept) return;
    for (let i = 0; i < kept.count; i += 1) {
      const packet = fromCache(feed, (kept.first + i) & 0xffff);
      if (packet) this.packet(feed, packet, now);
    }
  }

  #send(packet: Buffer | undefined): void {
    if (packet === undefined) return;
    this.#counts.bytes += packet.length;
    this.#counts.packets += 1;
    this.#options.send(packet);
  }

  #sendAgain(packet: Buffer | undefined): void {
    if (packet) this.#options.send(packet);
  }
}

/** One for all: read and used within a call. */
const kept: IncomingPacket = { packet: Buffer.alloc(0), header: newHeader(), info: 0 };

function fromCache(feed: Feed, sequence: number): IncomingPacket | undefined {
  const packet = feed.cache.get(sequence);
  if (packet === undefined || !readHeader(packet, kept.header)) return undefined;
  kept.packet = packet;
  kept.info = feed.cache.infoOf(sequence);
  return kept;
}
