import { middleOf, ntpOf } from './ntp.ts';
import type { ReportBlock } from './rtcp.ts';

/** In 65536ths of a second: longer is no round trip but a report that quotes something else. */
const LONGEST = 30 * 65_536;

/** The round trip to a peer, in milliseconds, smoothed by 3/4 (`spec/galene.md` 2.13). */
export class RoundTrip {
  #ms: number | undefined;

  get ms(): number | undefined {
    return this.#ms;
  }

  /** Blocks that quote no report of ours, or a wrong one, change nothing. `now` is that of the reports we sent. */
  report(block: Pick<ReportBlock, 'lastSr' | 'delaySinceLastSr'>, now: number): void {
    if (block.lastSr === 0) return;
    const units = (middleOf(ntpOf(now)) - block.lastSr - block.delaySinceLastSr) | 0;
    // Two clocks with different steps make a very short way seem to take less than nothing.
    if (units < -655 || units > LONGEST) return;
    const ms = Math.max(0, units / 65.536);
    this.#ms = this.#ms === undefined ? ms : (3 * this.#ms + ms) / 4;
  }
}
