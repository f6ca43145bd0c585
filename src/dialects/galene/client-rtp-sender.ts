import type { Rtcp } from './client-rtcp.ts';
import { type RtpExtension, writeRtp } from './client-rtp.ts';

export interface RtpSenderOptions {
  readonly ssrc: number;
  readonly payloadType: number;
  readonly clockRate: number;
  /** What says of which track, and of which size, a packet is, until the other end has reported of it. */
  readonly extensions: readonly RtpExtension[];
  readonly random: () => number;
  /** Whether it went out. */
  send(packet: Buffer): boolean;
}

export interface SenderStatistics {
  readonly packets: number;
  readonly bytes: number;
  readonly resent: number;
  /** What was asked for and is not remembered any more. */
  readonly forgotten: number;
}

/** How many packets are remembered, to be sent again. */
const REMEMBERED = 1_024;
/** Seconds from 1900 to 1970. */
const NTP_EPOCH = 2_208_988_800;

/** One SSRC: numbers its packets, sends those again that were lost, and reports. */
export class RtpSender {
  readonly ssrc: number;
  readonly clockRate: number;
  readonly #options: RtpSenderOptions;
  readonly #sent = new Map<number, Buffer>();
  readonly #timestampBase: number;
  #sequenceNumber: number;
  #isKnown = false;
  #statistics = { packets: 0, bytes: 0, resent: 0, forgotten: 0 };

  constructor(options: RtpSenderOptions) {
    this.#options = options;
    this.ssrc = options.ssrc;
    this.clockRate = options.clockRate;
    this.#timestampBase = Math.floor(options.random() * 2 ** 32);
    this.#sequenceNumber = Math.floor(options.random() * 2 ** 16);
  }

  get statistics(): SenderStatistics {
    return this.#statistics;
  }

  /** `at` is in milliseconds. Before the way is open nothing is numbered, so that nothing seems lost. */
  send(packet: { readonly at: number; readonly marker: boolean; readonly payload: Buffer }): boolean {
    const { ssrc, payloadType, extensions } = this.#options;
    const sequenceNumber = this.#sequenceNumber;
    const bytes = writeRtp({
      ...{ ssrc, payloadType, sequenceNumber, marker: packet.marker, payload: packet.payload },
      timestamp: this.#timestampAt(packet.at),
      extensions: this.#isKnown ? [] : extensions,
    });
    const isSent = this.#options.send(bytes);
    if (!isSent && this.#statistics.packets === 0) return false;
    this.#sequenceNumber = (sequenceNumber + 1) & 0xffff;
    this.#remember(sequenceNumber, bytes);
    this.#statistics.packets += 1;
    this.#statistics.bytes += packet.payload.length;
    return isSent;
  }

  resend(missing: readonly number[]): void {
    for (const sequenceNumber of missing) {
      const bytes = this.#sent.get(sequenceNumber);
      if (bytes) this.#statistics.resent += 1;
      else this.#statistics.forgotten += 1;
      if (bytes) this.#options.send(bytes);
    }
  }

  /** The other end has reported of it: it knows what it is. */
  known(): void {
    this.#isKnown = true;
  }

  report(at: number): Extract<Rtcp, { readonly type: 'sender-report' }> {
    const { packets, bytes } = this.#statistics;
    const rtp = this.#timestampAt(at);
    return { type: 'sender-report', ssrc: this.ssrc, ntp: ntpOf(at), rtp, packets, octets: bytes, reports: [] };
  }

  #timestampAt(at: number): number {
    return (this.#timestampBase + Math.round((at * this.clockRate) / 1_000)) % 2 ** 32;
  }

  #remember(sequenceNumber: number, bytes: Buffer): void {
    this.#sent.set(sequenceNumber, bytes);
    this.#sent.delete((sequenceNumber - REMEMBERED) & 0xffff);
  }
}

/** Milliseconds as a time of the network time protocol; the year is of no matter to anybody. */
export function ntpOf(at: number): bigint {
  const seconds = Math.floor(at / 1_000);
  const fraction = Math.floor(((at - seconds * 1_000) / 1_000) * 2 ** 32);
  return (BigInt(seconds + NTP_EPOCH) << 32n) | BigInt(fraction);
}
