import type { MediaKind } from './client-codecs.ts';
import { FrameAssembler, type FrameStatistics } from './client-frame-assembler.ts';
import type { ReportBlock, Rtcp } from './client-rtcp.ts';
import { type RtpPacket, unwrap } from './client-rtp.ts';

export interface RtpReceiverOptions {
  readonly ssrc: number;
  readonly mid: string | undefined;
  readonly kind: MediaKind;
  readonly clockRate: number;
  readonly codec: string;
  /** How far apart two packets may be that follow each other, in milliseconds. */
  readonly maxTimestampStepMs: number;
  /** How long a lost packet is waited for. */
  readonly giveUpMs: number;
}

export interface ReceivedStatistics extends FrameStatistics {
  readonly ssrc: number;
  readonly mid: string | undefined;
  readonly kind: MediaKind;
  readonly payloadType: number;
  readonly packets: number;
  readonly bytes: number;
  readonly duplicates: number;
  /** Missing once and there later, with and without being asked for. */
  readonly recovered: number;
  readonly reordered: number;
  /** Never came, and are not waited for any more. */
  readonly lost: number;
  /** Are waited for. */
  readonly missing: number;
  /** How often packets were asked for. */
  readonly nacked: number;
  /** Numbers that begin anew somewhere else. */
  readonly sequenceBreaks: number;
  /** Times that go back, or too far ahead, between packets that follow each other. */
  readonly timestampBreaks: number;
  /** In units of the clock rate (RFC 3550 6.4.1). */
  readonly jitter: number;
  readonly senderReports: number;
  readonly lastSenderReport: { readonly ntp: bigint; readonly rtp: number; readonly at: number } | undefined;
  readonly cname: string | undefined;
  /** Of the newest packet. */
  readonly lastTimestamp: number | undefined;
}

interface Missing {
  readonly since: number;
  asked: number;
  askedAt: number;
}

/** Further apart than this, packets do not belong to the same count. */
const MAX_GAP = 1_000;
const ASK_AGAIN_MS = 50;
const MAX_ASKED = 20;

