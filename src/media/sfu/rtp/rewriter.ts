import type { CodecName } from '../../port.ts';
import { put16, put32 } from './bytes.ts';
import { DescriptorRewriter } from './descriptor-rewriter.ts';
import { type ExtensionPlan, writeExtensions } from './extension-plan.ts';
import type { FrameDependencies } from './frame-dependencies.ts';
import type { RtpHeader } from './header.ts';
import { ntpOf } from './ntp.ts';
import { EMPTY, KEYFRAME, LAYER_END, needsKeyframe, spatialLayer } from './packet-info.ts';
import { PictureCount } from './picture-count.ts';
import type { TrackClock } from './publisher-clock.ts';
import type { SenderReportFields } from './rtcp.ts';
import { REACH, type Run, Runs, sourceNumber } from './runs.ts';
import type { Scratch } from './scratch.ts';
import { sequenceDistance } from './sequence.ts';
import { timestampShift } from './timestamp-shift.ts';

/** What a receiver's track may be fed from: one layer of one publisher's track. Known by its identity. */
export interface RewriterSource {
  readonly clock: TrackClock;
  /** Of AV1, what its descriptors said. */
  readonly dependencies?: FrameDependencies | undefined;
}

export interface RewriterOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly codec: CodecName;
  /** Random, so that what others can guess is little. 16 and 32 bits. */
  readonly firstSequence: number;
  readonly firstTimestamp: number;
  readonly scratch: Scratch;
}

/** A packet as it came in: the header was read from it, the info is `packetInfo` of it. One object does for all. */
export interface IncomingPacket {
  packet: Buffer;
  readonly header: RtpHeader;
  info: number;
}

interface Beginning<Source> {
  readonly source: Source;
  readonly extensions: ExtensionPlan;
  /** Under its old name, with other numbers and times. */
  readonly hasRestarted?: boolean;
}

/** Further ahead than this a source has begun anew rather than lost so many (RFC 3550 A.1). */
const JUMP = 3000;

/** And this far behind it has begun anew too: nothing is asked for again that is so old. */
const OLDEST = 512;

/** How late a packet of what was sent before may come, in milliseconds. Later its numbers may mean something else. */
const LATEST = 1000;

/**
 * One track as one receiver gets it: one SSRC with unbroken sequence numbers and timestamps, whatever it is fed from.
 * All packets it gives are views of the scratch, good until the next one is written.
 */
export class Rewriter<Source extends RewriterSource> {
  /**
   * The highest spatial layer that this receiver gets, where the caller drops those above: its last packet then ends
   * the picture, and says so (`spec/galene.md` 2.8).
   */
  topSpatialLayer = 7;
  /** The same of temporal layers, for who reads in packets what of a stream can be decoded. */
  topTemporalLayer = 7;

  readonly #options: RewriterOptions;
  readonly #scratch: Scratch;
  readonly #runs = new Runs<Source>();
  readonly #pictures: PictureCount | undefined;
  readonly #descriptors: DescriptorRewriter | undefined;
  #run: Run<Source> | undefined;
  #pending: Beginning<Source> | undefined;
  #isPaused = false;
  #strayNext = -1;
  #highestOut: number;
  #lastTimestamp = 0;
  #lastAt = 0;
  #packets = 0;
  #octets = 0;

  constructor(options: RewriterOptions) {
    this.#options = options;
    this.#scratch = options.scratch;
    this.#highestOut = options.firstSequence - 1;
    this.#pictures = options.codec === 'vp8' ? new PictureCount() : undefined;
    this.#descriptors = options.codec === 'av1' ? new DescriptorRewriter() : undefined;
  }

  /** Whose packets are sent now. */
  get source(): Source | undefined {
    return this.#isPaused ? undefined : this.#run?.source;
  }

  /** Whose packets are sent from their next keyframe on; as long as there is one, a keyframe of it is wanted. */
  get pending(): Source | undefined {
    return this.#pending?.source;
  }

  /** Of the packet that took the receiver furthest. */
  get lastSequence(): number {
    return this.#highestOut & 0xffff;
  }

  /**
   * Feeds it from another source: from its next keyframe on, or the next packet if it is audio, and from the old one
   * until then. Switching to what is sent already takes a pending switch back.
   */
  switchTo(source: Source, extensions: ExtensionPlan): void {
    this.#runs.replan(source, extensions);
    this.#pending = source === this.source ? undefined : { source, extensions };
  }

  /** Sends nothing more, and waits for no keyframe, until the next `switchTo`. */
  pause(): void {
    this.#pending = undefined;
    this.#isPaused = true;
  }

