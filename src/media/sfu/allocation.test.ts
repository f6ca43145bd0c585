import { describe, expect, it } from 'vitest';
import { allocate, type Claim, PRIORITIES } from './allocation.ts';

const CAMERA = [100_000, 800_000];

function claim(fields: Partial<Claim> = {}): Claim {
  return { priority: PRIORITIES.other, levels: CAMERA, current: 1, mayRise: true, mayPause: true, ...fields };
}

describe('what fits is shared out', () => {
  it('gives all of everything where there is room', () => {
    expect(allocate([claim(), claim(), claim()], 3_000_000)).toEqual([1, 1, 1]);
  });

  it('gives everybody their lowest level before anybody gets more', () => {
    expect(allocate([claim(), claim(), claim()], 320_000)).toEqual([0, 0, 0]);
    expect(allocate([claim(), claim(), claim()], 1_100_000)).toEqual([1, 0, 0]);
  });

  it('gives the screen its best first, then who speaks', () => {
    const screen = claim({ priority: PRIORITIES.screen });
    const speaker = claim({ priority: PRIORITIES.speaker });
    expect(allocate([claim(), speaker, screen], 1_100_000)).toEqual([0, 0, 1]);
    expect(allocate([claim(), speaker, screen], 1_800_000)).toEqual([0, 1, 1]);
  });

  it('raises equals evenly, one level after the other', () => {
    const levels = [100_000, 200_000, 300_000];
    expect(allocate([claim({ levels }), claim({ levels })], 420_000)).toEqual([1, 1]);
  });

  it('pauses what does not fit, the last by priority first', () => {
    const screen = claim({ priority: PRIORITIES.screen });
    const speaker = claim({ priority: PRIORITIES.speaker });
    expect(allocate([claim(), speaker, screen], 230_000)).toEqual([0, 0, 0]);
    expect(allocate([claim(), speaker, screen], 220_000)).toEqual([-1, 0, 0]);
    expect(allocate([claim(), speaker, screen], 110_000)).toEqual([-1, -1, 0]);
    expect(allocate([claim(), speaker, screen], 0)).toEqual([-1, -1, -1]);
  });

  it('does not let what is too large keep others from what is small', () => {
    const screen = claim({ priority: PRIORITIES.screen, levels: [500_000] });
    expect(allocate([{ ...screen, current: 0 }, claim()], 200_000)).toEqual([-1, 0]);
  });

  it('pauses nothing where it may not, and then gives nobody more', () => {
    const few = { mayPause: false } as const;
    expect(allocate([claim(few), claim(few)], 50_000)).toEqual([0, 0]);
  });

  it('keeps what there is with a little less, and begins with a little more', () => {
    expect(allocate([claim({ current: 1 })], 760_000)).toEqual([1]);
    expect(allocate([claim({ current: 0 })], 820_000)).toEqual([0]);
    expect(allocate([claim({ current: 0 })], 900_000)).toEqual([1]);
    expect(allocate([claim({ current: -1, levels: [100_000] })], 105_000)).toEqual([-1]);
    expect(allocate([claim({ current: -1, levels: [100_000] })], 111_000)).toEqual([0]);
  });

  it('raises nothing that changed a moment ago, and lowers it at once', () => {
    expect(allocate([claim({ current: 0, mayRise: false })], 2_000_000)).toEqual([0]);
    expect(allocate([claim({ current: -1, mayRise: false })], 2_000_000)).toEqual([-1]);
    expect(allocate([claim({ current: 1, mayRise: false })], 200_000)).toEqual([0]);
  });

  it('lets pass of what nothing is known yet', () => {
    expect(allocate([claim({ levels: [], current: -1 })], 0)).toEqual([0]);
    expect(allocate([], 1_000)).toEqual([]);
  });
});
