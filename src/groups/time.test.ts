import { expect, test } from 'vitest';
import { parseTime, timeText } from './time.ts';

test.each([
  ['2030-01-31T12:00:00Z', Date.UTC(2030, 0, 31, 12)],
  ['2030-01-31T12:00:00+02:00', Date.UTC(2030, 0, 31, 10)],
  ['2030-01-31T12:00:00.5-00:30', Date.UTC(2030, 0, 31, 12, 30, 0, 500)],
  ['2028-02-29T00:00:00Z', Date.UTC(2028, 1, 29)],
])('%s is a time', (text, time) => {
  expect(parseTime(text)).toBe(time);
});

test.each([
  '',
  '2030-01-31',
  '2030-01-31 12:00:00Z',
  '2030-01-31T12:00:00',
  '2029-02-29T00:00:00Z',
  '2030-13-01T00:00:00Z',
  '2030-01-31T24:00:00Z',
  'tomorrow',
])('%j is none', (text) => {
  expect(parseTime(text)).toBeUndefined();
});

test('a time is written as it is read, without milliseconds where there are none', () => {
  expect(timeText(Date.UTC(2030, 0, 31, 12))).toBe('2030-01-31T12:00:00Z');
  expect(parseTime(timeText(1_234_567_891_234))).toBe(1_234_567_891_234);
});
