import type { TrackClock } from './publisher-clock.ts';
import { timestampDistance } from './sequence.ts';

export interface TimestampSwitch {
  /** What the receiver got last, and when. */
  readonly last: { readonly timestamp: number; readonly at: number };
  /** Absent where the reports of before are of no use. */
  readonly from?: { readonly clock: TrackClock; readonly shift: number };
  readonly to: TrackClock;
}

/** A report that says otherwise than the clock on the wall by so much, in seconds, is not believed. */
const CREDIBLE = 3;

/**
 * What to add to the timestamps of a source that takes another's place. By the sender reports of both where they are
 * known, so that the picture goes on at its own pace; else by the time that passed. It never stands still or goes
 * back: decoders would make one frame of two.
 */
export function timestampShift(timestamp: number, now: number, { last, from, to }: TimestampSwitch): number {
  const step = to.clockRate / 1000;
  const passed = Math.round(Math.max(1, now - last.at) * step);
  const byTime = last.timestamp + passed - timestamp;
  const byReports = reportedShift(now, from, to);
  if (byReports === undefined) return byTime;
  const off = Math.abs(timestampDistance(byReports, byTime));
  if (off > CREDIBLE * to.clockRate) return byTime;
  const ahead = timestampDistance(timestamp + byReports, last.timestamp);
  return ahead >= step ? byReports : last.timestamp + step - timestamp;
}

function reportedShift(now: number, from: TimestampSwitch['from'], to: TrackClock): number | undefined {
  if (from === undefined) return undefined;
  if (from.clock === to) return from.shift;
  const old = from.clock.timestampAt(now);
  const next = to.timestampAt(now);
  return old === undefined || next === undefined ? undefined : old + from.shift - next;
}
