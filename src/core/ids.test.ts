import { expect, test } from 'vitest';
import { messageIds } from './ids.ts';

test('message ids increase within a millisecond, over a restart, and when the clock goes back', () => {
  let now = 1_000;
  const next = messageIds(0, () => now);
  expect([next(), next(), next()]).toEqual([1_000, 1_001, 1_002]);
  now = 500;
  expect(next()).toBe(1_003);
  now = 9_000;
  expect(next()).toBe(9_000);
  const afterRestart = messageIds(20_000, () => now);
  expect(afterRestart()).toBe(20_001);
});
