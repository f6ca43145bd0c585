import { expect, test } from 'vitest';
import { backoffMs, MAX_BACKOFF_MS } from './client-backoff.ts';

test('the first retry is quick, and no wait exceeds the bound', () => {
  expect(backoffMs(1, () => 0)).toBe(300);
  expect(backoffMs(1, () => 1)).toBe(700);
  expect(backoffMs(3, () => 0.5)).toBe(2_000);
  expect(backoffMs(1_000, () => 1)).toBe(MAX_BACKOFF_MS);
});

test('waits are spread at the bound too', () => {
  expect(backoffMs(50, () => 0)).toBeLessThan(MAX_BACKOFF_MS / 2);
});
