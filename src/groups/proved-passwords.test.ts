import { expect, test } from 'vitest';
import { ProvedPasswords } from './proved-passwords.ts';
import { NOW } from './testing/fixtures.ts';

const KEPT = { type: 'bcrypt', key: 'x' };

test('a password that was right is, for a while, and for what it was right for', () => {
  let now = NOW;
  const proved = new ProvedPasswords({ now: () => now });
  expect(proved.has('sybil', KEPT)).toBe(false);
  proved.note('sybil', KEPT);
  expect(proved.has('sybil', KEPT)).toBe(true);
  expect([proved.has('sybil ', KEPT), proved.has('sybil', { ...KEPT, key: 'y' })]).toEqual([false, false]);
  now += 5 * 60_000;
  expect(proved.has('sybil', KEPT)).toBe(false);
});

test('of many, the oldest are forgotten', () => {
  const proved = new ProvedPasswords({ now: () => NOW });
  for (let count = 0; count <= 256; count++) proved.note(`${count}`, KEPT);
  expect([proved.has('0', KEPT), proved.has('1', KEPT), proved.has('256', KEPT)]).toEqual([false, true, true]);
});
