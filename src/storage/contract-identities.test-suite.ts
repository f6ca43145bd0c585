import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { invitation, ROOM, storedIdentity } from './contract-fixtures.ts';
import type { OpenStorage } from './contract-messages.test-suite.ts';
import { MAX_BLOCKLIST, type Storage } from './port.ts';

export function describeIdentities(open: OpenStorage): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  describe('identities', () => {
    test('come back as they were put last', async () => {
      const identity = storedIdentity();
      await storage.putIdentity(identity);
      expect(await storage.identity('id-alice')).toEqual(identity);
      const changed = { ...identity, name: 'Alicia', ownsName: true, operator: true, createdAt: 2, tokensRevokedAt: 3 };
      await storage.putIdentity(changed);
      expect(await storage.identity('id-alice')).toEqual(changed);
      expect(await storage.identity('id-bob')).toBeUndefined();
    });

    test('keep their password, and lose it', async () => {
      await storage.putIdentity(storedIdentity({ passwordHash: '$argon2id$x' }));
      expect(await storage.identity('id-alice')).toEqual(storedIdentity({ passwordHash: '$argon2id$x' }));
      await storage.putIdentity(storedIdentity());
      expect(await storage.identity('id-alice')).toEqual(storedIdentity());
    });

    test('claim a name that nobody else owns, in whatever case of letters', async () => {
      const alice = { ...storedIdentity(), ownsName: true } as const;
      expect(await storage.claimName(alice)).toBe(true);
      expect(await storage.claimName({ ...alice, passwordHash: 'again' })).toBe(true);
      expect(await storage.claimName({ ...alice, id: 'id-other', name: 'ALICE' })).toBe(false);
      expect(await storage.identity('id-other')).toBeUndefined();
      expect(await storage.nameOwners(['alice'])).toEqual(new Map([['alice', 'id-alice']]));
    });

    test('become operators and cease to be, known before or not', async () => {
      const identity = storedIdentity({ ownsName: true, tokensRevokedAt: 7 });
      await storage.putIdentity(identity);
      await storage.commit([
        { type: 'operator-changed', identityId: 'id-alice', on: true },
        { type: 'operator-changed', identityId: 'id-bob', on: true },
      ]);
      expect(await storage.identity('id-alice')).toEqual({ ...identity, operator: true });
      expect(await storage.identity('id-bob')).toEqual({
        id: 'id-bob',
        name: '',
        operator: true,
        ownsName: false,
        createdAt: 0,
        tokensRevokedAt: 0,
      });
      await storage.commit([{ type: 'operator-changed', identityId: 'id-alice', on: false }]);
      expect(await storage.identity('id-alice')).toEqual(identity);
    });

    test('have their tokens revoked up to the latest time that was said, whatever is put later', async () => {
      const revoke = (at: number) => storage.commit([{ type: 'tokens-revoked', identityId: 'id-alice', at }]);
      const revokedAt = async () => (await storage.identity('id-alice'))?.tokensRevokedAt;
      await storage.putIdentity(storedIdentity());
      await revoke(2_000);
      await revoke(1_500);
      expect(await revokedAt()).toBe(2_000);
      await storage.putIdentity(storedIdentity({ name: 'Alicia', tokensRevokedAt: 0 }));
      expect(await storage.identity('id-alice')).toMatchObject({ name: 'Alicia', tokensRevokedAt: 2_000 });
      await revoke(2_001);
      expect(await revokedAt()).toBe(2_001);
    });

    test('that are unknown have no tokens to revoke', async () => {
      await storage.commit([{ type: 'tokens-revoked', identityId: 'id-alice', at: 1_000 }]);
      expect(await storage.identity('id-alice')).toBeUndefined();
    });
  });

  describe('the owners of names', () => {
    test('are those who own them, by any spelling', async () => {
      await storage.putIdentity(storedIdentity({ id: 'owner', name: 'ＡＬＩＣＥ', ownsName: true }));
      await storage.putIdentity(storedIdentity({ id: 'bearer', name: 'Bob' }));
      await storage.putIdentity(storedIdentity({ id: 'other', name: 'A_ice', ownsName: true }));
      expect(await storage.nameOwners(['alice', 'bob', 'nobody'])).toEqual(new Map([['alice', 'owner']]));
      expect(await storage.nameOwners(['a_ice', 'Alice', '%'])).toEqual(new Map([['a_ice', 'other']]));
      expect(await storage.nameOwners([])).toEqual(new Map());
    });

    test('are the older ones where several own a name', async () => {
      await storage.putIdentity(storedIdentity({ id: 'second', ownsName: true, createdAt: 2 }));
      await storage.putIdentity(storedIdentity({ id: 'first', name: 'ALICE', ownsName: true, createdAt: 1 }));
      await storage.putIdentity(storedIdentity({ id: 'third', ownsName: true, createdAt: 3 }));
      expect(await storage.nameOwners(['alice'])).toEqual(new Map([['alice', 'first']]));
    });

    test('own a name no longer once they have another, or own none', async () => {
      await storage.putIdentity(storedIdentity({ id: 'first', ownsName: true, createdAt: 1 }));
      await storage.putIdentity(storedIdentity({ id: 'second', ownsName: true, createdAt: 2 }));
      await storage.putIdentity(storedIdentity({ id: 'first', name: 'Alicia', ownsName: true, createdAt: 1 }));
      const owners = new Map([
        ['alice', 'second'],
        ['alicia', 'first'],
      ]);
      expect(await storage.nameOwners(['alice', 'alicia'])).toEqual(owners);
      await storage.putIdentity(storedIdentity({ id: 'second', createdAt: 2 }));
      expect(await storage.nameOwners(['alice'])).toEqual(new Map());
    });
  });

  describe('blocklists', () => {
    test('come back as they were put last, by any spelling of whose they are', async () => {
      expect(await storage.blocklist('alice')).toEqual([]);
      await storage.putBlocklist('Alice', ['Bob', 'Carol']);
      await storage.putBlocklist('a_ice', ['Dave']);
      expect(await storage.blocklist('alice')).toEqual(['Bob', 'Carol']);
      await storage.putBlocklist(' ALICE ', ['Zoe \u{1f600}', 'Bob', '"']);
      expect(await storage.blocklist('alice')).toEqual(['Zoe \u{1f600}', 'Bob', '"']);
      expect(await storage.blocklist('a_ice')).toEqual(['Dave']);
      await storage.putBlocklist('alice', []);
      expect(await storage.blocklist('alice')).toEqual([]);
    });

    test('have a bound', async () => {
      const names = Array.from({ length: MAX_BLOCKLIST + 1 }, (_, index) => `name ${index}`);
      await storage.putBlocklist('alice', names);
      expect(await storage.blocklist('alice')).toEqual(names.slice(0, MAX_BLOCKLIST));
    });

    test('are no relations', async () => {
      await storage.putBlocklist('alice', ['Bob']);
      expect(await storage.relations(ROOM, 'id-alice')).toEqual({});
    });
  });

  describe('invitations', () => {
    test('have as many uses as they were given', async () => {
      await storage.putInvitation(invitation({ role: 'operator', usesLeft: 2 }));
      expect(await storage.redeemInvitation('hash', 1_500)).toEqual(invitation({ role: 'operator', usesLeft: 1 }));
      expect(await storage.redeemInvitation('hash', 1_500)).toEqual(invitation({ role: 'operator', usesLeft: 0 }));
      expect(await storage.redeemInvitation('hash', 1_500)).toBeUndefined();
    });

    test('are void from the moment they expire, and unknown ones always', async () => {
      await storage.putInvitation(invitation());
      expect(await storage.redeemInvitation('hash', 2_000)).toBeUndefined();
      expect(await storage.redeemInvitation('another', 1_500)).toBeUndefined();
      expect(await storage.redeemInvitation('hash', 1_999)).toBeDefined();
    });

    test('are not used twice by those who come at once', async () => {
      await storage.putInvitation(invitation({ usesLeft: 3 }));
      const redeemed = await Promise.all(Array.from({ length: 10 }, () => storage.redeemInvitation('hash', 1_500)));
      const uses = redeemed.filter((one) => one !== undefined).map((one) => one.usesLeft);
      expect(uses.sort()).toEqual([0, 1, 2]);
    });
  });

  test('a secret is made once', async () => {
    let made = 0;
    const make = () => `secret ${++made}`;
    const secrets = await Promise.all([storage.secret('key', make), storage.secret('key', make)]);
    expect(secrets).toEqual(['secret 1', 'secret 1']);
    expect(await storage.secret('other', make)).toBe('secret 2');
    expect(await storage.secret('key', make)).toBe('secret 1');
    expect(made).toBe(2);
  });
}
