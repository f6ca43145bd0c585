import { expect, test } from 'vitest';
import { etag, expectationOf, readingOutcome } from './api-preconditions.ts';

test.each<[Readonly<Record<string, string>>, boolean, boolean]>([
  // Of what has the version "one", and of what is not there.
  [{}, true, true],
  [{ 'if-match': '"one"' }, true, false],
  [{ 'if-match': '"two"' }, false, false],
  [{ 'if-match': '"two" ,"one"' }, true, false],
  [{ 'if-match': '*' }, true, false],
  [{ 'if-match': ' * ' }, true, false],
  [{ 'if-match': 'W/"one"' }, false, false],
  [{ 'if-match': 'one' }, false, false],
  [{ 'if-match': '' }, false, false],
  [{ 'if-none-match': '*' }, false, true],
  [{ 'if-none-match': '"one"' }, false, true],
  [{ 'if-none-match': 'W/"one"' }, false, true],
  [{ 'if-none-match': '"two"' }, true, true],
  [{ 'if-match': '"one"', 'if-none-match': '*' }, false, false],
])('%j holds: %s of a version, %s of nothing', (headers, ofThis, ofNothing) => {
  const expects = expectationOf(headers);
  expect([expects('one'), expects(undefined)]).toEqual([ofThis, ofNothing]);
});

test('who reads has it already, wants it, or wants another', () => {
  expect(readingOutcome({}, 'one')).toBe('wanted');
  expect(readingOutcome({ 'if-none-match': '"one"' }, 'one')).toBe('unmodified');
  expect(readingOutcome({ 'if-none-match': '"two"' }, 'one')).toBe('wanted');
  expect(readingOutcome({ 'if-match': '"two"', 'if-none-match': '"one"' }, 'one')).toBe('mismatch');
  expect(readingOutcome({ 'if-none-match': '*' }, undefined)).toBe('wanted');
  expect(etag('one')).toBe('"one"');
});
