import { expect, test } from 'vitest';
import { formatBytes } from './format-bytes.ts';

test.each([
  [0, '0 bytes'],
  [1, '1 byte'],
  [999, '999 bytes'],
  [1000, '1 kB'],
  [16_385, '16.4 kB'],
  [999_499, '999 kB'],
  [999_500, '1 MB'],
  [1_048_576, '1 MB'],
  [2_340_000_000, '2.3 GB'],
  [5e15, '5000 TB'],
])('%d is %s', (bytes, text) => {
  expect(formatBytes(bytes)).toBe(text);
});
