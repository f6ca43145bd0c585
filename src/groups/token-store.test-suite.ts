import { beforeEach, describe, expect, test } from 'vitest';
import { DAY, HOUR, NOW } from './testing/fixtures.ts';
import { type GroupToken, MAX_TOKENS_OF_GROUP, type TokenStore } from './token-store.ts';

export function groupToken(changes: Partial<GroupToken> = {}): GroupToken {
  return {
    token: 'secret',
    group: 'watch',
    includeSubgroups: false,
    permissions: ['present', 'message'],
    expires: NOW + HOUR,
    ...changes,
  };
}

/** What every driver promises. */
export function describeTokenStore(driver: string, open: () => TokenStore): void {
  describe(`token store contract: ${driver}`, () => {
    let store: TokenStore;
    beforeEach(() => {
      store = open();
    });

    test('tokens are found as they were put', async () => {
      const full = groupToken({
        token: 'full',
        includeSubgroups: true,
        username: 'angua',
        permissions: ['op', 'fly'],
        notBefore: NOW - HOUR,
        issuedAt: NOW - 1,
        issuedBy: 'vimes',
      });
      const { expires: _, ...bare } = groupToken({ token: 'bare', group: '', permissions: [] });
      expect(await store.find('full')).toBeUndefined();
      expect([await store.put(full, NOW), await store.put(bare, NOW)]).toEqual([true, true]);
      expect([await store.find('full'), await store.find('bare')]).toEqual([full, bare]);
      for (const other of ['', 'FULL', 'full ', '__proto__']) expect(await store.find(other)).toBeUndefined();
    });

    test('one that is put again takes the place of the first', async () => {
      await store.put(groupToken({ username: 'angua' }), NOW);
      await store.put(groupToken({ group: 'guild' }), NOW);
      expect(await store.find('secret')).toEqual(groupToken({ group: 'guild' }));
      expect([await store.list('watch'), await store.list('guild')]).toEqual([[], [groupToken({ group: 'guild' })]]);
    });

    test('their times can be changed, and nothing else is', async () => {
      const token = groupToken({ username: 'angua', issuedBy: 'vimes' });
      await store.put(token, NOW);
      const later = { ...token, expires: NOW + DAY };
      expect(await store.edit('secret', { expires: NOW + DAY })).toEqual(later);
      expect(await store.edit('secret', { notBefore: NOW + 1 })).toEqual({ ...later, notBefore: NOW + 1 });
      expect(await store.find('secret')).toEqual({ ...later, notBefore: NOW + 1 });
      expect(await store.edit('nothing', { expires: NOW })).toBeUndefined();
      expect(await store.find('nothing')).toBeUndefined();
    });

    test('those of one group are listed, the first to expire first', async () => {
      const late = groupToken({ token: 'a', expires: NOW + DAY });
      const soon = groupToken({ token: 'b' });
      const { expires: _, ...never } = groupToken({ token: 'c' });
      const tokens = [
        late,
        soon,
        never,
        groupToken({ token: 'd', group: 'watch/night' }),
        groupToken({ token: 'e', group: '' }),
      ];
      for (const token of tokens) await store.put(token, NOW);
      expect(await store.list('watch')).toEqual([never, soon, late]);
      expect((await store.list('')).map(({ token }) => token)).toEqual(['e']);
    });

    test('can be removed', async () => {
      await store.put(groupToken(), NOW);
      expect([await store.remove('secret'), await store.remove('secret')]).toEqual([true, false]);
      expect(await store.find('secret')).toBeUndefined();
    });

    test('are purged a week after they expired', async () => {
      const { expires: _, ...never } = groupToken({ token: 'never' });
      await store.put(never, NOW);
      await store.put(groupToken({ token: 'week', expires: NOW - 7 * DAY }), NOW);
      await store.put(groupToken({ token: 'more', expires: NOW - 7 * DAY - 1 }), NOW);
      expect([await store.purge(NOW), await store.purge(NOW)]).toEqual([1, 0]);
      expect((await store.list('watch')).map(({ token }) => token)).toEqual(['never', 'week']);
    });

    test('are so many of one group, of which expired ones make room', async () => {
      await store.put(groupToken({ token: 'old', expires: NOW - 1 }), NOW);
      await store.put(groupToken({ token: 'older', expires: NOW - 2 }), NOW);
      const puts = Array.from({ length: MAX_TOKENS_OF_GROUP }, (_, index) =>
        store.put(groupToken({ token: `${index}` }), NOW),
      );
      expect(new Set(await Promise.all(puts))).toEqual(new Set([true]));
      expect([await store.find('old'), await store.find('older')]).toEqual([undefined, undefined]);
      expect(await store.put(groupToken({ token: 'one more' }), NOW)).toBe(false);
      expect(await store.find('one more')).toBeUndefined();
      expect(await store.put(groupToken({ token: '7', username: 'angua' }), NOW)).toBe(true);
      expect(await store.put(groupToken({ token: 'elsewhere', group: 'guild' }), NOW)).toBe(true);
      expect(await store.list('watch')).toHaveLength(MAX_TOKENS_OF_GROUP);
    });
  });
}