  /** The packet for the receiver, or nothing where they are not to have it (another layer, before the keyframe). */
  forward(source: Source, incoming: IncomingPacket, now: number): Buffer | undefined {
    if (incoming.info & EMPTY) return this.drop(source, incoming, now);
    if (source === this.#pending?.source && this.#mayBegin(incoming)) return this.#begin(incoming, this.#pending, now);
    const run = this.#run;
    if (run === undefined || run.source !== source || this.#isPaused) return this.#late(source, incoming, now);
    const ahead = sequenceDistance(incoming.header.sequence, run.last);
    if (ahead > JUMP || ahead < -OLDEST) return this.#stray(source, incoming, now);
    if (ahead <= 0) return this.#late(source, incoming, now);
    run.last += ahead;
    return this.#onward(run, incoming, now);
  }

  /**
   * A packet of the source that is being sent which this receiver is not to have (a temporal layer): those after it
   * close the gap. Where the gap was already shown to the receiver, gives an empty packet to send in its place.
   */
  drop(source: Source, incoming: IncomingPacket, now: number): Buffer | undefined {
    const run = this.#run;
    if (run === undefined || run.source !== source || this.#isPaused) return undefined;
    const ahead = sequenceDistance(incoming.header.sequence, run.last);
    if (ahead > JUMP || ahead < -OLDEST) return this.#stray(source, incoming, now);
    if (ahead > 0) {
      this.#close(run, incoming, ahead);
      return undefined;
    }
    const sent = this.#runs.ofSource(source, incoming.header.sequence);
    return sent && this.#write(sent, incoming, { empty: true });
  }

  /** Where a packet came from that the receiver asks for again; undefined where it was long ago or never sent. */
  originOf(sequence: number): { readonly source: Source; readonly sequence: number } | undefined {
    const behind = sequenceDistance(sequence, this.#highestOut);
    if (behind > 0 || behind <= -REACH) return undefined;
    const number = this.#highestOut + behind;
    const run = this.#runs.ofReceiver(number);
    return run && { source: run.source, sequence: (number - run.sequenceShift) & 0xffff };
  }

  /**
   * The same packet once more, from the cache of its source. Changes nothing but the counts of the sender report, and
   * not those where it goes out as a part of another stream.
   */
  again(source: Source, incoming: IncomingPacket, options: { readonly isCounted?: boolean } = {}): Buffer | undefined {
    const run = this.#runs.ofSource(source, incoming.header.sequence);
    if (run === undefined) return undefined;
    const { isCounted } = options;
    return this.#write(run, incoming, { empty: (incoming.info & EMPTY) !== 0, isCounted });
  }

  /** An empty packet in the place of one that was sent, where it is of no use any more. */
  fill(source: Source, incoming: IncomingPacket): Buffer | undefined {
    const run = this.#runs.ofSource(source, incoming.header.sequence);
    return run && this.#write(run, incoming, { empty: true });
  }

  /** What the receiver is to be told now; undefined before anything was sent or the publisher's first report came. */
  senderReport(now: number): SenderReportFields | undefined {
    const timestamp = this.#run?.source.clock.timestampAt(now);
    if (this.#run === undefined || timestamp === undefined) return undefined;
    return {
      ssrc: this.#options.ssrc,
      ntp: ntpOf(now),
      rtpTimestamp: (timestamp + this.#run.timestampShift) >>> 0,
      packetCount: this.#packets >>> 0,
      octetCount: this.#octets >>> 0,
    };
  }

  #mayBegin({ info }: IncomingPacket): boolean {
    return (info & KEYFRAME) !== 0 || !needsKeyframe(this.#options.codec);
  }

  #begin(
    incoming: IncomingPacket,
    { source, extensions, hasRestarted }: Beginning<Source>,
    now: number,
  ): Buffer | undefined {
    const { header, packet } = incoming;
    const before = this.#run;
    const shift = before
      ? timestampShift(header.timestamp, now, {
          last: { timestamp: this.#lastTimestamp, at: this.#lastAt },
          // What was reported of it held for before.
          ...(hasRestarted ? {} : { from: { clock: before.source.clock, shift: before.timestampShift } }),
          to: source.clock,
        })
      : this.#options.firstTimestamp - header.timestamp;
    this.#pictures?.align(packet, header);
    if (extensions.descriptor) this.#descriptors?.align(packet, header, extensions.descriptor.from);
    this.#run = this.#runs.begin({
      source,
      extensions,
      first: header.sequence,
      last: header.sequence,
      sequenceShift: this.#highestOut + 1 - header.sequence,
      timestampShift: shift,
      pictureShift: this.#pictures?.shift ?? this.#descriptors?.shift ?? 0,
      tl0Shift: this.#pictures?.tl0Shift ?? 0,
      usedAt: now,
    });
    this.#pending = undefined;
    this.#isPaused = false;
    this.#strayNext = -1;
    return this.#onward(this.#run, incoming, now);
  }

  /** The packet that takes the track on: everything else that is written repeats or fills in. */
  #onward(run: Run<Source>, incoming: IncomingPacket, now: number): Buffer | undefined {
    run.usedAt = now;
    this.#highestOut = run.last + run.sequenceShift;
    this.#lastTimestamp = incoming.header.timestamp + run.timestampShift;
    this.#lastAt = now;
    const { packet, header } = incoming;
    const { descriptor } = run.extensions;
    this.#pictures?.sent(packet, header);
    if (descriptor) this.#descriptors?.sent(packet, header, descriptor.from);
    return this.#write(run, incoming);
  }

  #late(source: Source, incoming: IncomingPacket, now: number): Buffer | undefined {
    const run = this.#runs.ofSource(source, incoming.header.sequence);
    if (run === undefined || (run !== this.#run && now - run.usedAt > LATEST)) return undefined;
    return this.#write(run, incoming);
  }

  /** One packet from far away is passed over; two in a row are a source that began anew (RFC 3550 A.1). */
  #stray(source: Source, incoming: IncomingPacket, now: number): Buffer | undefined {
    const { sequence } = incoming.header;
    const follows = sequence === this.#strayNext;
    this.#strayNext = (sequence + 1) & 0xffff;
    if (!follows || this.#run === undefined) return undefined;
    const restarted = { source, extensions: this.#run.extensions, hasRestarted: true };
    if (!(incoming.info & EMPTY) && this.#mayBegin(incoming)) return this.#begin(incoming, restarted, now);
    this.#pending ??= restarted;
    return undefined;
  }

  /** What is missing before the dropped packet keeps its place; after it a new run closes the gap. */
  #close(run: Run<Source>, { packet, header, info }: IncomingPacket, ahead: number): void {
    if (!(info & EMPTY)) this.#pictures?.dropped(packet, header);
    const next = run.last + ahead;
    run.last = next - 1;
    this.#highestOut = run.last + run.sequenceShift;
    const isUnused = run.first > run.last;
    const target = isUnused ? run : this.#runs.fork(run);
    target.first = next + 1;
    target.last = next;
    target.sequenceShift -= 1;
    target.pictureShift = this.#pictures?.shift ?? this.#descriptors?.shift ?? 0;
    this.#run = target;
  }

  #write(
    run: Run<Source>,
    incoming: IncomingPacket,
    { empty = false, isCounted = true }: { readonly empty?: boolean; readonly isCounted?: boolean | undefined } = {},
  ): Buffer | undefined {
    const { packet, header, info } = incoming;
    const out = this.#scratch.bytes;
    const descriptor = empty ? undefined : this.#descriptorFor(run, incoming);
    const start = writeExtensions(run.extensions, incoming, out, descriptor);
    const size = empty ? 0 : header.payloadEnd - header.payloadStart;
    if (start + size > out.length) return undefined;
    const { payloadType, ssrc } = this.#options;
    out[0] = start > 12 ? 0x90 : 0x80;
    out[1] = this.#marks(header, info) && size > 0 ? payloadType | 0x80 : payloadType;
    put16(out, 2, sourceNumber(run, header.sequence) + run.sequenceShift);
    put32(out, 4, header.timestamp + run.timestampShift);
    put32(out, 8, ssrc);
    if (size > 0) packet.copy(out, start, header.payloadStart, header.payloadEnd);
    if (size > 0) this.#pictures?.rewrite(out, start, start + size, run);
    if (isCounted) this.#count(size);
    return this.#scratch.view(start + size);
  }

  #descriptorFor(run: Run<Source>, incoming: IncomingPacket): Uint8Array | undefined {
    const { descriptor } = run.extensions;
    if (!descriptor || !this.#descriptors) return undefined;
    const layers = { spatial: this.topSpatialLayer, temporal: this.topTemporalLayer };
    const { dependencies } = run.source;
    return this.#descriptors.rewrite(incoming, { id: descriptor.from, shift: run.pictureShift, dependencies, layers });
  }

  #count(octets: number): void {
    this.#packets += 1;
    this.#octets += octets;
  }

  #marks({ marker }: RtpHeader, info: number): boolean {
    return marker || ((info & LAYER_END) !== 0 && spatialLayer(info) === this.topSpatialLayer);
  }
}
