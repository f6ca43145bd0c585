import type { Feed } from './feed.ts';
import type { PublishedTrack, Quality } from './published-track.ts';
import { EVERY_LAYER, type Layers } from './rtp/layer-filter.ts';
import { LEAST_UPSTREAM } from './rtp/upstream-bitrate.ts';

/** One way to send a picture: a size of it, with some of its layers. */
export interface Level extends Layers {
  /** The place of the feed among those of its track. */
  readonly size: number;
  /** Bits per second. */
  readonly bitrate: number;
}

/**
 * In which ways a picture can be sent to somebody who wants it so, from the one that takes least to the one that takes
 * most; the last leaves nothing out. Empty while nothing of it arrives.
 */
export function ladderOf(track: PublishedTrack, quality: Quality, now: number): readonly Level[] {
  const sizes = sizesFor(track, quality, now);
  const levels = sizes.flatMap((feed, place) =>
    levelsOf(feed, { isLowest: place === 0, limit: limitOf(track, quality) }),
  );
  return increasing(givesWay(track, now) ? elastic(levels) : levels);
}

/** Whether the first level is the second, as soon as the publisher sends less. */
export function isElastic([first, second]: readonly Level[]): boolean {
  if (!first || !second || first.size !== second.size) return false;
  return first.spatial === second.spatial && first.temporal === second.temporal;
}

/**
 * Whether its publisher is told to send less where somebody has not room for it: nothing smaller is sent that they could
 * have instead. Of a best size that is not sent now it is not known.
 */
export function givesWay({ layers, feeds }: PublishedTrack, now: number): boolean {
  const [best] = feeds;
  if (layers > 1 && (feeds.at(-1)?.isActive(now) || !best?.isActive(now))) return false;
  return (best?.rates.topSpatial ?? 0) === 0;
}

/** Whether anything of it can be left out, so that its receivers need not all get the same. */
export function isLayered({ layers, feeds }: PublishedTrack): boolean {
  return layers > 1 || feeds.some((feed) => feed && (feed.rates.topSpatial > 0 || feed.rates.topTemporal > 0));
}

function sizesFor(track: PublishedTrack, quality: Quality, now: number): readonly Feed[] {
  const smallestFirst = [...track.feeds].reverse().filter((feed) => feed !== undefined);
  const active = smallestFirst.filter((feed) => feed.isActive(now));
  const sizes = active.length > 0 ? active : smallestFirst;
  return quality === 'low' ? sizes.slice(0, 1) : sizes;
}

/** Of a track in one size, little is its lowest spatial layer, where it has several (`spec/galene.md` 2.9). */
export function limitOf({ layers }: PublishedTrack, quality: Quality): number {
  return quality === 'low' && layers === 1 ? 0 : EVERY_LAYER;
}

/** First more detail, then more pictures a second, so that those go first where there is not room for all (2.9). */
function levelsOf(
  feed: Feed,
  { isLowest, limit }: { readonly isLowest: boolean; readonly limit: number },
): readonly Level[] {
  const { topSpatial, topTemporal } = feed.rates;
  const top = Math.min(topSpatial, limit);
  // A larger size is not worth less than half of its pictures: the smaller one has them all.
  const least = isLowest ? 0 : Math.max(0, topTemporal - 1);
  const steps: Layers[] = [];
  for (let spatial = 0; spatial < top; spatial += 1) steps.push({ spatial, temporal: least });
  for (let temporal = least; temporal < topTemporal; temporal += 1) steps.push({ spatial: limit, temporal });
  steps.push({ spatial: limit, temporal: EVERY_LAYER });
  return steps.map((layers) => ({ ...layers, size: feed.layer, bitrate: feed.rates.bitrate(layers) }));
}

/** Who can be told to send less sends so much at the least, with the same share of each layer (`spec/galene.md` 2.11). */
function elastic(levels: readonly Level[]): readonly Level[] {
  const [lowest] = levels;
  const all = levels.at(-1)?.bitrate ?? 0;
  if (!lowest || all <= LEAST_UPSTREAM) return levels;
  return [{ ...lowest, bitrate: (lowest.bitrate * LEAST_UPSTREAM) / all }, ...levels];
}

/** What is better and takes no more than what is worse makes that superfluous; where it is measured so, it takes as much. */
function increasing(levels: readonly Level[]): readonly Level[] {
  let most = 0;
  return levels.map((level) => {
    most = Math.max(most, level.bitrate);
    return { ...level, bitrate: most };
  });
}
