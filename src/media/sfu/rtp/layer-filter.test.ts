import { describe, expect, it } from 'vitest';
import { EVERY_LAYER, LayerFilter } from './layer-filter.ts';
import { FRAME_START, KEYFRAME, LAYER_SYNC, layersAsInfo } from './packet-info.ts';

const packet = (temporal: number, spatial = 0, flags = 0) => layersAsInfo(temporal, spatial) | flags;
const start = (temporal: number, flags = 0) => packet(temporal, 0, FRAME_START | flags);

function passing(filter: LayerFilter, infos: readonly number[], topTemporal = 2): readonly boolean[] {
  return infos.map((info) => {
    if (filter.isChanging) filter.follow(info, topTemporal);
    return filter.passes(info);
  });
}

describe('which layers pass', () => {
  it('are all, unless it is said', () => {
    expect(passing(new LayerFilter(), [start(0), start(2), packet(7, 7)])).toEqual([true, true, true]);
  });

  it('are fewer from the next picture on', () => {
    const filter = new LayerFilter();
    filter.want({ spatial: 0, temporal: 0 }, 0);
    const infos = [packet(2), packet(2, 1), start(0), packet(0, 1), start(1)];
    expect(passing(filter, infos)).toEqual([true, true, true, false, false]);
    expect(filter.isChanging).toBe(false);
  });

  it('are more at a keyframe', () => {
    const filter = new LayerFilter();
    filter.want({ spatial: 0, temporal: 0 }, 0);
    passing(filter, [start(0)]);
    filter.want({ spatial: EVERY_LAYER, temporal: EVERY_LAYER }, 0);
    expect(passing(filter, [start(0), packet(0, 1), start(1)])).toEqual([true, false, false]);
    expect(passing(filter, [start(0, KEYFRAME), packet(0, 1), start(2)])).toEqual([true, true, true]);
  });

  it('are more pictures a second where one refers to lower layers alone, one layer after the other', () => {
    const filter = new LayerFilter();
    filter.want({ spatial: EVERY_LAYER, temporal: 0 }, 0);
    passing(filter, [start(0)]);
    filter.want({ spatial: EVERY_LAYER, temporal: EVERY_LAYER }, 0);
    expect(passing(filter, [start(2, LAYER_SYNC), start(1), start(2)])).toEqual([false, false, false]);
    expect(passing(filter, [start(1, LAYER_SYNC), start(2)])).toEqual([true, false]);
    expect(passing(filter, [start(2, LAYER_SYNC), packet(2), start(2)])).toEqual([true, true, true]);
    expect(filter.isChanging).toBe(false);
  });

  it('do not change in the midst of a picture', () => {
    const filter = new LayerFilter();
    filter.want({ spatial: EVERY_LAYER, temporal: 0 }, 0);
    passing(filter, [start(0)]);
    filter.want({ spatial: EVERY_LAYER, temporal: 1 }, 0);
    expect(passing(filter, [packet(1, 0, LAYER_SYNC)])).toEqual([false]);
  });

  it('need a keyframe for more detail at once, and for more pictures when no sign comes', () => {
    const filter = new LayerFilter();
    filter.want({ spatial: 0, temporal: 1 }, 0);
    passing(filter, [start(0)]);
    expect(filter.needsKeyframe(0, 2_000)).toBe(false);
    filter.want({ spatial: 0, temporal: 2 }, 1_000);
    expect(filter.needsKeyframe(2_900, 2_000)).toBe(false);
    expect(filter.needsKeyframe(3_100, 2_000)).toBe(true);
    filter.want({ spatial: 1, temporal: 2 }, 3_000);
    expect(filter.needsKeyframe(3_000, 2_000)).toBe(true);
    passing(filter, [start(0, KEYFRAME)]);
    expect(filter.needsKeyframe(9_000, 2_000)).toBe(false);
  });

  it('may be taken back before anything changed', () => {
    const filter = new LayerFilter();
    filter.want({ spatial: 0, temporal: 0 }, 0);
    filter.want({ spatial: EVERY_LAYER, temporal: EVERY_LAYER }, 0);
    expect(filter.isChanging).toBe(false);
    expect(passing(filter, [start(2)])).toEqual([true]);
  });
});
