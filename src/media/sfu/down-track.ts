import type { TrackKind } from '../../core/stream.ts';
import type { Feed } from './feed.ts';
import type { PublishedTrack, Quality, TrackReceiver } from './published-track.ts';
import { senderReport } from './rtp/build-rtcp.ts';
import { type ExtensionPlan, planExtensions } from './rtp/extension-plan.ts';
import { newHeader, readHeader } from './rtp/header.ts';
import { LossBasedRate } from './rtp/loss-based-rate.ts';
import { FRAME_START, KEYFRAME, spatialLayer } from './rtp/packet-info.ts';
import { RepairStream } from './rtp/repair-stream.ts';
import { type IncomingPacket, Rewriter } from './rtp/rewriter.ts';
import { RoundTrip } from './rtp/round-trip.ts';
import type { ReportBlock } from './rtp/rtcp.ts';
import type { ExtensionIds } from './sdp/extensions.ts';
import type { Site } from './site.ts';

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

const EVERY_LAYER = 7;

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
  #track: PublishedTrack;
  #quality: Quality = 'high';
  #wantedTop = EVERY_LAYER;
  #extensions: ExtensionIds = {};
  #plan: ExtensionPlan = planExtensions({});
  #isConfirmed = false;
  #isLive = false;
  #estimate = Number.POSITIVE_INFINITY;
  #estimatedAt = 0;
  #bytes = 0;
  #measured = { at: 0, bitrate: 0, loss: 0, jitterMs: 0 };

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

  get roundTripMs(): number | undefined {
    return this.#roundTrip.ms;
  }

  get waitMs(): number {
    return (this.#roundTrip.ms ?? 0) + 4 * this.#measured.jitterMs;
  }

  get measured(): { readonly bitrate: number; readonly loss: number; readonly jitterMs: number } {
    return this.#measured;
  }

  /** Which track, in which size. Takes effect at once where packets flow. */
  choose(track: PublishedTrack, quality: Quality): void {
    const isAnother = track !== this.#track;
    if (isAnother) this.#track.remove(this);
    this.#track = track;
    this.#quality = quality;
    // Of a track in one size, little is its lowest spatial layer, where it has several (`spec/galene.md` 1.7).
    this.#wantedTop = quality === 'low' && track.layers === 1 ? 0 : EVERY_LAYER;
    if (isAnother) this.#replan();
    if (!this.#isLive) return;
    track.add(this);
    this.settle(this.#options.site.now());
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
    const best = this.#track.feedFor(this.#quality, now);
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
    if (rewriter.topSpatialLayer !== this.#wantedTop) this.#changeTop(incoming.info);
    const isAbove = spatialLayer(incoming.info) > rewriter.topSpatialLayer;
    this.#send(isAbove ? rewriter.drop(feed, incoming, now) : rewriter.forward(feed, incoming, now));
  }

  /** They ask for these again. */
  resend(sequences: readonly number[], now: number): void {
    for (const sequence of sequences) {
      const origin = this.#rewriter.originOf(sequence);
      if (!origin) continue;
      const kept = fromCache(origin.source, origin.sequence);
      if (kept) this.#send(this.#again(origin.source, kept));
      else origin.source.wantPacket(origin.sequence, now);
    }
  }

  wantKeyframe(now: number): void {
    (this.#rewriter.pending ?? this.#rewriter.source)?.wantKeyframe(now);
  }

  remind(now: number): void {
    const { source, pending, topSpatialLayer } = this.#rewriter;
    if (pending) pending.wantKeyframe(now);
    else if (topSpatialLayer < this.#wantedTop) source?.wantKeyframe(now);
  }

  reported(block: ReportBlock, now: number): void {
    const seconds = (now - this.#measured.at) / 1000;
    const bitrate = this.#measured.at === 0 ? 0 : (this.#bytes * 8) / Math.max(0.1, seconds);
    this.#bytes = 0;
    const { clockRate } = this.#track.codec;
    const loss = block.fractionLost / 256;
    this.#measured = { at: now, bitrate, loss, jitterMs: Math.min(1000, (block.jitter / clockRate) * 1000) };
    this.#roundTrip.report(block, now);
    this.#losses.report({ fractionLost: block.fractionLost, usedBitrate: bitrate }, now);
    if (!this.#isConfirmed) this.#confirm();
  }

  estimated(bitrate: number, now: number): void {
    this.#estimate = bitrate;
    this.#estimatedAt = now;
  }

  allowed(now: number): number {
    const estimate = now - this.#estimatedAt < FORGOTTEN ? this.#estimate : Number.POSITIVE_INFINITY;
    return Math.min(this.#losses.allowed(now), estimate);
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

  /** Fewer layers from the next picture on, more from the next keyframe on, which is asked for until then. */
  #changeTop(info: number): void {
    const isLess = this.#wantedTop < this.#rewriter.topSpatialLayer;
    if ((info & (isLess ? FRAME_START : KEYFRAME)) !== 0) this.#rewriter.topSpatialLayer = this.#wantedTop;
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

  #again(feed: Feed, kept: IncomingPacket): Buffer | undefined {
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
      if (packet) this.#send(this.#rewriter.forward(feed, packet, now));
    }
  }

  #send(packet: Buffer | undefined): void {
    if (packet === undefined) return;
    this.#bytes += packet.length;
    this.#options.send(packet);
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
