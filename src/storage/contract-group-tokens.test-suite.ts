import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { OpenStorage } from './contract-messages.test-suite.ts';
import type { GroupToken, Storage } from './port.ts';

const NOW = 1_000_000;
const ROOMY = { limit: 10, now: NOW };

function groupToken(changes: Partial<GroupToken> = {}): GroupToken {
  return {
    token: 'secret',
    group: 'attic',
    includeSubgroups: false,
    permissions: ['present', 'message'],
    expires: NOW + 1000,
    ...changes,
  };
}

export function describeGroupTokens(open: OpenStorage): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  async function put(...tokens: readonly GroupToken[]): Promise<void> {
    for (const token of tokens) expect(await storage.putGroupToken(token, ROOMY)).toBe(true);
  }
  const named = async (group: string) => (await storage.groupTokens(group)).map(({ token }) => token);

  describe('tokens of groups', () => {
    test('come back as they were put last, with what they do not say', async () => {
      const full = groupToken({
        includeSubgroups: true,
        username: 'Fred',
        permissions: [],
        notBefore: NOW - 1,
        issuedAt: NOW - 2,
        issuedBy: 'Vimes',
      });
      const { expires: _, ...bare } = groupToken({ token: 'bare', group: '' });
      await put(groupToken({ group: 'elsewhere' }), full, bare);
      expect([await storage.groupToken('secret'), await storage.groupToken('bare')]).toEqual([full, bare]);
      expect(await storage.groupToken('SECRET')).toBeUndefined();
      expect([await named('elsewhere'), await named('attic'), await named('')]).toEqual([[], ['secret'], ['bare']]);
    });

    test('are listed by their expiry, the ones without it first', async () => {
      const { expires: _, ...never } = groupToken({ token: 'z' });
      await put(groupToken({ token: 'b', expires: NOW + 2 }), groupToken({ token: 'a', expires: NOW + 2 }));
      await put(groupToken({ token: 'c', expires: NOW + 1 }), never);
      expect(await named('attic')).toEqual(['z', 'c', 'a', 'b']);
    });

    test('can be given other times, and nothing else', async () => {
      await put(groupToken({ notBefore: NOW }));
      expect(await storage.editGroupToken('secret', {})).toEqual(groupToken({ notBefore: NOW }));
      const edited = groupToken({ notBefore: NOW, expires: NOW + 5 });
      expect(await storage.editGroupToken('secret', { expires: NOW + 5 })).toEqual(edited);
      expect(await storage.groupToken('secret')).toEqual(edited);
      expect(await storage.editGroupToken('other', { expires: 1 })).toBeUndefined();
    });

    test('are so many of one group; the one that expired longest ago makes room', async () => {
      const bounds = { limit: 3, now: NOW };
      const { expires: _, ...never } = groupToken({ token: 'never' });
      const tokens = [groupToken({ token: 'old', expires: NOW - 1 }), never, groupToken({ token: 'a' })];
      for (const token of tokens) expect(await storage.putGroupToken(token, bounds)).toBe(true);
      for (const token of ['b', 'c']) expect(await storage.putGroupToken(groupToken({ token }), bounds)).toBe(true);
      expect(await named('attic')).toEqual(['a', 'b', 'c']);
      expect(await storage.putGroupToken(groupToken({ token: 'd' }), bounds)).toBe(false);
      expect(await storage.putGroupToken(groupToken({ token: 'd', group: 'elsewhere' }), bounds)).toBe(true);
      // One that is there takes its own place; one of another group needs another.
      expect(await storage.putGroupToken(groupToken({ token: 'a', username: 'Fred' }), bounds)).toBe(true);
      expect(await storage.putGroupToken(groupToken({ token: 'd' }), bounds)).toBe(false);
      expect(await named('attic')).toEqual(['a', 'b', 'c']);
    });

    test('can be removed one by one, and by their age', async () => {
      const { expires: _, ...never } = groupToken({ token: 'never' });
      await put(never, groupToken({ token: 'old', expires: 9 }), groupToken({ token: 'young', expires: 10 }));
      expect([await storage.expireGroupTokens(10), await storage.expireGroupTokens(10)]).toEqual([1, 0]);
      expect([await storage.removeGroupToken('young'), await storage.removeGroupToken('young')]).toEqual([true, false]);
      expect(await named('attic')).toEqual(['never']);
    });

    test('go with their room, so that no later one of its name lets their bearers in', async () => {
      await put(groupToken(), groupToken({ token: 'other', group: 'cellar' }));
      await storage.removeRoom('attic');
      expect([await storage.groupToken('secret'), await named('cellar')]).toEqual([undefined, ['other']]);
    });
  });
}
