import { beforeEach, expect, describe as group, test } from 'vitest';
import type { Permission } from '../core/permission.ts';
import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import { GroupTokens, mayMake, type TokenAsker } from './group-tokens.ts';
import { StoredTokens } from './stored-tokens.ts';
import { DAY, describe, HOUR, NOW } from './testing/fixtures.ts';
import { groupToken } from './token-store.test-suite.ts';
import { MAX_TOKENS_OF_GROUP } from './token-store.ts';

const DESCRIPTION = describe({
  users: { vimes: { password: 'x', permissions: 'op' }, fred: { permissions: 'present' } },
});

function asker(permissions: readonly Permission[], changes: Partial<TokenAsker> = {}): TokenAsker {
  return { group: 'watch', description: DESCRIPTION, username: 'vimes', permissions: new Set(permissions), ...changes };
}

const VIMES = asker(['op', 'present', 'message', 'caption', 'token']);
const FRED = asker(['present', 'message', 'token'], { username: 'fred' });
const ORDER = { group: 'watch', expires: '2030-01-02T12:00:00Z', permissions: ['present', 'message'] };

let store: StoredTokens;
let tokens: GroupTokens;
beforeEach(() => {
  let count = 0;
  store = new StoredTokens(openMemoryStorage());
  tokens = new GroupTokens({ store, now: () => NOW, random: (bytes) => new Uint8Array(bytes).fill(++count) });
});

async function reasonOf(answer: Promise<{ readonly kind: string; readonly reason?: string }>): Promise<string> {
  const { kind, reason } = await answer;
  return reason ?? kind;
}

group('a token', () => {
  test('is made as it was asked for, with a secret of its own', async () => {
    const answer = await tokens.make(VIMES, { ...ORDER, username: 'angua', 'not-before': HOUR });
    const secret = Buffer.alloc(16, 1).toString('base64url');
    const token = {
      token: secret,
      group: 'watch',
      includeSubgroups: false,
      username: 'angua',
      permissions: ['present', 'message'],
      expires: NOW + DAY,
      notBefore: NOW + HOUR,
      issuedAt: NOW,
      issuedBy: 'vimes',
    };
    expect(answer).toEqual({ kind: 'token', token });
    expect(await tokens.find(secret)).toEqual(token);
  });

  test('may be for whoever comes, and until so many milliseconds from now', async () => {
    const answer = await tokens.make(FRED, { group: 'watch', expires: 1000, username: '', permissions: null });
    expect(answer).toMatchObject({ kind: 'token', token: { expires: NOW + 1000, permissions: [], issuedBy: 'fred' } });
    expect(answer).not.toHaveProperty('token.username');
  });

  test.each<[string, unknown, string]>([
    ['with a secret', { ...ORDER, token: 'mine' }, 'token-given'],
    ['of another group', { ...ORDER, group: 'guild' }, 'other-group'],
    ['of no group', { ...ORDER, group: undefined }, 'other-group'],
    ['of a subgroup', { ...ORDER, group: 'watch/night' }, 'other-group'],
    ['for ever', { ...ORDER, expires: undefined }, 'no-expiry'],
    ['for ever, said otherwise', { ...ORDER, expires: null }, 'no-expiry'],
    ['for a configured user', { ...ORDER, username: 'fred' }, 'username-taken'],
    ['for one of nearly that name', { ...ORDER, username: ' FRED' }, 'username-taken'],
    ['with more than they have', { ...ORDER, permissions: ['op'] }, 'permissions-lacking'],
    ['with what nobody knows', { ...ORDER, permissions: ['fly'] }, 'permissions-lacking'],
    ['with permissions that are no list', { ...ORDER, permissions: 'present' }, 'malformed'],
    ['with permissions that are no words', { ...ORDER, permissions: [{}] }, 'permissions-lacking'],
    ['until no time', { ...ORDER, expires: 'tomorrow' }, 'malformed'],
    ['until the end of time', { ...ORDER, expires: 1e300 }, 'malformed'],
    ['until a list', { ...ORDER, expires: ['2030-01-02T12:00:00Z'] }, 'malformed'],
    ['from no time on', { ...ORDER, 'not-before': {} }, 'malformed'],
    ['for nobody', { ...ORDER, username: '../x' }, 'malformed'],
    ['for a number', { ...ORDER, username: 7 }, 'malformed'],
    ['of nothing', null, 'malformed'],
    ['of a list', [], 'malformed'],
  ])('%s is not made', async (_, order, reason) => {
    expect(await reasonOf(tokens.make(FRED, order))).toBe(reason);
    expect(await store.list('watch')).toEqual([]);
  });

  test('is made by who may, and not by every operator', async () => {
    expect(await reasonOf(tokens.make(asker(['op', 'present', 'message']), ORDER))).toBe('not-permitted');
    expect(mayMake(FRED, ORDER, NOW)).not.toHaveProperty('reason');
  });

  test('is not made where there are too many', async () => {
    const { token: _, ...draft } = groupToken();
    for (let count = 0; count < MAX_TOKENS_OF_GROUP; count++) await tokens.put({ ...draft, token: `${count}` });
    expect(await reasonOf(tokens.make(VIMES, ORDER))).toBe('too-many');
  });

  test('may have its secret from whoever manages them', async () => {
    const { token: _, ...draft } = groupToken({ group: '', includeSubgroups: true });
    expect(await tokens.put({ ...draft, token: 'given' })).toEqual({ ...draft, token: 'given' });
    expect([await tokens.remove('given'), await tokens.remove('given')]).toEqual([true, false]);
  });
});

