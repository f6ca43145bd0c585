import { describe, expect, it } from 'vitest';
import type { Level } from './ladder.ts';
import { VideoShare } from './video-share.ts';

const level = (size: number, temporal = 7): Level => ({ size, spatial: 7, temporal, bitrate: 1 });
const RIGID = { isElastic: false } as const;

describe('what one video gets', () => {
  it('is everything until something is decided', () => {
    const share = new VideoShare();
    expect(share.level).toBeUndefined();
    expect(share.placeIn([level(1), level(0)])).toBe(1);
    expect(share.placeIn([])).toBe(-1);
  });

  it('has its place among what there is, or the nearest', () => {
    const share = new VideoShare();
    share.give(level(1, 0), 0);
    expect(share.placeIn([level(1, 0), level(1, 1), level(0)])).toBe(0);
    expect(share.placeIn([level(1), level(0)])).toBe(0);
    expect(share.placeIn([level(0)])).toBe(0);
  });

  it('keeps a level for a while before it may rise', () => {
    const share = new VideoShare();
    expect(share.mayRise(0)).toBe(true);
    share.give(level(1), 0);
    share.give(level(1), 1_500);
    expect(share.mayRise(1_900)).toBe(false);
    expect(share.mayRise(2_000)).toBe(true);
  });

  it('is paused twice as long each time, until it went on for a minute', () => {
    const share = new VideoShare();
    const pauseAt = (now: number) => {
      share.pause(now - 2_000, RIGID);
      share.pause(now, RIGID);
      for (let ms = 0; ; ms += 1_000) if (share.mayRise(now + ms)) return ms;
    };
    expect(pauseAt(0)).toBe(5_000);
    share.give(level(0), 5_000);
    expect(pauseAt(10_000)).toBe(10_000);
    share.give(level(0), 20_000);
    expect(pauseAt(30_000)).toBe(20_000);
    share.give(level(0), 50_000);
    share.give(level(0), 111_000);
    expect(pauseAt(112_000)).toBe(5_000);
  });

  it('goes on for a while where its publisher can be told to send less', () => {
    const share = new VideoShare();
    expect(share.pause(0, { isElastic: true })).toBe(false);
    expect(share.pause(5_000, { isElastic: true })).toBe(false);
    expect(share.isPaused).toBe(false);
    expect(share.pause(6_000, { isElastic: true })).toBe(true);
    expect(share.isPaused).toBe(true);
    expect(share.placeIn([level(0)])).toBe(-1);
  });

  it('is as at the beginning where something else is wanted of it', () => {
    const share = new VideoShare();
    share.pause(0, RIGID);
    expect(share.isPaused).toBe(false);
    share.pause(2_000, RIGID);
    expect(share.isPaused).toBe(true);
    share.reset();
    expect(share.isPaused).toBe(false);
    expect(share.mayRise(2_001)).toBe(true);
    expect(share.level).toBeUndefined();
  });
});
