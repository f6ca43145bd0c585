import { DownTrack } from './down-track.ts';
import { PacketAllowance } from './packet-allowance.ts';
import type { PublishedTrack } from './published-track.ts';
import { FirMemory } from './rtp/fir-memory.ts';
import { packetKind } from './rtp/packet-kind.ts';
import { parseRtcp } from './rtp/parse-rtcp.ts';
import type { RtcpPacket } from './rtp/rtcp.ts';
import type { Site } from './site.ts';

export interface ReceiverMediaOptions {
  readonly site: Site;
  /** Those that are sent now. */
  tracks(): Iterable<DownTrack>;
  /** False where it did not go out. */
  send(packet: Buffer): boolean;
}

/** Packets a second: they send RTCP only, and what they ask for again is bounded, too. */
const MOST_RTCP = 500;
const MOST_AGAIN = 2_000;

/** What one receiver is sent, and what they say of it: the same whoever of us offered. */
export class ReceiverMedia {
  /** The same for all their tracks: lip sync. */
  readonly cname: string;
  readonly #options: ReceiverMediaOptions;
  readonly #reports: PacketAllowance;
  readonly #resends: PacketAllowance;
  readonly #firs = new FirMemory();

  constructor(options: ReceiverMediaOptions) {
    this.#options = options;
    const { site } = options;
    this.cname = `${site.random().toString(36)}${site.random().toString(36)}`;
    this.#reports = new PacketAllowance(MOST_RTCP, site.now());
    this.#resends = new PacketAllowance(MOST_AGAIN, site.now());
  }

  /** A track on its way to them, under SSRCs that none of the others has. */
  newTrack(track: PublishedTrack, as: { readonly mid: string; readonly payloadType: number }): DownTrack {
    const { site, send } = this.#options;
    const ssrc = this.#newSsrc();
    const repairSsrc = track.kind === 'video' ? this.#newSsrc(ssrc) : undefined;
    return new DownTrack({ ...as, ssrc, repairSsrc, cname: this.cname, track, site, send });
  }

  /** What comes from them. */
  take(packet: Buffer): void {
    const { site } = this.#options;
    const now = site.now();
    if (packetKind(packet) !== 'rtcp' || !this.#reports.take(now)) return;
    try {
      for (const part of parseRtcp(packet)) this.#takeReport(part, now);
    } catch (error) {
      site.failed(error, 'a packet of a receiver');
    }
  }

  /** Every half second (`spec/galene.md` 2.10). */
  report(now: number): void {
    for (const track of this.#options.tracks()) track.report(now);
  }

  stop(): void {
    for (const track of this.#options.tracks()) track.stop();
  }

  #newSsrc(other = 0): number {
    const taken = [...this.#options.tracks()].flatMap(({ ssrc, repairSsrc = 0 }) => [ssrc, repairSsrc]);
    for (;;) {
      const ssrc = this.#options.site.random();
      if (ssrc > 0 && ssrc !== other && !taken.includes(ssrc)) return ssrc;
    }
  }

  #takeReport(part: RtcpPacket, now: number): void {
    switch (part.kind) {
      case 'sender-report':
      case 'receiver-report':
        for (const block of part.blocks) this.#track(block.ssrc)?.reported(block, now);
        return;
      case 'nack':
        this.#resend(part.media, part.sequences, now);
        return;
      case 'picture-loss':
        this.#track(part.media)?.wantKeyframe(now);
        return;
      case 'full-intra-request':
        for (const request of part.requests) {
          if (this.#firs.isNew(part.sender, request)) this.#track(request.media)?.wantKeyframe(now);
        }
        return;
      case 'estimated-bitrate':
        for (const ssrc of part.media) this.#track(ssrc)?.estimated(part.bitrate, now);
        return;
      case 'source-description':
      case 'goodbye':
        return;
      default:
        part satisfies never;
    }
  }

  #resend(media: number, sequences: readonly number[], now: number): void {
    const track = this.#track(media);
    if (!track) return;
    const allowed = sequences.filter(() => this.#resends.take(now));
    track.resend(allowed, now);
  }

  #track(ssrc: number): DownTrack | undefined {
    for (const track of this.#options.tracks()) if (track.ssrc === ssrc) return track;
    return undefined;
  }
}
