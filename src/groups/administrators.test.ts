import { expect, test } from 'vitest';
import { Passwords } from '../auth/passwords.ts';
import type { AdministratorProof, GroupPart } from '../core/administration.ts';
import { Administrators } from './administrators.ts';
import { NO_CONFIG } from './installation.ts';
import { describe, HOUR, NOW } from './testing/fixtures.ts';
import type { GroupToken } from './token-store.ts';

const BCRYPT = { type: 'bcrypt', key: '$2a$08$Ay5UZhIlSmFNdWVWZTEiMOLcMTP2cHUc3/Kzh2QZLrmuWjMRXSM5y' } as const;
const ZOO = describe({
  users: {
    carrot: { password: 'iron', permissions: 'admin' },
    fred: { password: 'pints', permissions: 'op' },
    open: { password: { type: 'wildcard' }, permissions: 'message' },
    root: { password: 'of the group', permissions: 'admin' },
  },
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'admin' },
});
const ROOT = { name: 'root', password: BCRYPT, permissions: 'admin' } as const;
const token = (more: Partial<GroupToken>): GroupToken => ({
  ...{ token: 't', group: 'zoo', includeSubgroups: false, permissions: ['admin'], expires: NOW + HOUR },
  ...more,
});

/** bcrypt is slow: which passwords it was asked about is what matters. */
function administrators(tokens: Readonly<Record<string, GroupToken>> = {}) {
  const asked: string[] = [];
  const all = new Administrators({
    config: () => ({ ...NO_CONFIG, users: [ROOT] }),
    definition: async (group) => (group === 'zoo' ? { name: 'zoo', description: ZOO } : undefined),
    findToken: async (secret) => tokens[secret],
    tokenGroup: async (group) => group,
    passwords: new Passwords({ now: () => NOW }),
    bcrypt: {
      compare: async (password) => {
        asked.push(password);
        return password === 'hunter2';
      },
    },
    now: () => NOW,
  });
  const admit = async (proof: AdministratorProof, part: GroupPart, household = 'home') => {
    const authority = await all.admit(proof, part, household);
    return authority.kind === 'granted' ? authority.reach : authority.reason;
  };
  return { admit, asked };
}

const by = (username: string, password: string): AdministratorProof => ({ kind: 'password', username, password });
const password = (name: string): GroupPart => ({ kind: 'password', group: 'zoo', user: { kind: 'named', name } });
const SERVER: GroupPart = { kind: 'groups' };
const OF_ZOO: GroupPart = { kind: 'group', group: 'zoo' };
const OF_ARK: GroupPart = { kind: 'group', group: 'ark' };

test('the installation’s administer everything, and what its groups name theirs', async () => {
  const { admit } = administrators();
  for (const part of [SERVER, OF_ZOO, OF_ARK]) expect(await admit(by('root', 'hunter2'), part)).toBe('server');
  expect(await admit(by('root', 'of the group'), OF_ZOO)).toBe('group');
  expect(await admit(by('carrot', 'iron'), OF_ZOO)).toBe('group');
  for (const part of [SERVER, OF_ARK]) expect(await admit(by('carrot', 'iron'), part)).toBe('not-authorised');
  expect(await admit(by('fred', 'pints'), OF_ZOO)).toBe('not-authorised');
  expect(await admit(by('somebody', ''), OF_ZOO)).toBe('not-authorised');
});

test('a password of one’s own is one’s own, where it is one', async () => {
  const { admit } = administrators();
  expect(await admit(by('whoever', 'pints'), password('fred'))).toBe('self');
  expect(await admit(by('fred', 'pints'), password('carrot'))).toBe('not-authorised');
  expect(await admit(by('open', 'anything'), password('open'))).toBe('not-authorised');
  const wildcard: GroupPart = { kind: 'password', group: 'zoo', user: { kind: 'wildcard' } };
  expect(await admit(by('', ''), wildcard)).toBe('not-authorised');
});

test('whoever there is or is not, one hash is made', async () => {
  const { admit, asked } = administrators();
  const tries = [by('root', 'a'), by('nobody', 'b'), by('fred', 'c'), by('carrot', 'd')];
  for (const [index, proof] of tries.entries()) {
    await admit(proof, index === 2 ? password('fred') : OF_ZOO, `home ${index}`);
  }
  expect(asked).toEqual(['a', 'b', 'c', 'd']);
});

test('a right password is not hashed again soon; wrong ones are, and counted', async () => {
  const { admit, asked } = administrators();
  for (let count = 0; count < 5; count++) expect(await admit(by('root', 'hunter2'), SERVER)).toBe('server');
  expect(asked).toEqual(['hunter2']);
  for (let count = 0; count < 20; count++) expect(await admit(by('root', 'x'), SERVER)).toBe('not-authorised');
  expect(await admit(by('root', 'x'), SERVER)).toBe('too-often');
  // Who guesses must not learn from our memory which guess was right.
  expect(await admit(by('root', 'hunter2'), SERVER)).toBe('too-often');
  expect(await admit(by('root', 'hunter2'), SERVER, 'elsewhere')).toBe('server');
});

test.each<[string, Partial<GroupToken>, Readonly<Record<'server' | 'zoo' | 'below' | 'ark', string>>]>([
  [
    'of the server',
    { group: '', includeSubgroups: true },
    { server: 'server', zoo: 'server', below: 'server', ark: 'server' },
  ],
  ['of nothing', { group: '' }, { server: '', zoo: '', below: '', ark: '' }],
  ['of a group', {}, { server: '', zoo: 'group', below: '', ark: '' }],
  ['of a group and below', { includeSubgroups: true }, { server: '', zoo: 'subgroups', below: 'subgroups', ark: '' }],
  ['that expired', { expires: NOW - 1 }, { server: '', zoo: '', below: '', ark: '' }],
  ['not yet in force', { notBefore: NOW + 1 }, { server: '', zoo: '', below: '', ark: '' }],
  ['of an operator', { permissions: ['op', 'token'] }, { server: '', zoo: '', below: '', ark: '' }],
])('a token %s', async (_what, more, reaches) => {
  const { admit } = administrators({ t: token(more) });
  const parts = { server: SERVER, zoo: OF_ZOO, below: { kind: 'group', group: 'zoo/x' }, ark: OF_ARK } as const;
  for (const [name, reach] of Object.entries(reaches)) {
    const proof = { kind: 'token', token: 't' } as const;
    expect([name, await admit(proof, parts[name as keyof typeof parts])]).toEqual([name, reach || 'not-authorised']);
  }
});

test.each(['', 'unknown', 'x'.repeat(20_000), 'a.b.c'])('"%s" is no token', async (text) => {
  const { admit } = administrators({});
  expect(await admit({ kind: 'token', token: text }, SERVER)).toBe('not-authorised');
});
