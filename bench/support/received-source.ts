import { estimatedBitrate, receiverReport } from '../../src/media/sfu/rtp/build-rtcp.ts';

/** Far above what anybody is sent here: nothing is to be held back. Bits per second. */
const ESTIMATE = 200_000_000;
const SENDER_REPORT = 200;

/** Packets of one stream as they come, and what a browser would say of them. */
export class ReceivedSource {
  received = 0;
  lost = 0;
  #ssrc = 0;
  /** The first number, and the next, with the number of wraps above them. */
  #first = 0;
  #next = 0;
  #told = { expected: 0, lost: 0 };
  #sender = { lastSr: 0, at: 0 };

  take(packet: Buffer): void {
    const sequence = packet.readUInt16BE(2);
    if (this.received === 0) {
      this.#ssrc = packet.readUInt32BE(8);
      this.#first = sequence;
      this.#next = sequence;
    }
    const gap = (sequence - this.#next) & 0xffff;
    this.lost += gap;
    this.#next += gap + 1;
    this.received += 1;
  }

  /** Reports of the sender's are answered with their time, by which the way is measured. */
  hear(packet: Buffer, now: number): void {
    if (packet[1] !== SENDER_REPORT || packet.length < 28) return;
    this.#sender = { lastSr: packet.readUInt32BE(10), at: now };
  }

  /** What was lost since the last one, and how much could be sent. Undefined before there is anything to say. */
  report(now: number): Buffer | undefined {
    if (this.received === 0) return undefined;
    const { lastSr, at } = this.#sender;
    const expected = this.#next - this.#first;
    const since = { expected: expected - this.#told.expected, lost: this.lost - this.#told.lost };
    this.#told = { expected, lost: this.lost };
    const fractionLost = since.expected > 0 ? Math.min(255, Math.floor((since.lost * 256) / since.expected)) : 0;
    const block = {
      ...{ ssrc: this.#ssrc, fractionLost, cumulativeLost: this.lost, highestSequence: (this.#next - 1) >>> 0 },
      ...{ jitter: 0, lastSr, delaySinceLastSr: lastSr === 0 ? 0 : Math.round(((now - at) * 65_536) / 1000) },
    };
    return Buffer.concat([receiverReport([block], 1), estimatedBitrate(ESTIMATE, [this.#ssrc], 1)]);
  }
}
