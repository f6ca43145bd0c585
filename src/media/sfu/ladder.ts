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
  const [only] = levels;
  return track.layers === 1 && levels.length === 1 && only ? elastic(only) : increasing(levels);
}

/** Whether the levels differ in nothing but what the publisher makes of it. */
export function isElastic(levels: readonly Level[]): boolean {
  const [first, second] = levels;
  return levels.length === 2 && first?.size === second?.size && first?.temporal === second?.temporal;
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

/** Where nothing can be left out, the publisher sends less if they must, down to a bound (`spec/galene.md` 2.11). */
function elastic(level: Level): readonly Level[] {
  return level.bitrate > LEAST_UPSTREAM ? [{ ...level, bitrate: LEAST_UPSTREAM }, level] : [level];
}

/** What is better and takes no more than what is worse makes that superfluous; where it is measured so, it takes as much. */
function increasing(levels: readonly Level[]): readonly Level[] {
  let most = 0;
  return levels.map((level) => {
    most = Math.max(most, level.bitrate);
    return { ...level, bitrate: most };
  });
}
