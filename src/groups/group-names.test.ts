import { expect, test } from 'vitest';
import { isGroupName, isUsername, usernameKey, withAncestors } from './group-names.ts';

test.each(['public', 'Public', 'a/b', 'a.b', 'été', 'with space', 'a'.repeat(256)])('%j is a group’s name', (name) => {
  expect(isGroupName(name)).toBe(true);
});

test.each([
  '',
  '/a',
  'a/',
  'a//b',
  '.',
  '..',
  'a/../b',
  '../x',
  'a/./b',
  '.hidden',
  'a/.status',
  'a\\b',
  'a\0b',
  'a\nb',
  '\ud800',
  'a'.repeat(257),
  Array(17).fill('a').join('/'),
])('%j is none', (name) => {
  expect(isGroupName(name)).toBe(false);
});

test('a username may be empty, or begin with a dot, but is no way out', () => {
  expect(['', 'fred', '.fred', 'a/b'].filter((name) => !isUsername(name))).toEqual([]);
  expect(['..', '../a', 'a/', 'a\\b', 'x'.repeat(257)].filter(isUsername)).toEqual([]);
});

test('ancestors are from near to far', () => {
  expect(withAncestors('a/b/c')).toEqual(['a/b/c', 'a/b', 'a']);
  expect(withAncestors('a')).toEqual(['a']);
});

test('names that a room takes for one have one key', () => {
  for (const name of ['Vimes', ' vimes ', '@vimes', 'vi\u200bmes']) expect(usernameKey(name)).toBe('vimes');
});
