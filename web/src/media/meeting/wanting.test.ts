import { expect, test } from 'vitest';
import { type Look, sizeWanted } from './wanting.ts';

const look = (width: number, height: number, more: Partial<Look> = {}): Look => ({
  width,
  height,
  ratio: 1,
  onScreen: true,
  ...more,
});

test.each([
  ['just small enough', look(320, 240), 'low'],
  ['wider, as low', look(400, 190), 'low'],
  ['a little larger', look(330, 240), 'high'],
  ['small in CSS, not in pixels', look(320, 240, { ratio: 2 }), 'high'],
  ['a phone with nine of them', look(120, 70, { ratio: 3 }), 'low'],
  ['large, scrolled away', look(900, 600, { onScreen: false }), 'low'],
])('%s', (_, size, wanted) => {
  expect(sizeWanted(size)).toBe(wanted);
});
