import fc from 'fast-check';
import { expect, test } from 'vitest';
import { partAt } from './api-paths.ts';

const at = (path: string) => partAt(`/galene-api/v0${path}`);
const ann = { kind: 'named', name: 'ann' };

test.each([
  ['/.stats', { kind: 'statistics' }],
  ['/.groups', { kind: 'groups' }],
  ['/.groups/', { kind: 'groups' }],
  ['/.groups/zoo', { kind: 'group', group: 'zoo' }],
  ['/.groups/zoo/', { kind: 'group', group: 'zoo' }],
  ['/.groups/zoo/apes', { kind: 'group', group: 'zoo/apes' }],
  ['/.groups/zoo%2Fapes', { kind: 'group', group: 'zoo/apes' }],
  ['/.groups/zo%C3%AB', { kind: 'group', group: 'zoë' }],
  ['/.groups/zoo/.keys', { kind: 'keys', group: 'zoo' }],
  ['/.groups/zoo/apes/.users/', { kind: 'users', group: 'zoo/apes' }],
  ['/.groups/zoo/.users/ann', { kind: 'user', group: 'zoo', user: ann }],
  ['/.groups/zoo/.users/ann/', { kind: 'user', group: 'zoo', user: ann }],
  ['/.groups/zoo/.users/ann/bell', { kind: 'user', group: 'zoo', user: { kind: 'named', name: 'ann/bell' } }],
  ['/.groups/zoo/.users/ann/.password', { kind: 'password', group: 'zoo', user: ann }],
  ['/.groups/zoo/.empty-user', { kind: 'user', group: 'zoo', user: { kind: 'named', name: '' } }],
  ['/.groups/zoo/.empty-user/.password', { kind: 'password', group: 'zoo', user: { kind: 'named', name: '' } }],
  ['/.groups/zoo/.wildcard-user', { kind: 'user', group: 'zoo', user: { kind: 'wildcard' } }],
  ['/.groups/zoo/.wildcard-user/.password', { kind: 'password', group: 'zoo', user: { kind: 'wildcard' } }],
  ['/.groups/zoo/.tokens/', { kind: 'tokens', group: 'zoo' }],
  ['/.groups/zoo/.tokens/t', { kind: 'token', group: 'zoo', token: 't' }],
  ['/.groups/.tokens/', { kind: 'tokens', group: '' }],
  ['/.groups/.tokens/t', { kind: 'token', group: '', token: 't' }],
])('%s is of %o', (path, part) => {
  expect(at(path)).toEqual(part);
});

test.each([
  ...[
    '',
    '/',
    '/.other',
    '/.stats/x',
    '/zoo',
    '/.groupsx',
    '/.groups/zoo/.other',
    '/.groups/zoo/.keys/x',
    '/.groups/.keys',
  ],
  ...[
    '/.groups/.users/',
    '/.groups/zoo/.users/ann/.other',
    '/.groups/zoo/.users/ann/.password/x',
    '/.groups/zoo/.users/.x',
  ],
  ...[
    '/.groups/zoo/.tokens/t/x',
    '/.groups/zoo/.wildcard-user/x',
    '/.groups/..',
    '/.groups/../x',
    '/.groups/%',
    '/.groups/%ff',
  ],
])('%s is of nothing', (path) => {
  expect(at(path)).toBeUndefined();
});

test('no name of a group has a part that begins with a dot, whatever is asked', () => {
  const word = fc.oneof(fc.constantFrom('.', '..', '%2e', '%2E%2e', '/', '%2f', '.users', 'a', ''), fc.string());
  fc.assert(
    fc.property(fc.array(word), (words) => {
      const part = at(`/.groups/${words.join('/')}`);
      if (part && 'group' in part) expect(part.group.split('/').some((name) => name.startsWith('.'))).toBe(false);
    }),
  );
});
