import type { ReportBlock } from './rtcp.ts';

/** `restarted`: the publisher began anew somewhere else; caches and missing packets of before are void. */
export type Arrival = 'next' | 'ahead' | 'late' | 'duplicate' | 'stray' | 'restarted';

export interface ReceptionTotals {
  readonly packets: number;
  readonly lost: number;
  readonly duplicates: number;
  readonly reordered: number;
  /** 0 to 1, since the last report. */
  readonly loss: number;
  readonly jitterMs: number;
}

/** What arrived of one source, as its receiver report says it (RFC 3550, appendix A). */
export class Reception {
  constructor(options: { readonly ssrc: number; readonly clockRate: number }) {
    throw new Error(`not yet ${options}`);
  }

  /** `stray` packets are to be dropped: too far from the others to belong to them. */
  receive(sequence: number, timestamp: number, now: number): Arrival {
    throw new Error(`not yet ${sequence} ${timestamp} ${now}`);
  }

  /** With the 64 bits of time of a sender report, for the `lastSr` of the next block. */
  senderReport(ntp: { readonly seconds: number; readonly fraction: number }, now: number): void {
    throw new Error(`not yet ${ntp} ${now}`);
  }

  /** Begins a new interval: for the report that is sent, once a second. Undefined before the first packet. */
  report(now: number): ReportBlock | undefined {
    throw new Error(`not yet ${now}`);
  }

  totals(): ReceptionTotals {
    throw new Error('not yet');
  }
}
