import { describe, expect, it } from 'vitest';
import { isElastic, isLayered, type Level } from './ladder.ts';
import { layersAsInfo } from './rtp/packet-info.ts';
import { type MadeUpSize, MadeUpTrack } from './testing/made-up-track.ts';

const THREE_LAYERS = [0, 2, 1, 2];

/** Some seconds of it, 25 pictures in each. */
function seen(sizes: readonly MadeUpSize[], sent?: readonly number[]): MadeUpTrack['track'] {
  const source = new MadeUpTrack(sizes);
  for (let now = 0; now <= 6_000; now += 40) {
    source.picture(now, now < 2_000 ? undefined : sent);
    if (now % 200 === 0) source.track.measure(now);
  }
  return source.track;
}

function summary(levels: readonly Level[]): readonly (readonly number[])[] {
  return levels.map(({ size, spatial, temporal, bitrate }) => [size, spatial, temporal, Math.round(bitrate / 100_000)]);
}

describe('the ways to send a picture', () => {
  it('of one size are one, which its publisher can make smaller', () => {
    const track = seen([{ bytes: 3_000 }]);
    const { high, low } = track.ladders;
    expect(summary(high)).toEqual([
      [0, 7, 7, 2],
      [0, 7, 7, 6],
    ]);
    expect(isElastic(high)).toBe(true);
    expect(isElastic(low)).toBe(true);
    expect(isLayered(track)).toBe(false);
  });

  it('are its sizes, from the smallest, and little is that one', () => {
    const track = seen([{ bytes: 3_000 }, { bytes: 500 }]);
    expect(summary(track.ladders.high)).toEqual([
      [1, 7, 7, 1],
      [0, 7, 7, 6],
    ]);
    expect(summary(track.ladders.low)).toEqual([[1, 7, 7, 1]]);
    expect(isElastic(track.ladders.high)).toBe(false);
    expect(isLayered(track)).toBe(true);
  });

  it('are not what the publisher does not send now', () => {
    const track = seen([{ bytes: 3_000 }, { bytes: 500 }], [1]);
    expect(summary(track.ladders.high)).toEqual([[1, 7, 7, 1]]);
  });

  it('of the best size alone, where no smaller one is sent, are as of one size', () => {
    const { high } = seen([{ bytes: 3_000 }, { bytes: 500 }], [0]).ladders;
    expect(summary(high)).toEqual([
      [0, 7, 7, 2],
      [0, 7, 7, 6],
    ]);
  });

  it('have fewer pictures a second, and of a larger size not less than half', () => {
    const temporal = THREE_LAYERS;
    const one = seen([{ bytes: 2_000, temporal }]).ladders.high;
    // The first is the second, as soon as the publisher sends less.
    expect(one.map((level) => level.temporal)).toEqual([0, 0, 1, 7]);
    expect(isElastic(one)).toBe(true);
    const [smaller = 0, least = 0, half = 0, all = 0] = one.map(({ bitrate }) => bitrate);
    expect(smaller / least).toBeCloseTo(204_800 / all);
    // A quarter of the pictures, half of them, all: as many come in the time of a measurement, more or less.
    expect(least / all).toBeGreaterThan(0.2);
    expect(least / all).toBeLessThan(0.35);
    expect(half / all).toBeGreaterThan(0.4);
    expect(half / all).toBeLessThan(0.65);
    const two = [
      { bytes: 2_000, temporal },
      { bytes: 500, temporal },
    ];
    expect(seen(two).ladders.high.map((level) => [level.size, level.temporal])).toEqual([
      [1, 0],
      [1, 1],
      [1, 7],
      [0, 1],
      [0, 7],
    ]);
  });

  it('have less detail with as few pictures first, and little is the least detail', () => {
    const source = new MadeUpTrack([{ bytes: 500 }], 'vp9');
    source.picture(0);
    source.track.measure(0);
    for (let now = 200; now <= 3_000; now += 200) {
      for (const spatial of [0, 1]) {
        for (const temporal of [0, 1, 2]) source.track.feeds[0]?.rates.add(layersAsInfo(temporal, spatial), 250);
      }
      source.picture(now);
      source.track.measure(now);
    }
    const { high, low } = source.track.ladders;
    expect(high.map(({ spatial, temporal }) => [spatial, temporal])).toEqual([
      [0, 0],
      [7, 0],
      [7, 1],
      [7, 7],
    ]);
    expect(low.map(({ spatial, temporal }) => [spatial, temporal])).toEqual([
      [0, 0],
      [0, 1],
      [0, 7],
    ]);
    for (const [at, { bitrate }] of high.entries()) expect(bitrate).toBeGreaterThan(high[at - 1]?.bitrate ?? 0);
  });

  it('are none before anything of it came', () => {
    const { track } = new MadeUpTrack([{ bytes: 500 }]);
    track.measure(0);
    expect(track.ladders).toEqual({ high: [], low: [] });
  });
});
