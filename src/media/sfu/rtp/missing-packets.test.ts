import { describe, expect, it } from 'vitest';
import { MissingPackets } from './missing-packets.ts';

/** One packet each `every` milliseconds but the missing ones; what is asked for, by when. */
function arrive(
  missing: MissingPackets,
  { from, to, every = 10, without = [] }: { from: number; to: number; every?: number; without?: readonly number[] },
) {
  const asked: { sequence: number; now: number }[] = [];
  for (let sequence = from; sequence <= to; sequence += 1) {
    const now = sequence * every;
    if (!without.includes(sequence)) {
      missing.received(sequence & 0xffff, { now, packetsPerSecond: 1000 / every });
    }
    for (const due of missing.due(now, 50)) asked.push({ sequence: due, now });
  }
  return asked;
}

describe('missing packets', () => {
  it('are none where all arrive', () => {
    const missing = new MissingPackets();
    expect(arrive(missing, { from: 0, to: 70_000, every: 1 })).toEqual([]);
    expect(missing.isEmpty).toBe(true);
  });

  it('are asked for when they are late by more than two packets', () => {
    const missing = new MissingPackets();
    const asked = arrive(missing, { from: 0, to: 12, every: 8, without: [10] });
    expect(asked).toEqual([]);
    expect(arrive(missing, { from: 13, to: 13, every: 8 })).toEqual([{ sequence: 10, now: 104 }]);
  });

  it('are given 20 ms where there are many packets a second', () => {
    const missing = new MissingPackets();
    const [first] = arrive(missing, { from: 0, to: 2000, every: 1, without: [1000] });
    expect(first?.sequence).toBe(1000);
    expect(first?.now).toBeGreaterThanOrEqual(1020);
    expect(first?.now).toBeLessThanOrEqual(1022);
  });

  it('are asked for soon even where few packets come', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 11, every: 100, without: [10] });
    expect(missing.due(1110)).toEqual([]);
    expect(missing.due(1120)).toEqual([10]);
  });

  it('are in order over the end of the circle', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 65_500, to: 65_530 });
    missing.received(5, { now: 655_310, packetsPerSecond: 100 });
    expect(missing.due(655_400)).toEqual([65_531, 65_532, 65_533, 65_534, 65_535, 0, 1, 2, 3, 4]);
  });

  it('are forgotten when they come', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 13, without: [10, 11] });
    missing.received(10, { now: 131, packetsPerSecond: 100 });
    expect(missing.due(200)).toEqual([11]);
  });

  it('are asked for again more and more slowly, a few times, and then given up', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 10, without: [9] });
    const times: number[] = [];
    for (let now = 100; now < 5000; now += 5) if (missing.due(now, 60).length > 0) times.push(now);
    expect(times).toHaveLength(5);
    const gaps = times.slice(1).map((time, i) => time - (times[i] ?? 0));
    expect(gaps).toEqual([...gaps].sort((a, b) => a - b));
    expect(gaps[0]).toBeGreaterThanOrEqual(60);
    expect(gaps.at(-1)).toBeGreaterThanOrEqual(2 * (gaps[0] ?? 0));
    expect(missing.isEmpty).toBe(true);
    expect(missing.takeLost()).toBe(true);
    expect(missing.takeLost()).toBe(false);
  });

  it('are not asked for where they are before the keyframe, and that is no loss', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 10, without: [8] });
    missing.keyframe(10);
    expect(missing.due(200)).toEqual([]);
    expect(missing.takeLost()).toBe(false);
    missing.askedFor(9, 200);
    expect(missing.isEmpty).toBe(true);
  });

  it.each([30_000, 40_000, 60_000, 70_000])('are asked for also %i packets after the keyframe', (later) => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 10 });
    missing.keyframe(10);
    expect(arrive(missing, { from: 11, to: later, every: 10, without: [later - 10] })).toMatchObject([
      { sequence: (later - 10) & 0xffff },
      { sequence: (later - 10) & 0xffff },
    ]);
  });

  it('are no more than 256, and a longer gap is lost at once', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 10 });
    missing.received(400, { now: 110, packetsPerSecond: 100 });
    expect(missing.due(200)).toEqual([]);
    expect(missing.takeLost()).toBe(true);
    for (let at = 401; at < 5000; at += 2) missing.received(at + 1, { now: 110, packetsPerSecond: 100 });
    const { length } = missing.due(200);
    expect(length).toBeGreaterThan(100);
    expect(length).toBeLessThanOrEqual(256);
  });

  it('are asked for on behalf of receivers after 50 ms, where they did not come until then', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 100 });
    missing.askedFor(50, 1000);
    missing.askedFor(60, 1000);
    expect(missing.due(1040)).toEqual([]);
    missing.received(60, { now: 1045, packetsPerSecond: 100 });
    expect(missing.due(1050)).toEqual([50]);
  });

  it('are not asked for on behalf of receivers where they never were, or were long ago', () => {
    const missing = new MissingPackets();
    missing.askedFor(5, 0);
    arrive(missing, { from: 0, to: 1000 });
    missing.askedFor(1001, 0);
    missing.askedFor(1000 - 256, 0);
    missing.askedFor(1000 - 255, 0);
    expect(missing.due(100)).toEqual([745]);
  });

  it('are others after a restart of the source', () => {
    const missing = new MissingPackets();
    arrive(missing, { from: 0, to: 20, without: [15] });
    missing.reset();
    arrive(missing, { from: 40_000, to: 40_010 });
    expect(missing.due(400_200)).toEqual([]);
  });
});
