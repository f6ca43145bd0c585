import { describe, expect, it } from 'vitest';
import { LayerRates } from './layer-rates.ts';
import { layersAsInfo } from './packet-info.ts';

/** Packets of 1,000 bytes, every 100 ms for so long, one of each of these layers. */
function fed(
  rates: LayerRates,
  layers: readonly (readonly [temporal: number, spatial: number])[],
  from: number,
  ms: number,
) {
  for (let now = from; now < from + ms; now += 100) {
    for (const [temporal, spatial] of layers) rates.add(layersAsInfo(temporal, spatial), 1_000);
    if (now % 200 === 0) rates.measure(now);
  }
}

describe('what arrives of each layer', () => {
  it('is measured with all layers below it', () => {
    const rates = new LayerRates();
    fed(
      rates,
      [
        [0, 0],
        [1, 0],
        [0, 1],
        [1, 1],
      ],
      0,
      5_000,
    );
    expect(rates.topSpatial).toBe(1);
    expect(rates.topTemporal).toBe(1);
    expect(rates.bitrate({ spatial: 0, temporal: 0 })).toBeCloseTo(80_000, -3);
    expect(rates.bitrate({ spatial: 0, temporal: 1 })).toBeCloseTo(160_000, -3);
    expect(rates.bitrate({ spatial: 1, temporal: 0 })).toBeCloseTo(160_000, -3);
    expect(rates.bitrate({ spatial: 7, temporal: 7 })).toBeCloseTo(320_000, -3);
  });

  it('says nothing before it is known since when it counts', () => {
    const rates = new LayerRates();
    rates.add(0, 100_000);
    rates.measure(10_000);
    expect(rates.bitrate({ spatial: 7, temporal: 7 })).toBe(0);
    rates.add(0, 1_000);
    rates.measure(10_200);
    expect(rates.bitrate({ spatial: 7, temporal: 7 })).toBe(40_000);
  });

  it('takes a keyframe for no new rate, and follows what lasts', () => {
    const rates = new LayerRates();
    fed(rates, [[0, 0]], 0, 4_000);
    for (let i = 0; i < 9; i += 1) rates.add(0, 1_000);
    rates.measure(4_000);
    expect(rates.bitrate({ spatial: 0, temporal: 0 })).toBeLessThan(140_000);
    for (let now = 4_200; now < 8_000; now += 200) {
      for (let i = 0; i < 10; i += 1) rates.add(0, 1_000);
      rates.measure(now);
    }
    expect(rates.bitrate({ spatial: 0, temporal: 0 })).toBeGreaterThan(330_000);
    fed(rates, [[0, 0]], 8_000, 4_000);
    expect(rates.bitrate({ spatial: 0, temporal: 0 })).toBeGreaterThan(120_000);
  });

  it('is the mean of all at first', () => {
    const rates = new LayerRates();
    rates.measure(0);
    rates.add(0, 10_000);
    rates.measure(200);
    for (let now = 400; now <= 1_000; now += 200) rates.measure(now);
    expect(rates.bitrate({ spatial: 0, temporal: 0 })).toBeCloseTo(80_000);
  });

  it('forgets layers that are not sent any more', () => {
    const rates = new LayerRates();
    fed(
      rates,
      [
        [0, 0],
        [2, 1],
      ],
      0,
      2_000,
    );
    fed(rates, [[0, 0]], 2_000, 4_000);
    expect([rates.topSpatial, rates.topTemporal]).toEqual([0, 0]);
    expect(rates.bitrate({ spatial: 7, temporal: 7 })).toBeCloseTo(80_000, -3);
  });
});
