import { expect, test } from 'vitest';
import type { Recording } from '../../desk.ts';
import { sessionsOf } from './recording-sessions.ts';

const MINUTE = 60_000;

function recording(file: string, startedAt: number, more: Partial<Recording> = {}): Recording {
  return { file, bytes: 10, startedAt, publisher: '', label: '', session: '', isGrowing: false, ...more };
}

const names = (files: readonly Recording[]) =>
  sessionsOf(files).map((session) => [session.id, session.files.map(({ file }) => file)]);

test('files of a session belong together, whatever lies between them; the newest session is first', () => {
  const files = [
    recording('b2', 300 * MINUTE, { session: 'b' }),
    recording('a1', 0, { session: 'a' }),
    recording('c1', 10 * MINUTE, { session: 'c', isGrowing: true }),
    recording('b1', 5 * MINUTE, { session: 'b' }),
  ];
  expect(names(files)).toEqual([
    ['c', ['c1']],
    ['b', ['b1', 'b2']],
    ['a', ['a1']],
  ]);
  expect(sessionsOf(files).map(({ isGrowing }) => isGrowing)).toEqual([true, false, false]);
});

test('a session is as long as from its first picture to its last, as far as one knows', () => {
  const [session] = sessionsOf([
    recording('one', MINUTE, { session: 'a', durationMs: 10 * MINUTE }),
    recording('two', 2 * MINUTE, { session: 'a', durationMs: MINUTE }),
    recording('three', 4 * MINUTE, { session: 'a' }),
  ]);
  expect(session).toMatchObject({ startedAt: MINUTE, durationMs: 10 * MINUTE, bytes: 30 });
});

test('files that do not say so belong together where there is no pause between them', () => {
  const files = [
    recording('one', 0, { durationMs: 60 * MINUTE }),
    recording('two', 10 * MINUTE),
    recording('three', 80 * MINUTE),
    recording('four', 111 * MINUTE),
  ];
  expect(names(files)).toEqual([
    ['from four', ['four']],
    ['from one', ['one', 'two', 'three']],
  ]);
});

test('there are none of nothing', () => {
  expect(sessionsOf([])).toEqual([]);
});
