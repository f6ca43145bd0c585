import { expect, test } from 'vitest';
import { nearest } from './nearest.ts';

test.each([
  ['prot', 'port'],
  ['Port', 'port'],
  ['log-level', 'log_level'],
  ['titel', 'title'],
  ['colour', undefined],
  ['', undefined],
])('%s → %s', (word, expected) => {
  expect(nearest(word, ['host', 'port', 'title', 'log_level'])).toBe(expected);
});
