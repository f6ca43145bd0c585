import type { CodecName } from '../port.ts';
import { nack, pictureLoss } from './rtp/build-rtcp.ts';
import { FrameDependencies } from './rtp/frame-dependencies.ts';
import type { RtpHeader } from './rtp/header.ts';
import { KeyframeRequests } from './rtp/keyframe-requests.ts';
import { LayerRates } from './rtp/layer-rates.ts';
import { MissingPackets } from './rtp/missing-packets.ts';
import { PacketCache } from './rtp/packet-cache.ts';
import { KEYFRAME, needsKeyframe, packetInfo, withDescriptor } from './rtp/packet-info.ts';
import type { TrackClock } from './rtp/publisher-clock.ts';
import { RateMeter } from './rtp/rate-meter.ts';
import { Reception } from './rtp/reception.ts';
import type { IncomingPacket, RewriterSource } from './rtp/rewriter.ts';

export interface FeedOptions {
  readonly ssrc: number;
  /** The layer's place among those of its track, the best first. */
  readonly layer: number;
  readonly rid: string | undefined;
  readonly codec: CodecName;
  readonly clock: TrackClock;
  /** The publisher's id of the dependency descriptor; undefined where they send none. */
  descriptorId?(): number | undefined;
  /** To the publisher. */
  send(packet: Buffer): void;
}

/** A layer that was silent for so long is not sent at the moment. Milliseconds. */
const SILENT = 1_000;

/** What arrives of one layer of one track: counted, kept for a while, asked for again where it is missing. */
export class Feed implements RewriterSource {
  readonly ssrc: number;
  readonly layer: number;
  readonly clock: TrackClock;
  readonly cache: PacketCache;
  readonly reception: Reception;
  /** What its descriptors say of its frames; of AV1. */
  readonly dependencies: FrameDependencies | undefined;
  readonly rate = new RateMeter();
  /** What arrives of each of its layers. */
  readonly rates = new LayerRates();
  readonly #options: FeedOptions;
  readonly #missing = new MissingPackets();
  readonly #keyframes = new KeyframeRequests();
  readonly #hasKeyframes: boolean;
  #packetsPerSecond = 0;
  #receivedAt = 0;

  constructor(options: FeedOptions) {
    this.#options = options;
    this.ssrc = options.ssrc;
    this.layer = options.layer;
    this.clock = options.clock;
    this.#hasKeyframes = needsKeyframe(options.codec);
    this.dependencies = options.codec === 'av1' ? new FrameDependencies() : undefined;
    this.cache = new PacketCache({ minimum: this.#hasKeyframes ? 128 : 24 });
    this.reception = new Reception({ ssrc: options.ssrc, clockRate: options.clock.clockRate });
  }

  get rid(): string | undefined {
    return this.#options.rid;
  }

  isActive(now: number): boolean {
    return now - this.#receivedAt < SILENT;
  }

  /** Its first packet is about to be received. */
  begin(now: number): void {
    this.#receivedAt = now;
  }

  /** Reads the payload into `incoming.info`. False for what nobody is to get: doubles, and what does not belong here. */
  receive(incoming: IncomingPacket, now: number): boolean {
    const { packet, header } = incoming;
    const { sequence } = header;
    const arrival = this.reception.receive(sequence, header.timestamp, now);
    // One that was fetched for a receiver, because it was forgotten here, is there for the second time and wanted.
    const isFetched = arrival === 'duplicate' && !this.cache.has(sequence);
    if (arrival === 'stray' || (arrival === 'duplicate' && !isFetched)) return false;
    if (arrival === 'restarted') this.#restart();
    const info = this.#infoOf(packet, header);
    incoming.info = info;
    this.#receivedAt = now;
    this.rate.add(packet.length, now);
    this.rates.add(info, packet.length);
    this.#keyframes.received(info, now);
    this.cache.store(packet, sequence, info);
    this.#note(sequence, info, now);
    if (arrival !== 'next') this.askAgain(now);
    return true;
  }

  #note(sequence: number, info: number, now: number): void {
    this.#missing.received(sequence, { now, packetsPerSecond: this.#packetsPerSecond });
    // A keyframe may begin before the packet that shows it to be one (H.264).
    const { keyframe } = this.cache;
    if ((info & KEYFRAME) !== 0 && keyframe !== undefined && this.#hasKeyframes) this.#missing.keyframe(keyframe);
  }

  /** A receiver wants a packet that is not here. */
  wantPacket(sequence: number, now: number): void {
    this.#missing.askedFor(sequence, now);
  }

  wantKeyframe(now: number): void {
    if (!this.#hasKeyframes) return;
    this.#keyframes.want();
    this.askForKeyframe(now);
  }

  /** Asks for what is missing, where it is time to. Audio, too: a packet that comes late fills a gap in the buffer. */
  askAgain(now: number): void {
    if (this.#missing.isEmpty) return;
    const due = this.#missing.due(now);
    if (due.length > 0) this.#options.send(nack(this.ssrc, due));
    if (this.#missing.takeLost()) this.wantKeyframe(now);
  }

  askForKeyframe(now: number): void {
    if (this.#keyframes.take(now)) this.#options.send(pictureLoss(this.ssrc));
  }

  /** Once a second: how much is to be remembered, given the slowest of the receivers. */
  fit(longestWaitMs: number, now: number): void {
    this.#packetsPerSecond = this.rate.packetsPerSecond(now);
    this.cache.fit({ packetsPerSecond: this.#packetsPerSecond, longestWaitMs });
  }

  #infoOf(packet: Buffer, header: RtpHeader): number {
    const { codec, descriptorId } = this.#options;
    const id = descriptorId?.();
    const described = id === undefined ? undefined : this.dependencies?.info(packet, header, id);
    const info = packetInfo(codec, packet, header);
    return described === undefined ? info : withDescriptor(info, described);
  }

  #restart(): void {
    this.cache.clear();
    this.dependencies?.reset();
    this.#missing.reset();
    this.clock.restart();
  }
}
