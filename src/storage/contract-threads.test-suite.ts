import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Author } from '../core/message.ts';
import {
  alice,
  bob,
  carol,
  channelMessage,
  directMessage,
  idsOf,
  posted,
  ROOM,
  retracted,
} from './contract-fixtures.ts';
import type { OpenStorage } from './contract-messages.test-suite.ts';
import type { MessageQuery, Storage, ThreadKey, ThreadsQuery } from './port.ts';

const GENERAL: ThreadKey = { kind: 'channel', channel: 'general' };

export function describeThreads(open: OpenStorage): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  const page = async (query: MessageQuery) => {
    const { messages, more } = await storage.messages(ROOM, query);
    return { ids: idsOf(messages), more };
  };
  const direct = async (identityId: string, peer: string) =>
    (await page({ thread: { kind: 'direct', identityId, peer }, limit: 100 })).ids;
  const post = (id: number, from: Author, to: Author) => storage.commit([posted(directMessage(id, { from, to }))]);

  describe('pages', () => {
    const bounds: [string, Omit<MessageQuery, 'thread'>, number[], boolean][] = [
      ['the newest', { limit: 3 }, [8, 9, 10], true],
      ['all, exactly', { limit: 10 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false],
      ['all, with room to spare', { limit: 11 }, [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], false],
      ['before', { before: 5, limit: 3 }, [2, 3, 4], true],
      ['before, up to the first', { before: 4, limit: 3 }, [1, 2, 3], false],
      ['before all', { before: 1, limit: 3 }, [], false],
      ['after', { after: 5, limit: 3 }, [6, 7, 8], true],
      ['after, up to the last', { after: 7, limit: 3 }, [8, 9, 10], false],
      ['after nothing', { after: 0, limit: 2 }, [1, 2], true],
      ['after all', { after: 10, limit: 3 }, [], false],
      ['between', { after: 3, before: 7, limit: 10 }, [4, 5, 6], false],
      ['between, the oldest', { after: 3, before: 7, limit: 2 }, [4, 5], true],
      ['between neighbours', { after: 3, before: 4, limit: 2 }, [], false],
      ['of nothing', { limit: 0 }, [], true],
    ];

    test.each(bounds)('of a channel: %s', async (_, query, ids, more) => {
      // Stored out of order: pages go by id.
      for (const id of [2, 1, 4, 3, 6, 5, 8, 7, 10, 9]) await storage.commit([posted(channelMessage(id))]);
      expect(await page({ thread: GENERAL, ...query })).toEqual({ ids, more });
    });

    test.each(bounds)('of a direct thread: %s', async (_, query, ids, more) => {
      for (let id = 1; id <= 10; id++) await (id % 3 === 0 ? post(id, alice, bob) : post(id, bob, alice));
      const thread: ThreadKey = { kind: 'direct', identityId: 'id-alice', peer: 'bob' };
      expect(await page({ thread, ...query })).toEqual({ ids, more });
    });
  });

  test('a channel has its own messages only, without retracted ones', async () => {
    const other = channelMessage(2, { target: { kind: 'channel', channel: 'General' } });
    await storage.commit([
      posted(channelMessage(1)),
      posted(other),
      posted(channelMessage(3)),
      posted(channelMessage(4)),
    ]);
    await storage.commit([posted(directMessage(5, { from: alice, to: bob })), retracted(3)]);
    expect(await page({ thread: GENERAL, limit: 10 })).toEqual({ ids: [1, 4], more: false });
    expect(await page({ thread: { kind: 'channel', channel: '%' }, limit: 10 })).toEqual({ ids: [], more: false });
  });

  test('a direct thread has both sides, and no third', async () => {
    await post(1, alice, bob);
    await post(2, bob, alice);
    await post(3, carol, bob);
    await post(4, alice, carol);
    await storage.commit([posted(channelMessage(5, { author: bob }))]);
    expect(await direct('id-alice', 'bob')).toEqual([1, 2]);
    expect(await direct('id-bob', 'alice')).toEqual([1, 2]);
    expect(await direct('id-bob', 'carol')).toEqual([3]);
    expect(await direct('id-carol', 'alice')).toEqual([4]);
    expect(await direct('id-carol', 'carol')).toEqual([]);
  });

  test('a direct thread is with whoever bore the name then, in any case', async () => {
    await post(1, alice, bob);
    await post(2, { ...bob, name: 'BOB' }, alice);
    await post(3, alice, { identityId: 'id-second-bob', name: 'bob' });
    await post(4, { ...bob, name: 'Robert' }, alice);
    expect(await direct('id-alice', 'bob')).toEqual([1, 2, 3]);
    expect(await direct('id-alice', 'robert')).toEqual([4]);
    expect(await direct('id-second-bob', 'alice')).toEqual([3]);
  });

  test('names are compared as they are, not as patterns', async () => {
    await post(1, alice, bob);
    await post(2, alice, { identityId: 'id-pattern', name: 'b%' });
    expect(await direct('id-alice', 'b%')).toEqual([2]);
    expect(await direct('id-alice', 'b_b')).toEqual([]);
  });

  test("another's shadow messages are not there, one's own are", async () => {
    await storage.commit([posted({ ...directMessage(1, { from: alice, to: bob }), shadow: true })]);
    await post(2, bob, alice);
    expect(await direct('id-alice', 'bob')).toEqual([1, 2]);
    expect(await direct('id-bob', 'alice')).toEqual([2]);
  });

  test('a message to oneself is there once, also from one of two names to the other', async () => {
    const second = { ...alice, name: 'Alice 2' };
    await post(1, alice, alice);
    await post(2, alice, second);
    expect(await direct('id-alice', 'alice')).toEqual([1, 2]);
    expect(await direct('id-alice', 'alice 2')).toEqual([2]);
  });

  describe('the count of older messages', () => {
    const count = (thread: ThreadKey, before: number) => storage.countBefore(ROOM, { thread, before });

    test('of a channel has what its pages have', async () => {
      const other = channelMessage(2, { target: { kind: 'channel', channel: 'other' } });
      await storage.commit([posted(channelMessage(1)), posted(other), posted(channelMessage(3))]);
      await storage.commit([posted(channelMessage(4)), posted(channelMessage(5), 'elsewhere'), retracted(3)]);
      await storage.commit([posted({ ...channelMessage(6), shadow: true }), posted(channelMessage(7))]);
      expect(await count(GENERAL, 8)).toBe(3);
      expect(await count(GENERAL, 7)).toBe(2);
      expect(await count(GENERAL, 1)).toBe(0);
    });

    test('of a direct thread has both sides, each message once, and none that was kept back', async () => {
      const thread: ThreadKey = { kind: 'direct', identityId: 'id-alice', peer: 'bob' };
      await post(1, alice, bob);
      await post(2, bob, alice);
      await post(3, carol, alice);
      await storage.commit([posted({ ...directMessage(4, { from: bob, to: alice }), shadow: true })]);
      await storage.commit([posted({ ...directMessage(5, { from: alice, to: bob }), shadow: true })]);
      expect(await count(thread, 6)).toBe(3);
      expect(await count(thread, 5)).toBe(2);
      await post(6, alice, alice);
      expect(await count({ kind: 'direct', identityId: 'id-alice', peer: 'alice' }, 7)).toBe(1);
    });
  });

  describe('the list of threads', () => {
    const threads = (identityId: string, query: Partial<ThreadsQuery> = {}, room = ROOM) =>
      storage.threads(room, identityId, { sort: 'newest', offset: 0, limit: 10, ...query });
    const names = async (query: Partial<ThreadsQuery>) =>
      (await threads('id-alice', query)).threads.map((thread) => thread.name);
    const NONE = { threads: [], count: 0 };

    test('has each other side once, the latest first, by its latest spelling', async () => {
      await post(1, alice, bob);
      await post(2, carol, alice);
      await post(3, { ...bob, name: 'BOB' }, alice);
      await post(4, bob, carol);
      const expected = [
        { name: 'BOB', lastMessageId: 3, lastAt: 1_003 },
        { name: 'Carol', lastMessageId: 2, lastAt: 1_002 },
      ];
      expect(await threads('id-alice')).toEqual({ threads: expected, count: 2 });
      expect(await threads('id-alice', {}, 'elsewhere')).toEqual(NONE);
    });

    test('comes in the order, and in the parts, that are asked for', async () => {
      const called = (name: string): Author => ({ identityId: `id-${name}`, name });
      // By code points; by UTF-16 units the last two would be the other way around.
      for (const [index, name] of ['bea', 'Zoe', 'ann', '\u{1f600}', '\ufa0e'].entries()) {
        await (index % 2 === 0 ? post(index + 1, alice, called(name)) : post(index + 1, called(name), alice));
      }
      const byName = ['ann', 'bea', 'Zoe', '\ufa0e', '\u{1f600}'];
      expect(await names({ sort: 'a-z' })).toEqual(byName);
      expect(await names({ sort: 'z-a' })).toEqual(byName.toReversed());
      expect(await names({ sort: 'oldest' })).toEqual(['bea', 'Zoe', 'ann', '\u{1f600}', '\ufa0e']);
      expect(await names({ sort: 'newest' })).toEqual(['\ufa0e', '\u{1f600}', 'ann', 'Zoe', 'bea']);
      expect(await names({ sort: 'oldest', offset: 1, limit: 2 })).toEqual(['Zoe', 'ann']);
      expect(await threads('id-alice', { limit: 1 })).toMatchObject({ threads: [{ lastMessageId: 5 }], count: 5 });
      expect(await threads('id-alice', { offset: 5 })).toEqual({ threads: [], count: 5 });
      expect(await threads('id-alice', { limit: 0 })).toEqual({ threads: [], count: 5 });
    });

    test('knows nothing of retracted messages, channels, and what others sent in vain', async () => {
      await post(1, alice, bob);
      await post(2, alice, bob);
      await storage.commit([posted({ ...directMessage(3, { from: carol, to: alice }), shadow: true }), retracted(2)]);
      await storage.commit([posted(channelMessage(4))]);
      expect((await threads('id-alice')).threads).toEqual([{ name: 'Bob', lastMessageId: 1, lastAt: 1_001 }]);
      expect((await threads('id-carol')).threads).toEqual([{ name: 'Alice', lastMessageId: 3, lastAt: 1_003 }]);
      await storage.commit([retracted(1)]);
      expect(await threads('id-alice')).toEqual(NONE);
    });

    test('has a thread with oneself', async () => {
      await post(1, alice, alice);
      expect((await threads('id-alice')).threads).toEqual([{ name: 'Alice', lastMessageId: 1, lastAt: 1_001 }]);
    });
  });
}
