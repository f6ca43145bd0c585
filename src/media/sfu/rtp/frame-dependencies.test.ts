import { describe, expect, it } from 'vitest';
import { FrameDependencies } from './frame-dependencies.ts';
import { FRAME_START, LAYER_END, LAYER_START, LAYER_SYNC, spatialLayer, temporalLayer } from './packet-info.ts';
import { type DescriptorFields, descriptor, L2T2, templateOf } from './testing/descriptors.ts';
import { headerOf, rtp } from './testing/packets.ts';

const ID = 12;
const NAMES = { FRAME_START, LAYER_START, LAYER_END, LAYER_SYNC };

function source() {
  const dependencies = new FrameDependencies();
  let sequence = 65_530;
  const take = (fields: DescriptorFields, options: { readonly behind?: number } = {}) => {
    const packet = rtp({
      sequence: (sequence - (options.behind ?? 0)) & 0xffff,
      extensions: [[ID, [...descriptor(fields)]]],
      twoByteForm: true,
    });
    sequence += 1;
    const info = dependencies.info(packet, headerOf(packet), ID);
    if (info === undefined) return undefined;
    const names = Object.entries(NAMES).flatMap(([name, bit]) => (info & bit ? [name] : []));
    return [spatialLayer(info), temporalLayer(info), ...names];
  };
  return { dependencies, take };
}

describe('what descriptors say of their packets', () => {
  it('is of which layers they are, and where frames and pictures begin and end', () => {
    const { take } = source();
    const key = { template: templateOf(0), structure: L2T2, frame: 65_535 };
    expect(take({ ...key, end: false })).toEqual([0, 0, 'FRAME_START', 'LAYER_START']);
    expect(take({ template: templateOf(0), frame: 65_535, start: false })).toEqual([0, 0, 'LAYER_END']);
    expect(take({ template: templateOf(3), frame: 0 })).toEqual([1, 0, 'LAYER_START', 'LAYER_END']);
    expect(take({ template: templateOf(2), frame: 1, start: false, end: false })).toEqual([0, 1]);
  });

  it('is where more pictures a second may begin: where all that is referred to is of lower layers', () => {
    const { take } = source();
    take({ template: templateOf(0), structure: L2T2, frame: 10 });
    take({ template: templateOf(3), frame: 11 });
    expect(take({ template: templateOf(2), frame: 12 })).toContain('LAYER_SYNC');
    // Refers to the picture before it of its own layer.
    expect(take({ template: templateOf(2), frame: 14 })).not.toContain('LAYER_SYNC');
    // To one that was never seen.
    expect(take({ template: templateOf(2), frame: 30 })).not.toContain('LAYER_SYNC');
    expect(take({ template: templateOf(1), frame: 34 })).not.toContain('LAYER_SYNC');
  });

  it('is nothing before the structure came, nor of one that is no more', () => {
    const { take, dependencies } = source();
    expect(take({ template: templateOf(0) })).toBeUndefined();
    take({ template: templateOf(0), structure: L2T2 });
    expect(take({ template: templateOf(1) })).toBeDefined();
    take({ template: 5, structure: { ...L2T2, firstTemplate: 5 } });
    expect(take({ template: templateOf(1) })).toBeUndefined();
    // It comes again, late.
    take({ template: templateOf(0), structure: L2T2 }, { behind: 5 });
    expect(take({ template: templateOf(1) })).toBeUndefined();
    expect(take({ template: 6 })).toBeDefined();
    dependencies.reset();
    expect(take({ template: 6 })).toBeUndefined();
  });

  it('is which targets are sent, until the next structure says that all are', () => {
    const { take, dependencies } = source();
    take({ template: templateOf(0), structure: L2T2 });
    expect(dependencies.activeTargets).toBe(15);
    take({ template: templateOf(1), active: '0011' });
    take({ template: templateOf(2) });
    expect(dependencies.activeTargets).toBe(3);
    take({ template: templateOf(0), structure: L2T2 });
    expect(dependencies.activeTargets).toBe(15);
  });

  it('is nothing where there is none', () => {
    const packet = rtp({ extensions: [[ID, [1, 2]]] });
    expect(new FrameDependencies().info(packet, headerOf(packet), ID)).toBeUndefined();
    expect(new FrameDependencies().info(rtp(), headerOf(rtp()), ID)).toBeUndefined();
  });
});
