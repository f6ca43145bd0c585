import type { MediaKind } from './client-codecs.ts';
import type { Timing } from './client-options.ts';
import { parseRtcp, type Rtcp, writeRtcp } from './client-rtcp.ts';
import { parseRtp } from './client-rtp.ts';
import { type ReceivedStatistics, RtpReceiver } from './client-rtp-receiver.ts';

/** What is known of the track that a packet is of. */
export interface ReceivedTrack {
  readonly mid: string | undefined;
  readonly kind: MediaKind;
  readonly clockRate: number;
  /** Frames are looked at where it is `vp8`. */
  readonly codec: string;
}

export interface SyntheticReceiverOptions {
  readonly timing: Timing;
  readonly random: () => number;
  send(packet: Buffer): boolean;
  /** Whether lost packets are asked for. Unless said they are. */
  readonly nack?: 'ask' | 'never';
  /** Whether keyframes are asked for, by PLI, where pictures cannot be shown. Unless said they are. */
  readonly keyframes?: 'ask' | 'never';
  /** Bits per second; nothing is said about it unless said. */
  readonly bitrate?: number;
  /** Between packets that follow each other; 1,000 unless said. */
  readonly maxTimestampStepMs?: number;
  /** How long a lost packet is waited for; 1,000 unless said. */
  readonly giveUpMs?: number;
}

const TICK_MS = 20;
const REPORT_MS = 1_000;
const ASK_FOR_KEYFRAME_MS = 500;
/** A connection carries a handful; more is somebody who makes them up. */
const MAX_SSRCS = 64;

/** A receiver for tests: checks what it gets, reports, and asks for what is missing. Owns timers. */
export class SyntheticReceiver {
  readonly #options: SyntheticReceiverOptions;
  readonly #ssrc: number;
  readonly #receivers = new Map<number, RtpReceiver>();
  readonly #stops: readonly (() => void)[];
  readonly #askedAt = new Map<number, number>();
  #bitrate: number | undefined;
  #plis = 0;
  #firs = 0;

  constructor(options: SyntheticReceiverOptions) {
    this.#options = options;
    this.#ssrc = 1 + Math.floor(options.random() * 0xffff_fffe);
    this.#bitrate = options.bitrate;
    const { timing } = options;
    this.#stops = [timing.every(TICK_MS, () => this.#tick()), timing.every(REPORT_MS, () => this.#report())];
  }

  /** Of each SSRC, in the order in which they came. */
  get statistics(): readonly ReceivedStatistics[] {
    return [...this.#receivers.values()].map(({ statistics }) => statistics);
  }

  /** How often keyframes were asked for by PLI. */
  get plis(): number {
    return this.#plis;
  }

  /** What came last of a kind, over all its SSRCs that is the newest one. */
  latest(kind: MediaKind): ReceivedStatistics | undefined {
    return this.statistics.findLast((each) => each.kind === kind);
  }

  receive(bytes: Buffer, track: ReceivedTrack | undefined): void {
    const packet = parseRtp(bytes);
    if (!packet || !track) return;
    const receiver = this.#receivers.get(packet.ssrc) ?? this.#begin(packet.ssrc, track);
    if (!receiver) return;
    const now = this.#options.timing.now();
    receiver.receive(packet, now);
    this.#ask(packet.ssrc, receiver, now);
  }

  receiveRtcp(bytes: Buffer): void {
    for (const part of parseRtcp(bytes)) {
      if (part.type === 'sender-report' || part.type === 'name') {
        this.#receivers.get(part.ssrc)?.heard(part, this.#options.timing.now());
      }
    }
  }

  /** Says from now on how much may be sent, in bits per second. */
  limit(bitrate: number | undefined): void {
    this.#bitrate = bitrate;
    this.#report();
  }

  /** Asks for a keyframe, of the newest pictures. A FIR's number grows with each. */
  askForKeyframe(how: 'pli' | 'fir'): void {
    const ssrc = this.latest('video')?.ssrc;
    if (ssrc === undefined) return;
    if (how === 'pli') this.#plis += 1;
    else this.#firs += 1;
    const about = { sender: this.#ssrc, ssrc };
    this.#say([how === 'pli' ? { type: 'pli', ...about } : { type: 'fir', ...about, number: this.#firs }]);
  }

  close(): void {
    for (const stop of this.#stops) stop();
  }

  #begin(ssrc: number, track: ReceivedTrack): RtpReceiver | undefined {
    if (this.#receivers.size >= MAX_SSRCS) return undefined;
    const { maxTimestampStepMs = 1_000, giveUpMs = 1_000 } = this.#options;
    const receiver = new RtpReceiver({ ssrc, ...track, maxTimestampStepMs, giveUpMs });
    this.#receivers.set(ssrc, receiver);
    return receiver;
  }

  #tick(): void {
    const now = this.#options.timing.now();
    for (const [ssrc, receiver] of this.#receivers) {
      receiver.giveUp(now);
      this.#ask(ssrc, receiver, now);
    }
  }

  #ask(ssrc: number, receiver: RtpReceiver, now: number): void {
    const { nack = 'ask', keyframes = 'ask' } = this.#options;
    const missing = nack === 'ask' ? receiver.wanted(now) : [];
    if (missing.length > 0) this.#say([{ type: 'nack', sender: this.#ssrc, ssrc, missing }]);
    const askedAt = this.#askedAt.get(ssrc) ?? Number.NEGATIVE_INFINITY;
    if (keyframes !== 'ask' || !receiver.needsKeyframe || now - askedAt < ASK_FOR_KEYFRAME_MS) return;
    this.#askedAt.set(ssrc, now);
    this.#plis += 1;
    this.#say([{ type: 'pli', sender: this.#ssrc, ssrc }]);
  }

  #report(): void {
    const now = this.#options.timing.now();
    const receivers = [...this.#receivers.values()];
    if (receivers.length === 0) return;
    const ssrcs = receivers.flatMap(({ statistics }) => (statistics.kind === 'video' ? [statistics.ssrc] : []));
    const bitrate = this.#bitrate;
    // A report has room for 31 of them; the newest are of interest.
    const reports = receivers.slice(-31).map((receiver) => receiver.report(now));
    this.#say([
      { type: 'receiver-report', ssrc: this.#ssrc, reports },
      ...(bitrate === undefined ? [] : [{ type: 'remb', sender: this.#ssrc, bitrate, ssrcs } as const]),
    ]);
  }

  #say(parts: readonly Exclude<Rtcp, { readonly type: 'other' }>[]): void {
    this.#options.send(writeRtcp(parts));
  }
}
