import { expect, describe as group, test } from 'vitest';
import type { DefinedUser } from '../core/administration.ts';
import { checkPassword, userNames, userOf, withoutUser, withPassword, withUser } from './defined-users.ts';
import { sanitised, withDescription, withKeys, withUsersOfToday } from './definition-parts.ts';
import { objectOf, type RawDefinition, rawOf } from './raw-definition.ts';

const named = (name: string): DefinedUser => ({ kind: 'named', name });
const WILDCARD: DefinedUser = { kind: 'wildcard' };
const object = (raw: RawDefinition | undefined) => raw && objectOf(raw);

group('users', () => {
  const raw = rawOf({
    users: { vimes: { password: 'sybil', permissions: 'op' }, ann: {} },
    'wildcard-user': { password: 'x' },
  });

  test('are named, and shown without passwords', () => {
    expect(userNames(raw)).toEqual(['ann', 'vimes']);
    expect([userOf(raw, named('vimes')), userOf(raw, named('ann')), userOf(raw, WILDCARD)]).toEqual([
      { permissions: 'op' },
      {},
      {},
    ]);
    expect([userOf(raw, named('nobby')), userOf(rawOf({}), WILDCARD), userNames(rawOf({}))]).toEqual([
      undefined,
      undefined,
      [],
    ]);
  });

  test('keep their passwords when their rights change', () => {
    expect(object(withUser(raw, named('vimes'), { permissions: ['message'], nonsense: 1 }))).toMatchObject({
      users: { vimes: { password: 'sybil', permissions: ['message'] } },
    });
    expect(object(withUser(raw, named('vimes'), {}))).toMatchObject({ users: { vimes: { password: 'sybil' } } });
    expect(() => withUser(raw, named('vimes'), { Password: 'x' })).toThrow('password: is not changed here');
  });

  test('get passwords and lose them, and go', () => {
    expect(object(withPassword(raw, named('ann'), 'new'))).toMatchObject({ users: { ann: { password: 'new' } } });
    expect(object(withPassword(raw, WILDCARD, undefined))).toMatchObject({ 'wildcard-user': {} });
    expect(withPassword(raw, named('nobby'), 'new')).toBeUndefined();
    expect(withoutUser(raw, named('nobby'))).toBeUndefined();
    expect(object(withoutUser(raw, WILDCARD))).not.toHaveProperty('wildcard-user');
    const one = rawOf({ users: { ann: {} } });
    expect(object(withoutUser(one, named('ann')))).toEqual({});
  });

  test.each(['__proto__', 'constructor', 'toString', '1'])('may be called %s', (name) => {
    expect(userOf(raw, named(name))).toBeUndefined();
    const after = withUser(raw, named(name), { permissions: 'op' });
    expect(userOf(after, named(name))).toEqual({ permissions: 'op' });
    expect(userNames(after)).toEqual(['ann', 'vimes', name].sort());
    expect(({} as Record<string, unknown>).permissions).toBeUndefined();
  });

  test.each(['../x', 'a//b', 'a\\b', 'a\u0000b'])('may not be called %j', (name) => {
    expect(() => withUser(raw, named(name), {})).toThrow('cannot be a username');
  });
});

test('users of 2021 are those of today: the first of a name, and any password where none was said', () => {
  const old = rawOf({
    op: [{ username: 'vimes', password: 'sybil' }, { username: 'ann' }],
    Presenter: [{ username: 'vimes', password: 'other' }, { password: 'all' }],
    other: [{}],
    public: true,
  });
  expect(object(withUsersOfToday(old))).toEqual({
    public: true,
    users: {
      vimes: { password: 'sybil', permissions: 'op' },
      ann: { password: { type: 'wildcard' }, permissions: 'op' },
    },
    'wildcard-user': { password: 'all', permissions: 'present' },
  });
  expect(userOf(old, named('ann'))).toEqual({ permissions: 'op' });
});

test('a description is told without what is secret, and replaced with nothing else', () => {
  const raw = rawOf({
    Public: true,
    users: { vimes: {} },
    authKeys: [{}],
    'allow-subgroups': true,
    'allow-anonymous': true,
    'max-clients': 0,
    frobnicate: 1,
  });
  expect(sanitised(raw)).toEqual({ public: true, 'auto-subgroups': true });
  const next = withDescription(raw, { displayName: 'New', public: false, codecs: [], nonsense: 1 });
  expect(object(next)).toEqual({ users: { vimes: {} }, authKeys: [{}], displayName: 'New' });
  expect(object(withDescription(next, { 'allow-subgroups': true }))).toMatchObject({ 'auto-subgroups': true });
  for (const odd of ['users', 'wildcard-user', 'authKeys', 'OP', 'presenter', 'other']) {
    expect(() => withDescription(raw, { [odd]: [] })).toThrow('is not changed here');
  }
  expect(() => withDescription(raw, null)).toThrow('must be an object');
});

test('keys come as a set, and an empty one removes them', () => {
  expect(object(withKeys(rawOf({ public: true }), { keys: [{ kty: 'oct' }] }))).toEqual({
    public: true,
    authKeys: [{ kty: 'oct' }],
  });
  expect(object(withKeys(rawOf({ authKeys: [{}] }), { keys: [] }))).toEqual({});
  for (const body of [null, [], {}, { keys: 'x' }]) expect(() => withKeys(rawOf({}), body)).toThrow(/must be/);
});

test.each<[unknown, string]>([
  [null, 'password: is empty'],
  [{}, 'password: is empty'],
  [5, 'password: must be a text or an object'],
  [{ type: 'rot13' }, 'password: is of no known type'],
  [{ type: 'bcrypt', key: 'x' }, 'password: has no key of bcrypt, with a cost from 4 to 14'],
])('%j is no password', (value, problem) => {
  expect(() => checkPassword(value)).toThrow(new Error(problem));
});

test.each(['', 'text', { type: 'plain', key: 'x' }, { type: 'wildcard' }])('%j is one', (value) => {
  expect(() => checkPassword(value)).not.toThrow();
});
