import type { Figures } from './figures.ts';

/** How well a stream gets through. */
export type Quality = 'good' | 'weak' | 'bad' | 'lost';

const ORDER: readonly Quality[] = ['good', 'weak', 'bad', 'lost'];

/** From these on. Fractions of packets, of sound and of time; milliseconds. */
const WEAK = { loss: 0.025, concealed: 0.05, frozen: 0.05, jitterMs: 60, rttMs: 400 } as const;
const BAD = { loss: 0.1, concealed: 0.15, frozen: 0.3, jitterMs: 200 } as const;
/** Fewer lines or pictures than that of what there is: more than what anybody would call a little less. */
const MUCH_LESS = 0.7;
const FEW_FRAMES = 8;

/** Of one look. What somebody would notice: holes in the sound, pictures that stand, answers that come late. */
export function judge(figures: Figures): Quality {
  if (!figures.isConnected) return 'lost';
  return figures.direction === 'in' ? judgeReceived(figures) : judgeSent(figures);
}

/**
 * Whether it is seen that a picture stands. Browsers send an unchanged screen about once a second, but need not: that
 * nothing comes of one is less sure a sign.
 */
export function standsStill({ standing }: Figures): boolean {
  return standing !== undefined && (standing.of === 'camera' || standing.packets);
}

function judgeReceived(figures: Figures): Quality {
  const { loss, jitterMs = 0, rttMs = 0, audio, video, standing } = figures;
  const { concealed = 0 } = audio ?? {};
  const { frozen = 0 } = video ?? {};
  const isOver = (bound: typeof WEAK | typeof BAD) =>
    loss >= bound.loss || concealed >= bound.concealed || frozen >= bound.frozen || jitterMs >= bound.jitterMs;
  if (isOver(BAD) || standsStill(figures)) return 'bad';
  return isOver(WEAK) || rttMs >= WEAK.rttMs || standing ? 'weak' : 'good';
}

function judgeSent({ loss, rttMs = 0, video }: Figures): Quality {
  const isStarved = video !== undefined && isMuchLess(video);
  if (loss >= BAD.loss || (isStarved && video.frames < FEW_FRAMES)) return 'bad';
  return loss >= WEAK.loss || isStarved || rttMs >= WEAK.rttMs ? 'weak' : 'good';
}

/** Browsers say that they are limited long before anybody sees it. */
function isMuchLess({ limitedBy, height, sourceHeight = height, frames }: NonNullable<Figures['video']>): boolean {
  if (limitedBy === undefined) return false;
  return height < sourceHeight * MUCH_LESS || frames < FEW_FRAMES;
}

/** What is shown, and the latest looks, oldest first. */
export interface Standing {
  readonly quality: Quality;
  readonly looks: readonly Quality[];
}

const WORSE_AFTER = 2;
const BETTER_AFTER = 3;

/**
 * What is shown after another look. It does not flicker: worse when two looks in turn are, better when three are. A way
 * that is lost, or found again, is shown at once.
 */
export function settle(before: Standing | undefined, look: Quality): Standing {
  if (!before) return { quality: look, looks: [look] };
  const looks = [...before.looks, look].slice(-BETTER_AFTER);
  const { quality } = before;
  if (look === 'lost' || quality === 'lost') return { quality: look, looks: [look] };
  const recent = looks.slice(-WORSE_AFTER).map(rank);
  if (recent.length === WORSE_AFTER && Math.min(...recent) > rank(quality)) {
    return { quality: ORDER[Math.min(...recent)] ?? look, looks };
  }
  const all = looks.map(rank);
  if (all.length === BETTER_AFTER && Math.max(...all) < rank(quality)) {
    return { quality: ORDER[Math.max(...all)] ?? look, looks };
  }
  return { quality, looks };
}

function rank(quality: Quality): number {
  return ORDER.indexOf(quality);
}
