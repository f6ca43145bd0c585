import { beforeEach, expect, describe as group, test } from 'vitest';
import { Passwords } from '../auth/passwords.ts';
import { type Admission, admit, type Entrance, type JoinClaim } from './admission.ts';
import type { GroupDescription } from './description.ts';
import { shared, signed } from './testing/claims.ts';
import { describe, HOUR, NOW } from './testing/fixtures.ts';
import { groupToken } from './token-store.test-suite.ts';
import type { GroupToken } from './token-store.ts';

const SIGNER = shared('HS256');
const WATCH = describe({
  users: {
    vimes: { password: 'sybil', permissions: 'op' },
    fred: { password: 'x', permissions: 'present' },
    locked: { permissions: 'op' },
    odd: { password: 'y', permissions: ['present'] },
  },
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'message' },
  authKeys: [SIGNER.jwk],
  'allow-recording': true,
});

let tokens: GroupToken[] = [];
let passwords = new Passwords({ now: () => NOW });
beforeEach(() => {
  tokens = [];
  passwords = new Passwords({ now: () => NOW });
});

interface Where {
  readonly description?: GroupDescription | undefined;
  readonly name?: string;
}

function enter(claim: Omit<JoinClaim, 'household'>, where: Where = {}): Promise<Admission> {
  const { description = WATCH, name = 'watch' } = where;
  const entrance: Entrance = {
    group: name,
    ...('description' in where && !where.description ? {} : { description }),
    now: NOW,
    passwords,
    bcrypt: { compare: async () => false },
    findToken: async (secret) => tokens.find(({ token }) => token === secret),
  };
  return admit({ household: 'home', ...claim }, entrance);
}

/** `username: permissions`, or why not. */
async function brief(claim: Omit<JoinClaim, 'household'>, where?: Where): Promise<string> {
  const admission = await enter(claim, where);
  if (admission.kind === 'refused') return admission.reason;
  return `${admission.username}: ${[...admission.permissions].sort().join(' ')}`;
}

group('by a password', () => {
  test.each<[Omit<JoinClaim, 'household'>, string]>([
    [{ username: 'vimes', password: 'sybil' }, 'vimes: caption message op present record token'],
    [{ username: 'fred', password: 'x' }, 'fred: message present'],
    [{ username: 'odd', password: 'y' }, 'odd: present'],
    [{ username: 'vimes', password: 'x' }, 'not-authorised'],
    [{ username: 'vimes' }, 'not-authorised'],
    [{ username: 'locked', password: '' }, 'not-authorised'],
    [{ username: 'angua', password: 'anything' }, 'angua: message'],
    [{ username: 'angua' }, 'angua: message'],
    [{ username: '' }, ': message'],
    [{ username: '../x' }, 'not-authorised'],
    [{ username: 'a\\b' }, 'not-authorised'],
    [{ password: 'sybil' }, 'not-authorised'],
    [{}, 'not-authorised'],
  ])('%j: %s', async (claim, expected) => {
    expect(await brief(claim)).toBe(expected);
  });

  test('whose name differs as no room would tell it apart, one needs the configured one’s password', async () => {
    expect(await brief({ username: 'VIMES', password: 'anything' })).toBe('not-authorised');
    expect(await brief({ username: '@vimes' })).toBe('not-authorised');
    expect(await brief({ username: 'Fred', password: 'x' })).toBe('fred: message present');
  });

  test('a configured user owns their name, and nobody else does', async () => {
    expect(await enter({ username: 'fred', password: 'x' })).toMatchObject({ ownsName: true });
    expect(await enter({ username: 'angua' })).toMatchObject({ ownsName: false });
  });

  test('of several that one name has, what is given is that of the one that fits', async () => {
    const description = describe({
      op: [{ username: 'fred', password: 'a' }],
      presenter: [{ username: 'fred', password: 'b' }],
      other: [{}],
    });
    expect(await brief({ username: 'fred', password: 'a' }, { description })).toContain(' op ');
    expect(await brief({ username: 'fred', password: 'b' }, { description })).toBe('fred: message present');
    expect(await brief({ username: 'fred', password: 'c' }, { description })).toBe('not-authorised');
  });

  test('a wildcard may have one too', async () => {
    const description = describe({ 'wildcard-user': { password: 'open', permissions: 'present' } });
    expect(await brief({ username: 'angua', password: 'open' }, { description })).toBe('angua: message present');
    expect(await brief({ username: 'angua', password: 'shut' }, { description })).toBe('not-authorised');
    expect(await brief({ username: 'angua' }, { description: describe({}) })).toBe('not-authorised');
  });

  test('nobody gets in where there is no definition, and nobody may try for ever', async () => {
    expect(await brief({ username: 'vimes', password: 'sybil' }, { description: undefined })).toBe('not-authorised');
    for (let count = 0; count < 20; count++) await enter({ username: 'vimes', password: 'no' });
    expect(await brief({ username: 'vimes', password: 'sybil' })).toBe('too-often');
  });
});

