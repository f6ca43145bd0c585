import { expect, test } from 'vitest';
import { parseDescription } from './description.ts';
import { describe } from './testing/fixtures.ts';

const ANY = { type: 'wildcard' };

test('the lists of the old form become users, with what each list gave', () => {
  const { users, wildcardUser } = describe({
    op: [{ username: 'vimes', password: 'sybil' }],
    presenter: [{ username: 'fred', password: 'a' }, { username: 'nobby' }],
    other: [{}],
  });
  expect(users).toEqual([
    { name: 'vimes', password: { type: 'plain', key: 'sybil' }, permissions: 'op' },
    { name: 'fred', password: { type: 'plain', key: 'a' }, permissions: 'present' },
    { name: 'nobby', password: ANY, permissions: 'present' },
  ]);
  expect(wildcardUser).toEqual({ password: ANY, permissions: 'message' });
});

test('one name may have several passwords there, also in several lists', () => {
  const { users } = describe({
    op: [{ username: 'fred', password: 'a' }],
    presenter: [
      { username: 'fred', password: 'b' },
      { username: 'fred', password: 'c' },
    ],
  });
  expect(users.map(({ name, permissions }) => [name, permissions])).toEqual([
    ['fred', 'op'],
    ['fred', 'present'],
    ['fred', 'present'],
  ]);
});

test('of several without a name the first counts, and one of the new form before it', () => {
  const old = { presenter: [{ password: 'p' }, { password: 'q' }], other: [{}] };
  expect(describe(old).wildcardUser).toEqual({ password: { type: 'plain', key: 'p' }, permissions: 'present' });
  const both = describe({ ...old, 'wildcard-user': { permissions: 'observe' } });
  expect(both.wildcardUser).toEqual({ permissions: 'observe' });
});

test('names that nobody can bear, and more passwords of one name than anybody has, are left out', () => {
  const parsed = parseDescription(
    JSON.stringify({
      users: { '../x': { password: 'a' }, '': { password: 'b' } },
      op: Array.from({ length: 20 }, (_, index) => ({ username: 'fred', password: `${index}` })),
    }),
  );
  if (parsed.kind === 'invalid') throw new Error(parsed.problem);
  expect(parsed.description.users.map(({ name }) => name)).toEqual(['', ...Array(16).fill('fred')]);
  expect(parsed.warnings).toHaveLength(5);
  expect(parsed.warnings[0]).toBe('../x: cannot be a username');
});

test('a user called __proto__ is a user', () => {
  const parsed = parseDescription('{"users": {"__proto__": {"password": "x", "permissions": "op"}}}');
  const expected = { name: '__proto__', password: { type: 'plain', key: 'x' }, permissions: 'op' };
  expect(parsed).toMatchObject({ kind: 'description', description: { users: [expected] } });
});