/** One SSRC: finds what is missing, puts packets in order, and checks them. It has no timers: it is told the time. */
export class RtpReceiver {
  readonly #options: RtpReceiverOptions;
  readonly #assembler = new FrameAssembler();
  readonly #waiting = new Map<number, RtpPacket>();
  readonly #missing = new Map<number, Missing>();
  /** Numbers without their wrapping: the next to be checked, the highest that came, the first of the count. */
  #next = 0;
  #highest = 0;
  #first = 0;
  #isBegun = false;
  #last: RtpPacket | undefined;
  #payloadType = 0;
  #transit: number | undefined;
  #counts = {
    ...{ packets: 0, bytes: 0, duplicates: 0, recovered: 0, reordered: 0, lost: 0, nacked: 0 },
    ...{ sequenceBreaks: 0, timestampBreaks: 0, jitter: 0, senderReports: 0 },
  };
  #senderReport: ReceivedStatistics['lastSenderReport'];
  #cname: string | undefined;
  /** What the last report counted. */
  #reported = { expected: 0, received: 0 };

  constructor(options: RtpReceiverOptions) {
    this.#options = options;
  }

  get statistics(): ReceivedStatistics {
    const { ssrc, mid, kind } = this.#options;
    return {
      ...{ ssrc, mid, kind, payloadType: this.#payloadType, ...this.#counts, ...this.#assembler.statistics },
      ...{ missing: this.#missing.size, lastSenderReport: this.#senderReport, cname: this.#cname },
      lastTimestamp: this.#last?.timestamp,
    };
  }

  get needsKeyframe(): boolean {
    return this.#isBegun && this.#options.codec === 'vp8' && this.#assembler.needsKeyframe;
  }

  receive(packet: RtpPacket, now: number): void {
    const number = this.#numberOf(packet);
    this.#counts.packets += 1;
    this.#counts.bytes += packet.payload.length;
    this.#payloadType = packet.payloadType;
    this.#measure(packet, now);
    if (number < this.#next || this.#waiting.has(number)) {
      this.#counts.duplicates += 1;
      return;
    }
    this.#arrived(number, now);
    this.#waiting.set(number, packet);
    this.#check();
  }

  heard(part: Rtcp, now: number): void {
    if (part.type === 'name') this.#cname = part.cname;
    if (part.type !== 'sender-report') return;
    this.#counts.senderReports += 1;
    this.#senderReport = { ntp: part.ntp, rtp: part.rtp, at: now };
  }

  /** What to ask for now. */
  wanted(now: number): readonly number[] {
    const wanted: number[] = [];
    for (const [number, missing] of this.#missing) {
      if (missing.asked >= MAX_ASKED || now - missing.askedAt < ASK_AGAIN_MS) continue;
      missing.asked += 1;
      missing.askedAt = now;
      wanted.push(number & 0xffff);
    }
    this.#counts.nacked += wanted.length;
    return wanted;
  }

  /** Waits no longer for what is missing for too long. */
  giveUp(now: number): void {
    for (const [number, { since }] of this.#missing) {
      if (now - since < this.#options.giveUpMs) continue;
      this.#missing.delete(number);
      this.#counts.lost += 1;
    }
    this.#check();
  }

  report(now: number): ReportBlock {
    const expected = this.#isBegun ? this.#highest - this.#first + 1 : 0;
    const received = this.#counts.packets - this.#counts.duplicates;
    const since = { expected: expected - this.#reported.expected, received: received - this.#reported.received };
    this.#reported = { expected, received };
    const lost = Math.max(0, since.expected - since.received);
    return {
      ssrc: this.#options.ssrc,
      fractionLost: since.expected > 0 ? Math.min(255, Math.floor((lost * 256) / since.expected)) : 0,
      lost: Math.max(0, expected - received),
      highest: this.#highest >>> 0,
      jitter: Math.floor(this.#counts.jitter),
      lastReport: this.#senderReport ? Number((this.#senderReport.ntp >> 16n) & 0xffffffffn) : 0,
      delay: this.#senderReport ? Math.round(((now - this.#senderReport.at) * 65_536) / 1_000) : 0,
    };
  }

  #numberOf({ sequenceNumber }: RtpPacket): number {
    const number = unwrap(sequenceNumber, { near: this.#isBegun ? this.#highest : sequenceNumber, bits: 16 });
    if (this.#isBegun && Math.abs(number - this.#highest) <= MAX_GAP) return number;
    if (this.#isBegun) this.#restart();
    this.#isBegun = true;
    this.#first = this.#next = number;
    this.#highest = number - 1;
    return number;
  }

  #restart(): void {
    this.#counts.sequenceBreaks += 1;
    this.#missing.clear();
    this.#waiting.clear();
    this.#assembler.gap();
    this.#last = undefined;
    // The count begins anew, as the highest number does.
    this.#reported = { expected: 0, received: this.#counts.packets };
  }

  #arrived(number: number, now: number): void {
    const missing = this.#missing.get(number);
    this.#missing.delete(number);
    if (missing && missing.asked > 0) this.#counts.recovered += 1;
    else if (missing) this.#counts.reordered += 1;
    for (let each = this.#highest + 1; each < number; each++) {
      this.#missing.set(each, { since: now, asked: 0, askedAt: Number.NEGATIVE_INFINITY });
    }
    this.#highest = Math.max(this.#highest, number);
  }

  /** Everything up to the first that is still waited for. */
  #check(): void {
    for (; this.#next <= this.#highest && !this.#missing.has(this.#next); this.#next++) {
      const packet = this.#waiting.get(this.#next);
      this.#waiting.delete(this.#next);
      if (packet) this.#follows(packet);
      else {
        this.#assembler.gap();
        this.#last = undefined;
      }
    }
  }

  #follows(packet: RtpPacket): void {
    const { maxTimestampStepMs, clockRate, codec } = this.#options;
    const before = this.#last?.timestamp;
    if (before !== undefined) {
      const step = unwrap(packet.timestamp, { near: before, bits: 32 }) - before;
      const isTooFar = step < 0 || (step * 1_000) / clockRate > maxTimestampStepMs;
      if (isTooFar) this.#counts.timestampBreaks += 1;
    }
    this.#last = packet;
    if (codec === 'vp8') this.#assembler.add(packet);
  }

  #measure({ timestamp }: RtpPacket, now: number): void {
    const transit = (now * this.#options.clockRate) / 1_000 - timestamp;
    if (this.#transit !== undefined) {
      // Times wrap: a difference is never as large as half of them.
      const difference = Math.abs(unwrap(transit - this.#transit, { near: 0, bits: 32 }));
      this.#counts.jitter += (difference - this.#counts.jitter) / 16;
    }
    this.#transit = transit;
  }
}
