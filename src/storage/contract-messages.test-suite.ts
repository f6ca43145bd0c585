import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  alice,
  attachment,
  BYTES,
  bob,
  carol,
  channelMessage,
  directMessage,
  idsOf,
  imageMessage,
  posted,
  ROOM,
  reacted,
  retracted,
  unreacted,
} from './contract-fixtures.ts';
import type { Storage } from './port.ts';

export type OpenStorage = () => Storage | Promise<Storage>;

const GENERAL = { kind: 'channel', channel: 'general' } as const;

export function describeMessages(open: OpenStorage): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  const channelIds = async (channel = 'general') =>
    idsOf((await storage.messages(ROOM, { thread: { kind: 'channel', channel }, limit: 10_000 })).messages);

  describe('messages', () => {
    test.each([
      ['in a channel', channelMessage(1)],
      ['with a client id', channelMessage(1, { clientId: 'c-1' })],
      ['between two', directMessage(1, { from: alice, to: bob })],
      ['that only their author sees', { ...directMessage(1, { from: alice, to: bob }), shadow: true }],
      ['of any characters', channelMessage(1, { body: { kind: 'text', text: "'; -- \u0000 \u{1f600} % _ \n" } })],
      ['with the highest id', channelMessage(Number.MAX_SAFE_INTEGER, { at: 1 })],
    ])('%s come back as they were', async (_, message) => {
      await storage.commit([posted(message)]);
      expect(await storage.message(ROOM, message.id)).toEqual(message);
    });

    test('with an image come back with what is known of it', async () => {
      await storage.putAttachment(attachment('a'), BYTES, 1_000);
      await storage.commit([posted(imageMessage(1, attachment('a')))]);
      expect(await storage.message(ROOM, 1)).toEqual(imageMessage(1, attachment('a')));
    });

    test('are not found in another room', async () => {
      await storage.commit([posted(channelMessage(1))]);
      expect(await storage.message('elsewhere', 1)).toBeUndefined();
      expect((await storage.messages('elsewhere', { thread: GENERAL, limit: 10 })).messages).toEqual([]);
    });

    test('are found by the client id of their author', async () => {
      const message = channelMessage(1, { clientId: 'c-1' });
      await storage.commit([posted(message), posted(channelMessage(2, { author: bob, clientId: 'c-1' }))]);
      expect(await storage.postedAs(ROOM, 'id-alice', 'c-1')).toEqual({ id: 1, at: 1_001 });
      expect((await storage.postedAs(ROOM, 'id-bob', 'c-1'))?.id).toBe(2);
      expect(await storage.postedAs(ROOM, 'id-carol', 'c-1')).toBeUndefined();
      expect(await storage.postedAs(ROOM, 'id-alice', 'C-1')).toBeUndefined();
      expect(await storage.postedAs('elsewhere', 'id-alice', 'c-1')).toBeUndefined();
    });

    test('are stored once for one client id', async () => {
      await storage.commit([posted(channelMessage(1, { clientId: 'c-1' }))]);
      await expect(storage.commit([posted(channelMessage(2, { clientId: 'c-1' }))])).rejects.toThrow();
      await storage.commit([posted(channelMessage(3, { clientId: 'c-1' }), 'elsewhere')]);
      expect(await channelIds()).toEqual([1]);
    });

    test('to one person need to know that person', async () => {
      const message = channelMessage(1, { target: { kind: 'member', name: 'Bob' } });
      await expect(storage.commit([posted(message)])).rejects.toThrow();
    });
  });

  describe('retraction', () => {
    test('removes a message and its reactions for good', async () => {
      await storage.commit([posted(channelMessage(1, { clientId: 'c-1' })), reacted(1, '👍', bob)]);
      await storage.commit([retracted(1)]);
      expect(await storage.message(ROOM, 1)).toBeUndefined();
      expect(await channelIds()).toEqual([]);
      await storage.commit([posted(channelMessage(2, { clientId: 'c-1' }))]);
      expect((await storage.message(ROOM, 2))?.reactions).toEqual([]);
    });

    test('does nothing where there is no such message', async () => {
      await storage.commit([posted(channelMessage(1))]);
      await storage.commit([retracted(9), retracted(1, 'elsewhere')]);
      expect(await channelIds()).toEqual([1]);
      expect(await storage.lastMessageId()).toBe(1);
    });

    test('never lowers the highest id', async () => {
      expect(await storage.lastMessageId()).toBe(0);
      await storage.commit([posted(channelMessage(5)), posted(channelMessage(7), 'elsewhere')]);
      expect(await storage.lastMessageId()).toBe(7);
      await storage.commit([retracted(7, 'elsewhere')]);
      expect(await storage.lastMessageId()).toBe(7);
      await storage.commit([retracted(5), posted(channelMessage(6))]);
      expect(await storage.lastMessageId()).toBe(7);
    });
  });

  describe('reactions', () => {
    const reactions = async () => (await storage.message(ROOM, 1))?.reactions;
    beforeEach(() => storage.commit([posted(channelMessage(1))]));

    test('are in order of first appearance, each once', async () => {
      await storage.commit([
        reacted(1, '❤', bob),
        reacted(1, '👍', alice),
        reacted(1, '❤', alice),
        reacted(1, '❤', bob),
      ]);
      expect(await reactions()).toEqual([
        { emoji: '❤', by: [bob, alice] },
        { emoji: '👍', by: [alice] },
      ]);
    });

    test('keep their place as long as anybody holds them', async () => {
      await storage.commit([reacted(1, '❤', bob), reacted(1, '👍', alice), reacted(1, '❤', carol)]);
      await storage.commit([unreacted(1, '❤', bob)]);
      expect(await reactions()).toEqual([
        { emoji: '❤', by: [carol] },
        { emoji: '👍', by: [alice] },
      ]);
      await storage.commit([unreacted(1, '❤', carol), unreacted(1, '❤', carol), reacted(1, '❤', bob)]);
      expect(await reactions()).toEqual([
        { emoji: '👍', by: [alice] },
        { emoji: '❤', by: [bob] },
      ]);
    });

    test('keep the name under which they were given', async () => {
      await storage.commit([reacted(1, '❤', bob), reacted(1, '❤', { ...bob, name: 'Robert' })]);
      expect(await reactions()).toEqual([{ emoji: '❤', by: [bob] }]);
    });

    test('are in pages, each with its own message', async () => {
      await storage.commit([
        posted(channelMessage(2)),
        posted(channelMessage(3)),
        reacted(3, '❤', bob),
        reacted(1, '👍', bob),
      ]);
      const { messages } = await storage.messages(ROOM, { thread: GENERAL, limit: 10 });
      expect(messages.map((message) => message.reactions)).toEqual([
        [{ emoji: '👍', by: [bob] }],
        [],
        [{ emoji: '❤', by: [bob] }],
      ]);
    });

    test('to a message that was retracted or is elsewhere do nothing', async () => {
      await storage.commit([retracted(1), reacted(1, '❤', bob), unreacted(1, '❤', bob)]);
      await storage.commit([posted(channelMessage(2), 'elsewhere'), reacted(2, '❤', bob)]);
      expect((await storage.message('elsewhere', 2))?.reactions).toEqual([]);
    });
  });

  describe('commits', () => {
    test('store all or nothing', async () => {
      await storage.putAttachment(attachment('a'), BYTES, 1_000);
      await storage.commit([posted(imageMessage(1, attachment('a'))), reacted(1, '❤', bob)]);
      const before = await storage.message(ROOM, 1);
      const records = [
        posted(channelMessage(2, { clientId: 'c-2' })),
        retracted(1),
        { type: 'relation-changed', room: ROOM, identityId: 'id-alice', kind: 'mute', names: ['bob'], on: true },
        { type: 'operator-changed', identityId: 'id-alice', on: true },
        posted(channelMessage(2)),
        posted(channelMessage(3)),
      ] as const;
      await expect(storage.commit(records)).rejects.toThrow();
      expect(await channelIds()).toEqual([1]);
      expect(await storage.message(ROOM, 1)).toEqual(before);
      expect(await storage.postedAs(ROOM, 'id-alice', 'c-2')).toBeUndefined();
      expect(await storage.attachment('a')).toBeDefined();
      expect(await storage.sweepAttachments(2_000)).toBe(0);
      expect(await storage.relations(ROOM, 'id-alice')).toEqual({});
      expect(await storage.identity('id-alice')).toBeUndefined();
      expect(await storage.lastMessageId()).toBe(1);
    });

    test('that fail do not fail those made at the same time', async () => {
      const outcomes = await Promise.allSettled([
        storage.commit([posted(channelMessage(1))]),
        storage.commit([posted(channelMessage(2)), posted(channelMessage(1))]),
        storage.commit([posted(channelMessage(3)), reacted(1, '❤', bob)]),
      ]);
      expect(outcomes.map((outcome) => outcome.status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
      expect(await channelIds()).toEqual([1, 3]);
      expect((await storage.message(ROOM, 1))?.reactions).toHaveLength(1);
    });

    test('are stored in the order in which they were made', async () => {
      const done: number[] = [];
      const operator = (on: boolean) => ({ type: 'operator-changed', identityId: 'id-alice', on }) as const;
      await Promise.all([
        storage.commit([posted(channelMessage(1))]).then(() => done.push(1)),
        storage.commit([reacted(1, '❤', bob), operator(true)]).then(() => done.push(2)),
        storage.commit([retracted(1), operator(false)]).then(() => done.push(3)),
        storage.commit([reacted(1, '❤', alice), posted(channelMessage(2))]).then(() => done.push(4)),
      ]);
      expect(done).toEqual([1, 2, 3, 4]);
      expect(await channelIds()).toEqual([2]);
      expect(await storage.identity('id-alice')).toMatchObject({ operator: false });
    });

    test('are seen by whatever is asked after them', async () => {
      const committed = storage.commit([posted(channelMessage(1))]);
      const seen = await storage.message(ROOM, 1);
      await committed;
      expect(seen).toEqual(channelMessage(1));
    });

    test('may be empty', async () => {
      await expect(storage.commit([])).resolves.toBeUndefined();
    });
  });
}