group('the times of a token', () => {
  beforeEach(async () => {
    await store.put(groupToken({ username: 'angua' }), NOW);
    await store.put(groupToken({ token: 'theirs', group: 'guild' }), NOW);
    await store.put(groupToken({ token: 'above', group: '', includeSubgroups: true }), NOW);
  });

  test('can be changed by an operator who may make some', async () => {
    const revoked = await tokens.edit(VIMES, { token: 'secret', expires: -1000 });
    expect(revoked).toEqual({ kind: 'token', token: groupToken({ username: 'angua', expires: NOW - 1000 }) });
    const later = await tokens.edit(VIMES, { token: 'secret', expires: '2030-01-02T12:00:00Z', group: '' });
    expect(later).toMatchObject({ kind: 'token', token: { expires: NOW + DAY } });
    expect(await store.find('secret')).toEqual(groupToken({ username: 'angua', expires: NOW + DAY }));
  });

  test.each<[string, TokenAsker, unknown, string]>([
    ['by a presenter', FRED, { token: 'secret', expires: 1 }, 'not-permitted'],
    ['by an operator without tokens', asker(['op']), { token: 'secret', expires: 1 }, 'not-permitted'],
    ['of another group', VIMES, { token: 'theirs', expires: 1 }, 'unknown-token'],
    ['of the whole server', VIMES, { token: 'above', expires: 1 }, 'unknown-token'],
    ['of nothing', VIMES, { token: 'nothing', expires: 1 }, 'unknown-token'],
    ['with its permissions', VIMES, { token: 'secret', permissions: ['op'] }, 'malformed'],
    ['with its name', VIMES, { token: 'secret', username: 'carrot' }, 'malformed'],
    ['to no time', VIMES, { token: 'secret', expires: 'x' }, 'malformed'],
    ['without saying which', VIMES, { expires: 1 }, 'malformed'],
    ['by a word', VIMES, 'secret', 'malformed'],
  ])('are not changed %s', async (_, who, value, reason) => {
    const before = [await store.list('watch'), await store.list('guild'), await store.list('')];
    expect(await reasonOf(tokens.edit(who, value))).toBe(reason);
    expect([await store.list('watch'), await store.list('guild'), await store.list('')]).toEqual(before);
  });

  test('are listed for an operator who may make some, with all else of this group', async () => {
    expect(await tokens.list(VIMES)).toEqual({ kind: 'tokens', tokens: [groupToken({ username: 'angua' })] });
    expect(await reasonOf(tokens.list(FRED))).toBe('not-permitted');
    expect(await reasonOf(tokens.list(asker(['op'])))).toBe('not-permitted');
  });

  test('that administer the group are neither shown nor changed by who does not', async () => {
    await store.put(groupToken({ token: 'key', permissions: ['admin'] }), NOW);
    const secrets = async (who: TokenAsker) => {
      const list = await tokens.list(who);
      return list.kind === 'tokens' ? list.tokens.map(({ token }) => token) : list.reason;
    };
    expect(await secrets(VIMES)).not.toContain('key');
    expect(await reasonOf(tokens.edit(VIMES, { token: 'key', expires: 1000 }))).toBe('unknown-token');
    const administrator = asker(['op', 'token', 'admin']);
    expect(await secrets(administrator)).toContain('key');
    expect(await reasonOf(tokens.edit(administrator, { token: 'key', expires: 1000 }))).toBe('token');
  });
});
