import { middleOf } from './ntp.ts';
import type { NtpTime, ReportBlock } from './rtcp.ts';
import { sequenceDistance, timestampDistance } from './sequence.ts';

/**
 * `next` and `ahead` are newer than all before, `late` fills a gap. `stray` is to be dropped: too far from the others
 * to belong to them. `restarted`: the source began anew elsewhere; caches and missing packets of before are void.
 */
export type Arrival = 'next' | 'ahead' | 'late' | 'duplicate' | 'stray' | 'restarted';

export interface ReceptionTotals {
  readonly packets: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** 0 to 1, in the interval of the last report. */
  readonly loss: number;
  readonly jitterMs: number;
}

/** As `Rewriter` has them: what is further off has begun anew. */
const JUMP = 3000;
const OLDEST = 512;

/** What arrived of one source, as its receiver report says it (RFC 3550, appendix A). */
export class Reception {
  readonly #ssrc: number;
  readonly #clockRate: number;
  /** The latest numbers, each at its own place: which of them were seen. */
  readonly #seen = new Float64Array(OLDEST).fill(-1);
  #base = -1;
  /** Beyond 16 bits. */
  #highest = -1;
  #received = 0;
  #duplicates = 0;
  #reordered = 0;
  #strayNext = -1;
  #transit: number | undefined;
  #jitter = 0;
  #reported = { expected: 0, received: 0, loss: 0 };
  #lastSr = 0;
  #lastSrAt = 0;

  constructor({ ssrc, clockRate }: { readonly ssrc: number; readonly clockRate: number }) {
    this.#ssrc = ssrc;
    this.#clockRate = clockRate;
  }

  receive(sequence: number, timestamp: number, now: number): Arrival {
    if (this.#base < 0) {
      this.#begin(sequence, timestamp, now);
      return 'next';
    }
    const ahead = sequenceDistance(sequence, this.#highest);
    if (ahead > JUMP || ahead <= -OLDEST) return this.#stray(sequence, timestamp, now);
    if (ahead <= 0) return this.#behind(this.#highest + ahead);
    this.#highest += ahead;
    this.#note(this.#highest);
    this.#measure(timestamp, now);
    return ahead === 1 ? 'next' : 'ahead';
  }

  /** The time that a sender report of the source says, which the next blocks quote. */
  senderReport(ntp: NtpTime, now: number): void {
    this.#lastSr = middleOf(ntp);
    this.#lastSrAt = now;
  }

  /** For the report that is sent once a second: begins a new interval. Undefined before the first packet. */
  report(now: number): ReportBlock | undefined {
    if (this.#base < 0) return undefined;
    const expected = this.#expected;
    const expectedNow = expected - this.#reported.expected;
    const lostNow = expectedNow - (this.#received - this.#reported.received);
    const loss = expectedNow > 0 ? Math.max(0, lostNow / expectedNow) : 0;
    this.#reported = { expected, received: this.#received, loss };
    return {
      ssrc: this.#ssrc,
      fractionLost: Math.min(255, Math.floor(loss * 256)),
      cumulativeLost: Math.max(-0x800000, Math.min(0x7fffff, expected - this.#received)),
      highestSequence: this.#highest >>> 0,
      jitter: Math.floor(this.#jitter),
      lastSr: this.#lastSr,
      delaySinceLastSr: this.#lastSr === 0 ? 0 : Math.round((now - this.#lastSrAt) * 65.536) >>> 0,
    };
  }

  totals(): ReceptionTotals {
    return {
      packets: this.#received,
      lost: this.#base < 0 ? 0 : Math.max(0, this.#expected - this.#received),
      duplicates: this.#duplicates,
      reordered: this.#reordered,
      loss: this.#reported.loss,
      jitterMs: (this.#jitter / this.#clockRate) * 1000,
    };
  }

  get #expected(): number {
    return this.#highest - this.#base + 1;
  }

  /** Also after a restart: what is expected of a source counts from where it began. */
  #begin(sequence: number, timestamp: number, now: number): void {
    this.#base = sequence;
    this.#highest = sequence;
    this.#received = 0;
    this.#reported = { expected: 0, received: 0, loss: 0 };
    this.#seen.fill(-1);
    this.#strayNext = -1;
    this.#transit = undefined;
    this.#note(sequence);
    this.#measure(timestamp, now);
  }

  #note(number: number): void {
    this.#received += 1;
    this.#seen[number & (OLDEST - 1)] = number;
  }

  #behind(number: number): Arrival {
    if (this.#seen[number & (OLDEST - 1)] === number) {
      this.#received += 1;
      this.#duplicates += 1;
      return 'duplicate';
    }
    if (number < this.#base) this.#base = number;
    this.#note(number);
    this.#reordered += 1;
    return 'late';
  }

  #stray(sequence: number, timestamp: number, now: number): Arrival {
    if (sequence === this.#strayNext) {
      this.#begin(sequence, timestamp, now);
      return 'restarted';
    }
    this.#strayNext = (sequence + 1) & 0xffff;
    return 'stray';
  }

  /** RFC 3550 A.8. Only of packets in their order: one that was asked for again says nothing of the path. */
  #measure(timestamp: number, now: number): void {
    const transit = Math.round((now * this.#clockRate) / 1000) - timestamp;
    if (this.#transit !== undefined) {
      const difference = Math.abs(timestampDistance(transit, this.#transit));
      this.#jitter += (difference - this.#jitter) / 16;
    }
    this.#transit = transit;
  }
}
