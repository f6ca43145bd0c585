import { expect, test } from 'vitest';
import { type Look, type SizeWanted, sizeWanted } from './wanting.ts';

const look = (width: number, height: number, more: Partial<Look> = {}): Look => ({
  ...{ width, height, ratio: 1, onScreen: true, hasAudio: true },
  ...more,
});
const hidden = { onScreen: false } as const;

test.each<[string, Look, SizeWanted, SizeWanted]>([
  ['just small enough', look(320, 240), 'high', 'low'],
  ['wider, as low', look(400, 190), 'high', 'low'],
  ['a little larger', look(330, 240), 'high', 'high'],
  ['a little larger than it was', look(330, 240), 'low', 'low'],
  ['clearly larger than it was', look(400, 300), 'low', 'high'],
  ['back on the screen, a little larger', look(330, 240), 'none', 'low'],
  ['back on the screen, large', look(900, 600), 'none', 'high'],
  ['small in CSS, not in pixels', look(320, 240, { ratio: 2 }), 'high', 'high'],
  ['a phone with nine of them', look(120, 70, { ratio: 3 }), 'high', 'low'],
  ['large, scrolled away', look(900, 600, hidden), 'high', 'none'],
  ['a screen without sound, scrolled away', look(900, 600, { ...hidden, hasAudio: false }), 'high', 'low'],
])('%s', (_, size, before, wanted) => {
  expect(sizeWanted(size, before)).toBe(wanted);
});
