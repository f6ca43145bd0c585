import { expect, test } from 'vitest';
import { describeRoom } from './describe-room.ts';

const NOW = Date.UTC(2026, 0, 5, 12);
const room = { name: 'quiet', title: 'Quiet', members: 0, guestLimit: 0, password: false, activeAt: NOW };

test.each([
  [{ members: 1 }, '1 person here'],
  [{ members: 7 }, '7 people here'],
  [{ members: 2, guestLimit: 5 }, '2 of 5 people here'],
  [{ members: 5, guestLimit: 5 }, '5 of 5 people here · Full'],
  [{}, 'Nobody here'],
  [{ activeAt: NOW - 5 * 60_000, guestLimit: 5 }, 'Nobody here · active 5 min. ago'],
])('%j: %s', (known, words) => {
  expect(describeRoom({ ...room, ...known }, NOW)).toBe(words);
});
