import fc from 'fast-check';
import { expect, test } from 'vitest';
import { layoutOf, type Rect } from './stage-layout.ts';

const names = (count: number) => Array.from({ length: count }, (_, index) => `p${index}`);
const grid = (count: number) => ({ large: undefined, others: names(count) });
const DESKTOP = { width: 870, height: 480 };
const PHONE = { width: 374, height: 320 };

/** How many stand beside each other in the first row. */
const columns = (tiles: ReadonlyMap<string, Rect>) =>
  [...tiles.values()].filter(({ top }, _, [first]) => Math.abs(top - (first?.top ?? 0)) < 1).length;

test.each([
  ['one', 1, DESKTOP, 1],
  ['two', 2, DESKTOP, 2],
  ['four', 4, DESKTOP, 2],
  ['nine', 9, DESKTOP, 3],
  ['two on a phone', 2, PHONE, 1],
  ['nine on a phone', 9, PHONE, 3],
])('%s', (_, count, area, expected) => {
  expect(columns(layoutOf(grid(count), area).tiles)).toBe(expected);
});

test('no tile covers another or leaves the width, however many there are and whatever the stage is', () => {
  const area = fc.record({ width: fc.integer({ min: 240, max: 2000 }), height: fc.integer({ min: 200, max: 1400 }) });
  fc.assert(
    fc.property(area, fc.integer({ min: 1, max: 60 }), fc.boolean(), (stage, count, hasLarge) => {
      const [large, ...others] = names(count);
      const plan = hasLarge ? { large, others } : grid(count);
      const { tiles, height } = layoutOf(plan, stage);
      expect(tiles.size).toBe(count);
      const rects = [...tiles.values()];
      for (const rect of rects) {
        expect(rect.width).toBeGreaterThan(20);
        expect(rect.height).toBeGreaterThan(20);
        expect(rect.left).toBeGreaterThanOrEqual(-0.01);
        expect(rect.left + rect.width).toBeLessThanOrEqual(stage.width + 0.01);
        expect(rect.top + rect.height).toBeLessThanOrEqual(height + 0.01);
      }
      for (const [index, one] of rects.entries()) {
        for (const other of rects.slice(index + 1)) expect(overlap(one, other)).toBe(false);
      }
    }),
  );
});

test('a crowd is scrolled rather than shrunk to nothing', () => {
  const { tiles, height } = layoutOf(grid(60), PHONE);
  expect(height).toBeGreaterThan(PHONE.height);
  expect(tiles.get('p0')?.width).toBeGreaterThan(100);
});

test.each([
  ['a desktop', DESKTOP],
  ['a phone', PHONE],
])('on %s eight people are seen beside somebody large without scrolling', (_, area) => {
  expect(layoutOf({ large: 'screen', others: names(8) }, area).height).toBe(area.height);
});

test('who is large has most of the stage', () => {
  const large = layoutOf({ large: 'p0', others: ['p1', 'p2', 'p3'] }, DESKTOP).tiles.get('p0');
  expect((large?.width ?? 0) * (large?.height ?? 0)).toBeGreaterThan(0.6 * DESKTOP.width * DESKTOP.height);
});

function overlap(one: Rect, other: Rect): boolean {
  const apart = (a: number, sizeA: number, b: number, sizeB: number) => a + sizeA <= b + 0.01 || b + sizeB <= a + 0.01;
  return !apart(one.left, one.width, other.left, other.width) && !apart(one.top, one.height, other.top, other.height);
}
