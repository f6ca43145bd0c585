import { expect, test } from 'vitest';
import { timeAgo } from './time-ago.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const MINUTE = 60_000;

test.each([
  [-MINUTE, ''],
  [0, ''],
  [MINUTE - 1, ''],
  [MINUTE, '1 min. ago'],
  [59 * MINUTE, '59 min. ago'],
  [60 * MINUTE, '1 hr. ago'],
  [24 * 60 * MINUTE - 1, '23 hr. ago'],
  [24 * 60 * MINUTE, '1 day ago'],
  [40 * 24 * 60 * MINUTE, '40 days ago'],
])('%i ms ago is "%s"', (passed, words) => {
  expect(timeAgo(NOW - passed, NOW)).toBe(words);
});
