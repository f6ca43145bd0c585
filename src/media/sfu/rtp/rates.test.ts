import { describe, expect, it } from 'vitest';
import { LossBasedRate } from './loss-based-rate.ts';
import { RateMeter } from './rate-meter.ts';
import { upstreamBitrate } from './upstream-bitrate.ts';

describe('a meter', () => {
  it('says what passed within the last second', () => {
    const meter = new RateMeter();
    expect(meter.bitrate(0)).toBe(0);
    for (let now = 0; now < 5000; now += 10) meter.add(100, now);
    expect(meter.packetsPerSecond(4999)).toBe(100);
    expect(meter.bitrate(4999)).toBe(80_000);
    expect(meter.packetsPerSecond(5500)).toBeLessThan(60);
    expect(meter.packetsPerSecond(5500)).toBeGreaterThan(30);
    expect(meter.bitrate(6000)).toBe(0);
    expect(meter.packetsPerSecond(1_000_000)).toBe(0);
  });

  it('is right after a long silence, and of fractions of milliseconds', () => {
    const meter = new RateMeter();
    meter.add(1, 0.25);
    meter.add(1, 1_700_000_000_000.75);
    expect(meter.packetsPerSecond(1_700_000_000_001)).toBe(1);
  });
});

describe('what losses allow', () => {
  const busy = 2 ** 30;

  it('is 512 kbit/s at first, and again where nobody reports', () => {
    const rate = new LossBasedRate();
    expect(rate.allowed(0)).toBe(512_000);
    rate.report({ fractionLost: 128, usedBitrate: busy }, 0);
    expect(rate.allowed(30_000)).toBe(384_000);
    expect(rate.allowed(30_001)).toBe(512_000);
  });

  it('grows where little is lost and most of it is used', () => {
    const rate = new LossBasedRate();
    rate.report({ fractionLost: 5, usedBitrate: 384_000 }, 0);
    expect(rate.allowed(0)).toBeCloseTo(537_600, 3);
    rate.report({ fractionLost: 0, usedBitrate: 384_000 }, 1000);
    expect(rate.allowed(1000)).toBeCloseTo(537_600, 3);
    rate.report({ fractionLost: 6, usedBitrate: busy }, 2000);
    expect(rate.allowed(2000)).toBeCloseTo(537_600, 3);
  });

  it('shrinks by half of what is lost, where that is more than a tenth', () => {
    const rate = new LossBasedRate();
    rate.report({ fractionLost: 25, usedBitrate: 0 }, 0);
    expect(rate.allowed(0)).toBe(512_000);
    rate.report({ fractionLost: 64, usedBitrate: 0 }, 0);
    expect(rate.allowed(0)).toBe(448_000);
  });

  it('stays within bounds', () => {
    const rate = new LossBasedRate();
    for (let now = 0; now < 500; now += 1) rate.report({ fractionLost: 255, usedBitrate: busy }, now);
    expect(rate.allowed(500)).toBe(9_600);
    for (let now = 500; now < 1500; now += 1) rate.report({ fractionLost: 0, usedBitrate: busy }, now);
    expect(rate.allowed(1500)).toBe(2 ** 30);
  });
});

describe('what a publisher is told', () => {
  const video = { kind: 'video', givesWay: true, slack: 1 } as const;

  it('is what the worst receiver takes, within bounds', () => {
    expect(upstreamBitrate([{ ...video, receivers: [300_000, 2_000_000] }])).toBe(300_000);
    expect(upstreamBitrate([{ ...video, receivers: [9_600, 2_000_000] }])).toBe(204_800);
    expect(upstreamBitrate([{ ...video, receivers: [] }])).toBe(204_800);
    expect(
      upstreamBitrate([
        { ...video, receivers: [2 ** 40] },
        { ...video, receivers: [2 ** 40] },
      ]),
    ).toBe(2 ** 30);
  });

  it('has slack where pictures can be left out, and none before there is anybody', () => {
    const receivers = [300_000, 1_000_000];
    expect(upstreamBitrate([{ ...video, receivers, slack: 2.5 }])).toBe(750_000);
    expect(upstreamBitrate([{ ...video, receivers: [], slack: 2.5 }])).toBe(204_800);
  });

  it('is what the best receiver takes where the others can have a smaller picture', () => {
    const layered = { ...video, givesWay: false } as const;
    expect(upstreamBitrate([{ ...layered, receivers: [50_000, 1_000_000] }])).toBe(1_000_000);
    expect(upstreamBitrate([{ ...layered, receivers: [50_000, 1_000_000], slack: 1.25 }])).toBe(1_250_000);
    expect(upstreamBitrate([{ ...layered, receivers: [50_000] }])).toBe(204_800);
    expect(upstreamBitrate([{ ...layered, receivers: [] }])).toBe(204_800);
  });

  it('is the sum of the tracks, of which sound counts nothing and a low layer always the same', () => {
    expect(upstreamBitrate([{ kind: 'audio' }, { kind: 'low-layer' }, { ...video, receivers: [700_000] }])).toBe(
      802_400,
    );
    expect(upstreamBitrate([])).toBe(0);
  });
});