group('by a signed token', () => {
  test('its name counts, whatever is given, and even that of a configured user', async () => {
    const token = await signed(SIGNER);
    expect(await enter({ username: 'carrot', token, password: 'wrong' })).toEqual({
      kind: 'admitted',
      username: 'angua',
      permissions: new Set(['present', 'message']),
      viaToken: 'jwt',
      ownsName: true,
    });
    expect(await brief({ token: await signed(SIGNER, { sub: 'vimes' }) })).toBe('vimes: message present');
  });

  test('without a name the given one counts, unless a configured user has it', async () => {
    const token = await signed(SIGNER, { sub: '', permissions: ['present'] });
    expect(await brief({ username: 'carrot', token })).toBe('carrot: present');
    expect(await enter({ username: 'carrot', token })).toMatchObject({ ownsName: false });
    expect(await brief({ token })).toBe(': present');
    for (const username of ['vimes', 'Vimes']) expect(await brief({ username, token })).toBe('duplicate-username');
  });

  test('that does not hold, there is no second way in', async () => {
    const token = await signed(SIGNER, { exp: NOW / 1000 - 60 });
    tokens = [groupToken({ token })];
    expect(await brief({ username: 'vimes', password: 'sybil', token })).toBe('not-authorised');
    expect(await brief({ token: await signed(SIGNER, { sub: '../x' }) })).toBe('not-authorised');
    expect(await brief({ token: await signed(SIGNER) }, { description: undefined })).toBe('not-authorised');
  });
});

group('by a stateful token', () => {
  test('one needs a name, which is no configured user’s', async () => {
    tokens = [groupToken()];
    expect(await brief({ token: 'secret' })).toBe('need-username');
    expect(await brief({ token: 'secret', username: '' })).toBe('need-username');
    expect(await brief({ token: 'secret', username: 'angua' })).toBe('angua: message present');
    expect(await brief({ token: 'secret', username: 'angua' })).toBe('angua: message present');
    expect(await brief({ token: 'secret', username: 'vimes' })).toBe('duplicate-username');
    expect(await enter({ token: 'secret', username: 'angua' })).toMatchObject({
      viaToken: 'stateful',
      ownsName: false,
    });
  });

  test('its own name counts', async () => {
    tokens = [groupToken({ username: 'carrot', permissions: ['op', 'fly'] })];
    expect(await brief({ token: 'secret' })).toBe('carrot: op');
    expect(await brief({ token: 'secret', username: 'vimes' })).toBe('carrot: op');
  });

  test.each<[string, Partial<GroupToken>, string, boolean]>([
    ['for its group', {}, 'watch', true],
    ['for another group', { group: 'guild' }, 'watch', false],
    ['for the group above', {}, 'watch/night', false],
    ['for the group above and its subgroups', { includeSubgroups: true }, 'watch/night/late', true],
    ['for a group of a similar name', { group: 'wat', includeSubgroups: true }, 'watch', false],
    ['for a subgroup', { group: 'watch/night', includeSubgroups: true }, 'watch', false],
    ['for the whole server', { group: '', includeSubgroups: true }, 'watch', true],
    ['for no group', { group: '' }, 'watch', false],
    ['that has just expired', { expires: NOW - 1 }, 'watch', false],
    ['that is about to expire', { expires: NOW }, 'watch', true],
    ['that does not hold yet', { notBefore: NOW + HOUR }, 'watch', false],
    ['that holds from now on', { notBefore: NOW }, 'watch', true],
  ])('%s', async (_, changes, name, isIn) => {
    tokens = [groupToken(changes)];
    expect(await brief({ token: 'secret', username: 'angua' }, { name })).toBe(
      isIn ? 'angua: message present' : 'not-authorised',
    );
  });

  test('that does not say until when it holds, or that nobody made, nobody gets in', async () => {
    const { expires: _, ...never } = groupToken();
    tokens = [never];
    expect(await brief({ token: 'secret', username: 'angua' })).toBe('not-authorised');
    expect(await brief({ token: 'other', username: 'angua' })).toBe('not-authorised');
    expect(await brief({ token: 'x'.repeat(20_000), username: 'angua' })).toBe('not-authorised');
  });

  test('one gets into a room without a definition', async () => {
    tokens = [groupToken({ group: 'attic' })];
    const where = { description: undefined, name: 'attic' };
    expect(await brief({ token: 'secret', username: 'vimes' }, where)).toBe('vimes: message present');
  });
});
