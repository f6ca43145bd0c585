import { expect, test, vi } from 'vitest';
import { dayName } from './format-time.ts';

// Clocks are put back there on 1 November 2026 and forward on 8 March 2026. Said before anything asks for the time.
vi.hoisted(() => vi.stubEnv('TZ', 'America/New_York'));

const at = (year: number, month: number, day: number, hour: number, minute = 0) =>
  new Date(year, month - 1, day, hour, minute).getTime();

test.each([
  ['the same day', at(2026, 6, 10, 0), at(2026, 6, 10, 23, 59), 'Today'],
  ['the evening before', at(2026, 6, 9, 23, 59), at(2026, 6, 10, 0), 'Yesterday'],
  ['the day before one of 25 hours, at its end', at(2026, 10, 31, 12), at(2026, 11, 1, 23, 30), 'Yesterday'],
  ['the day before, after one of 23 hours', at(2026, 3, 8, 12), at(2026, 3, 9, 0, 30), 'Yesterday'],
  ['the last day of the year before', at(2025, 12, 31, 12), at(2026, 1, 1, 12), 'Yesterday'],
])('%s', (_, then, now, name) => {
  expect(dayName(then, now)).toBe(name);
});

test('earlier days have dates, and years where it is another', () => {
  const now = at(2026, 6, 10, 12);
  expect(dayName(at(2026, 6, 8, 12), now)).toMatch(/Monday/);
  expect(dayName(at(2026, 6, 8, 12), now)).not.toMatch(/2026/);
  expect(dayName(at(2025, 6, 8, 12), now)).toMatch(/2025/);
});
