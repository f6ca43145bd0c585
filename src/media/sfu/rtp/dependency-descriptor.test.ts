import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { newDescriptor, readDescriptor } from './dependency-descriptor.ts';
import type { DependencyStructure } from './dependency-structure.ts';
import { descriptor, L2T2, templateOf } from './testing/descriptors.ts';

function read(bytes: Uint8Array, known?: DependencyStructure) {
  const into = newDescriptor();
  const padded = Buffer.concat([Buffer.of(0xff), bytes, Buffer.of(0xff)]);
  return readDescriptor({ bytes: padded, from: 1, length: bytes.length }, known, into) ? into : undefined;
}

function known(fields = L2T2): DependencyStructure {
  const structure = read(descriptor({ template: fields.firstTemplate ?? 0, structure: fields }))?.structure;
  if (!structure) throw new Error('the structure cannot be read');
  return structure;
}

describe('a descriptor', () => {
  it('brings the layers that there are, and what each target needs', () => {
    const structure = known();
    expect(structure.targets).toEqual([
      { spatial: 0, temporal: 0 },
      { spatial: 0, temporal: 1 },
      { spatial: 1, temporal: 0 },
      { spatial: 1, temporal: 1 },
    ]);
    expect(structure.chains).toBe(2);
    expect(structure.templates.map(({ spatial, temporal, differences }) => [spatial, temporal, differences])).toEqual(
      L2T2.templates.map(({ spatial, temporal, differences = [] }) => [spatial, temporal, differences]),
    );
  });

  it.each(L2T2.templates.map((template, index) => [index, template] as const))(
    'says by its template of which frame it is: %i',
    (index, { spatial, temporal, differences = [] }) => {
      const bytes = descriptor({ template: templateOf(index), frame: 0xfedc, start: false });
      expect(bytes).toHaveLength(3);
      expect(read(bytes, known())).toMatchObject({
        ...{ spatial, temporal, differences, frame: 0xfedc, startsFrame: false, endsFrame: true },
        ...{ structure: undefined, activeTargets: undefined, targetCount: 4 },
      });
    },
  );

  it('may say all of it in its own words', () => {
    const bytes = descriptor({
      ...{ template: templateOf(5), active: '0111', ownTargets: '--SR' },
      ...{ ownDifferences: [3, 200, 4000], ownChains: [9, 10] },
    });
    expect(read(bytes, known())).toMatchObject({ activeTargets: 7, differences: [3, 200, 4000], spatial: 1 });
  });

  it('is nothing without the structure that it is of', () => {
    expect(read(descriptor({ template: templateOf(0) }))).toBeUndefined();
    expect(read(descriptor({ template: templateOf(6) }), known())).toBeUndefined();
    expect(read(descriptor({ template: templateOf(-1) }), known())).toBeUndefined();
  });

  it('is nothing where it is cut short', () => {
    const bytes = descriptor({ template: templateOf(0), structure: L2T2, active: '1111', ownDifferences: [300] });
    for (let length = 0; length < bytes.length; length += 1) {
      expect(read(bytes.subarray(0, length), length <= 3 ? undefined : known())).toBeUndefined();
    }
    expect(read(bytes)).toBeDefined();
  });

  it('can have as many targets and templates as its numbers allow, and no more', () => {
    const targets = 'S'.repeat(32);
    const templates = Array.from({ length: 64 }, () => ({ spatial: 0, temporal: 0, targets }));
    // Longer than an extension can be, but read all the same.
    const all = descriptor({ structure: { templates }, active: '1'.repeat(32) });
    expect(read(all)).toMatchObject({ activeTargets: 0xffffffff, targetCount: 32 });
    const tooMany = descriptor({ structure: { templates: [...templates, ...templates.slice(0, 1)] } });
    expect(read(tooMany)).toBeUndefined();
  });

  it('of any bytes is read or not, and nothing is thrown', () => {
    const structure = known();
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 255 }), (bytes) => {
        const found = read(bytes, structure);
        if (found) expect(found.spatial * 8 + found.temporal).toBeLessThan(64 * 8);
      }),
    );
  });
});
