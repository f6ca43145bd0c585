import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { rangeOf } from './ranges.ts';

describe('a range', () => {
  test.each([
    ['bytes=0-0', { start: 0, end: 0 }],
    ['bytes=0-99', { start: 0, end: 99 }],
    ['bytes=90-1000', { start: 90, end: 99 }],
    ['bytes=99-', { start: 99, end: 99 }],
    ['bytes=-1', { start: 99, end: 99 }],
    ['bytes=-500', { start: 0, end: 99 }],
    ['BYTES = 1 - 2', { start: 1, end: 2 }],
  ])('%s is a part', (header, part) => {
    expect(rangeOf(header, 100)).toEqual(part);
  });

  test.each(['bytes=100-', 'bytes=100-200', 'bytes=-0'])('%s is beyond', (header) => {
    expect(rangeOf(header, 100)).toBe('beyond');
  });

  test.each([
    undefined,
    '',
    'bytes',
    'bytes=',
    'bytes=-',
    'bytes=5-4',
    'bytes=a-b',
    'bytes=0-1,4-5',
    'lines=0-1',
    'bytes=1e3-',
    `bytes=${'9'.repeat(400)}-`,
  ])('%s is the whole', (header) => {
    expect(rangeOf(header, 100)).toBeUndefined();
  });

  test('of an empty file is beyond', () => {
    expect([rangeOf('bytes=0-', 0), rangeOf('bytes=-5', 0)]).toEqual(['beyond', 'beyond']);
  });

  test('lies within the file, whatever is said', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^bytes=\d{0,20}-\d{0,20}$/), fc.nat(1000), (header, bytes) => {
        const range = rangeOf(header, bytes);
        if (typeof range !== 'object') return;
        expect(range.start).toBeGreaterThanOrEqual(0);
        expect(range.end).toBeGreaterThanOrEqual(range.start);
        expect(range.end).toBeLessThan(bytes);
      }),
    );
  });
});
