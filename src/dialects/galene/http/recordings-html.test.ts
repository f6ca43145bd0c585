import { expect, test } from 'vitest';
import { escapeHtml } from '../../../markup/escape-html.ts';
import { lengthText, sizeText, timeHtml } from './recordings-html.ts';

test('what could be HTML is text', () => {
  expect(escapeHtml(`<a href='x'>"&"</a>`)).toBe('&#60;a href=&#39;x&#39;&#62;&#34;&#38;&#34;&#60;/a&#62;');
});

test.each([
  [0, '0 bytes'],
  [999, '999 bytes'],
  [1000, '1.0 kB'],
  [12_345, '12 kB'],
  [1_234_567, '1.2 MB'],
  [98_765_432_100, '99 GB'],
  [9_876_543_210_000, '9877 GB'],
])('%i bytes are %s', (bytes, text) => {
  expect(sizeText(bytes)).toBe(text);
});

test.each([
  [0, '0 s'],
  [59_400, '59 s'],
  [61_000, '1 min 1 s'],
  [3_599_600, '1 h 0 min'],
  [7_384_000, '2 h 3 min'],
])('%i ms are %s', (ms, text) => {
  expect(lengthText(ms)).toBe(text);
});

test('a time is there for programs, too; one that there is not does no harm', () => {
  expect(timeHtml(Date.UTC(2026, 2, 1, 12))).toMatch(/^<time datetime="2026-03-01T12:00:00.000Z">.*2026.*<\/time>$/);
  expect(timeHtml(Number.MAX_SAFE_INTEGER)).toBe('Some time');
});
