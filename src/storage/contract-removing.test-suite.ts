import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Author, Message } from '../core/message.ts';
import { nameKey } from '../core/name.ts';
import {
  alice,
  attachment,
  BYTES,
  bob,
  carol,
  channelMessage,
  directMessage,
  idsOf,
  posted,
  ROOM,
  reacted,
  retracted,
} from './contract-fixtures.ts';
import type { OpenStorage } from './contract-messages.test-suite.ts';
import { type Storage, TOMBSTONE_LIFE } from './port.ts';

/** What is retracted, erased or expired, and what stays of it. */
export function describeRemoving(open: OpenStorage): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  const post = (...messages: Message[]) => storage.commit(messages.map((message) => posted(message)));
  const direct = (id: number, from: Author, to: Author) => directMessage(id, { from, to });
  /** Of these messages, those that are there. */
  const left = async (...ids: number[]) => {
    const messages = await Promise.all(ids.map((id) => storage.message(ROOM, id)));
    return idsOf(messages.filter((message) => message !== undefined));
  };

  describe('the client id of a message that was removed', () => {
    const withClientId = (id: number, at: number) => channelMessage(id, { clientId: 'c-1', at });
    const postedAs = () => storage.postedAs(ROOM, 'id-alice', 'c-1');

    test('is remembered, for its own room and author', async () => {
      await post(withClientId(1, 1_000));
      await storage.commit([retracted(1)]);
      expect(await postedAs()).toEqual({ id: 1, at: 1_000 });
      expect(await storage.postedAs('elsewhere', 'id-alice', 'c-1')).toBeUndefined();
      expect(await storage.postedAs(ROOM, 'id-bob', 'c-1')).toBeUndefined();
      expect(await storage.postedAs(ROOM, 'id-alice', 'C-1')).toBeUndefined();
    });

    test('may be used again, and then is that of the later message', async () => {
      await post(withClientId(1, 1_000));
      await storage.commit([retracted(1), posted(withClientId(2, 2_000))]);
      expect(await postedAs()).toEqual({ id: 2, at: 2_000 });
      await expect(post(withClientId(3, 3_000))).rejects.toThrow();
      await storage.commit([retracted(2)]);
      expect(await postedAs()).toEqual({ id: 2, at: 2_000 });
    });

    test('is not remembered of a commit that failed', async () => {
      await expect(
        storage.commit([
          posted(withClientId(1, 1_000)),
          retracted(1),
          posted(channelMessage(2)),
          posted(channelMessage(2)),
        ]),
      ).rejects.toThrow();
      expect(await postedAs()).toBeUndefined();
    });

    test('is forgotten when others have posted messages that are 30 days younger', async () => {
      await post(withClientId(1, 1_000));
      await storage.commit([retracted(1), posted(channelMessage(2, { at: 1_000 + TOMBSTONE_LIFE }))]);
      expect(await storage.expireMessages({})).toBe(0);
      expect(await postedAs()).toEqual({ id: 1, at: 1_000 });
      await post(channelMessage(3, { at: 1_001 + TOMBSTONE_LIFE }));
      expect(await storage.expireMessages({})).toBe(0);
      expect(await postedAs()).toBeUndefined();
      expect(await left(1, 2, 3)).toEqual([2, 3]);
    });

    test('is remembered of what was erased, and of what expired', async () => {
      await post({ ...direct(1, alice, bob), clientId: 'erased' }, channelMessage(2, { clientId: 'expired' }));
      await storage.eraseDirect(ROOM, { identityId: 'id-bob' });
      await storage.expireMessages({ channels: 2_000 });
      expect(await left(1, 2)).toEqual([]);
      expect(await storage.postedAs(ROOM, 'id-alice', 'erased')).toEqual({ id: 1, at: 1_001 });
      expect(await storage.postedAs(ROOM, 'id-alice', 'expired')).toEqual({ id: 2, at: 1_002 });
    });
  });

  describe("erasing somebody's direct messages", () => {
    test('leaves none of theirs, in either direction, also of those that were kept back', async () => {
      await post(
        direct(1, alice, bob),
        direct(2, bob, alice),
        direct(3, bob, carol),
        { ...direct(4, alice, carol), shadow: true },
        { ...direct(5, carol, alice), shadow: true },
        direct(6, alice, alice),
        channelMessage(7),
      );
      await storage.commit([posted(direct(8, alice, bob), 'elsewhere'), reacted(1, '❤', bob)]);
      expect(await storage.eraseDirect(ROOM, { identityId: 'id-alice' })).toBe(5);
      expect(await left(1, 2, 3, 4, 5, 6, 7)).toEqual([3, 7]);
      expect(await storage.message('elsewhere', 8)).toBeDefined();
      expect(await storage.eraseDirect(ROOM, { identityId: 'id-alice' })).toBe(0);
    });

    test('includes whoever bore the name', async () => {
      const guest = { identityId: 'id-guest', name: 'ALICE' };
      await post(direct(1, guest, bob), direct(2, bob, guest), direct(3, alice, bob), direct(4, bob, carol));
      await post(direct(5, { identityId: 'id-alice', name: 'Alicia' }, bob), {
        ...direct(6, bob, guest),
        shadow: true,
      });
      await post(channelMessage(7, { author: guest }));
      expect(await storage.eraseDirect(ROOM, { identityId: 'id-alice', name: 'alice' })).toBe(5);
      expect(await left(1, 2, 3, 4, 5, 6, 7)).toEqual([4, 7]);
    });

    test.each([
      ['a_c', 'abc'],
      ['a%', 'alice'],
      ['%', 'bob'],
      ['_', 'x'],
      ["'", "''"],
      ['a*', 'alice'],
    ])('of %s leaves those of %s alone (W17)', async (name, other) => {
      const one = { identityId: `t:${name}`, name };
      const another = { identityId: `t:${other}`, name: other };
      await post(direct(1, one, carol), direct(2, carol, one), direct(3, another, carol), direct(4, carol, another));
      expect(await storage.eraseDirect(ROOM, { identityId: one.identityId, name: nameKey(name) })).toBe(2);
      expect(await left(1, 2, 3, 4)).toEqual([3, 4]);
      const query = { sort: 'newest', offset: 0, limit: 10 } as const;
      expect((await storage.threads(ROOM, one.identityId, query)).count).toBe(0);
      expect((await storage.threads(ROOM, another.identityId, query)).count).toBe(1);
    });

    test('removes the attachments that no other message names, and never lowers the highest id', async () => {
      for (const id of ['theirs', 'shared']) await storage.putAttachment(attachment(id), BYTES, 1_000);
      const image = (id: string) => ({ kind: 'image', attachment: attachment(id), fileName: 'cat.png' }) as const;
      await post(
        { ...direct(2, alice, bob), body: image('theirs') },
        { ...direct(9, bob, alice), body: image('shared') },
      );
      await post(channelMessage(3, { body: image('shared') }));
      expect(await storage.eraseDirect(ROOM, { identityId: 'id-alice' })).toBe(2);
      expect(await storage.lastMessageId()).toBe(9);
      expect(await storage.attachment('theirs')).toBeUndefined();
      expect(await storage.attachment('shared')).toBeDefined();
      await storage.commit([retracted(3)]);
      expect(await storage.attachment('shared')).toBeUndefined();
      expect(await storage.lastMessageId()).toBe(9);
    });
  });

  describe('expiry', () => {
    beforeEach(async () => {
      await post(direct(1, alice, bob), channelMessage(2), direct(3, alice, bob), channelMessage(4));
      await storage.commit([posted(direct(5, alice, bob), 'elsewhere'), posted(channelMessage(6), 'elsewhere')]);
    });
    const elsewhere = async (id: number) => (await storage.message('elsewhere', id))?.id;

    test('of direct messages leaves channels alone, in all rooms', async () => {
      expect(await storage.expireMessages({ direct: 1_003 })).toBe(1);
      expect(await left(1, 2, 3, 4)).toEqual([2, 3, 4]);
      expect(await storage.expireMessages({ direct: 2_000 })).toBe(2);
      expect(await left(1, 2, 3, 4)).toEqual([2, 4]);
      expect([await elsewhere(5), await elsewhere(6)]).toEqual([undefined, 6]);
    });

    test('of channels leaves direct messages alone, in all rooms', async () => {
      expect(await storage.expireMessages({ channels: 1_004 })).toBe(1);
      expect(await storage.expireMessages({ channels: 2_000 })).toBe(2);
      expect(await left(1, 2, 3, 4)).toEqual([1, 3]);
      expect([await elsewhere(5), await elsewhere(6)]).toEqual([5, undefined]);
    });

    test('of both goes by the time of each, and never lowers the highest id', async () => {
      expect(await storage.expireMessages({ direct: 1_002, channels: 2_000 })).toBe(4);
      expect(await left(1, 2, 3, 4)).toEqual([3]);
      expect(await storage.expireMessages({ direct: 2_000 })).toBe(2);
      expect(await storage.lastMessageId()).toBe(6);
    });

    test('of nothing removes nothing', async () => {
      expect(await storage.expireMessages({})).toBe(0);
      expect(await left(1, 2, 3, 4)).toEqual([1, 2, 3, 4]);
    });

    test('includes what was kept back, and the attachments that no other message names', async () => {
      await storage.putAttachment(attachment('a'), BYTES, 1_000);
      await post({
        ...direct(7, alice, bob),
        shadow: true,
        body: { kind: 'image', attachment: attachment('a'), fileName: '' },
      });
      expect(await storage.expireMessages({ direct: 2_000 })).toBe(4);
      expect(await left(7)).toEqual([]);
      expect(await storage.attachment('a')).toBeUndefined();
    });

    test('of many messages leaves none', async () => {
      await post(...Array.from({ length: 2_500 }, (_, index) => channelMessage(index + 10, { at: 500 })));
      expect(await storage.expireMessages({ channels: 1_000 })).toBe(2_500);
      expect(await left(2, 4, 10, 2_509)).toEqual([2, 4]);
    });
  });
}
