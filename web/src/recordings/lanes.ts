import { type Clip, endOf } from './clip.ts';

/** Files that follow each other may lie over each other a little. Seconds. */
const OVERLAP = 1.5;

/**
 * Which clips have a place of the screen in common: those of one track, one after the other. Two at the same time, as
 * of two cameras, have two places. In the order in which they begin.
 */
export function lanesOf<C extends Clip>(clips: readonly C[]): readonly (readonly C[])[] {
  const lanes: C[][] = [];
  for (const clip of clips.toSorted((one, other) => one.offset - other.offset)) {
    const lane = lanes.find((each) => continues(clip, each.at(-1)));
    if (lane) lane.push(clip);
    else lanes.push([clip]);
  }
  return lanes;
}

function continues(clip: Clip, before: Clip | undefined): boolean {
  if (before?.track !== clip.track) return false;
  const end = endOf(before) ?? clip.offset;
  return end <= clip.offset + OVERLAP;
}

/** What is to be seen of a lane now, and what to wait for: the latest that has begun, as long as it lasts. */
export function clipAt<C extends Clip>(lane: readonly C[], position: number): C | undefined {
  const begun = lane.filter(({ offset }) => offset <= position).at(-1);
  return begun && position < (endOf(begun) ?? Number.POSITIVE_INFINITY) ? begun : undefined;
}

/** The one that comes next, if it does so within so many seconds. */
export function clipSoon<C extends Clip>(lane: readonly C[], position: number, seconds: number): C | undefined {
  return lane.find(({ offset }) => offset > position && offset <= position + seconds);
}
