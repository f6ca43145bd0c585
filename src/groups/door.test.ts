import { expect, test } from 'vitest';
import { doorOf } from './door.ts';
import { describe, NOW } from './testing/fixtures.ts';

const FRED = new Set(['present', 'message'] as const);
const VIMES = new Set(['op'] as const);
const IDLE = { now: NOW, memberCount: 0, operatorsPresent: 1, permissions: FRED };

const before = describe({ 'not-before': '2030-01-01T12:00:01Z' });
const after = describe({ expires: '2030-01-01T11:59:59Z' });
const autokick = describe({ autokick: true });
const two = describe({ 'max-clients': 2 });

test.each([
  ['locked', describe({}), { ...IDLE, locked: {} }, { code: 'locked' }],
  [
    'locked, with a message',
    describe({}),
    { ...IDLE, locked: { message: 'later' } },
    { code: 'locked', message: 'later' },
  ],
  ['not open yet', before, IDLE, { code: 'not-open-yet' }],
  ['closed', after, IDLE, { code: 'closed' }],
  ['without operators', autokick, { ...IDLE, operatorsPresent: 0 }, { code: 'no-operators' }],
  ['full', two, { ...IDLE, memberCount: 2 }, { code: 'full' }],
])('a group that is %s lets in operators alone', (_, description, state, closed) => {
  expect(doorOf(description, state)).toEqual(closed);
  expect(doorOf(description, { ...state, permissions: VIMES })).toBeUndefined();
});

test.each([
  ['nothing is set', describe({}), { ...IDLE, memberCount: 10_000, operatorsPresent: 0 }],
  ['an operator is there', autokick, IDLE],
  ['there is one place', two, { ...IDLE, memberCount: 1 }],
  ['it has just opened', before, { ...IDLE, now: NOW + 1000 }],
])('anybody may come in where %s', (_, description, state) => {
  expect(doorOf(description, state)).toBeUndefined();
});

test('what is said first is what Galène says first', () => {
  const all = describe({ 'not-before': '2040-01-01T00:00:00Z', autokick: true, 'max-clients': 1 });
  const state = { ...IDLE, memberCount: 1, operatorsPresent: 0 };
  expect(doorOf(all, { ...state, locked: {} })?.code).toBe('locked');
  expect(doorOf(all, state)?.code).toBe('not-open-yet');
  expect(doorOf(all, { ...state, now: Date.UTC(2041, 0) })?.code).toBe('no-operators');
});
