import type { ReportBlock } from './rtcp.ts';

/** The round trip to a peer, in milliseconds, smoothed by 3/4 (`spec/galene.md` 2.13). */
export class RoundTrip {
  get ms(): number | undefined {
    throw new Error('not yet');
  }

  /** Blocks that quote no report of ours, or a wrong one, change nothing. */
  report(block: ReportBlock, now: number): void {
    throw new Error(`not yet ${block} ${now}`);
  }
}
