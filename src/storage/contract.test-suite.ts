import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  attachment,
  BYTES,
  channelMessage,
  imageMessage,
  posted,
  ROOM,
  retracted,
  sanction,
} from './contract-fixtures.ts';
import { describeGroupTokens } from './contract-group-tokens.test-suite.ts';
import { describeIdentities } from './contract-identities.test-suite.ts';
import { describeMessages, type OpenStorage } from './contract-messages.test-suite.ts';
import { describeRemoving } from './contract-removing.test-suite.ts';
import { describeRooms } from './contract-rooms.test-suite.ts';
import { describeThreads } from './contract-threads.test-suite.ts';
import type { Storage } from './port.ts';

/** What every driver promises. `open` gives an empty storage, which the suite closes. */
export function describeStorage(driver: string, open: OpenStorage): void {
  describe(`storage contract: ${driver}`, () => {
    describeMessages(open);
    describeThreads(open);
    describeRemoving(open);
    describeIdentities(open);
    describeRooms(open);
    describeGroupTokens(open);
    describeRest(open);
  });
}

function describeRest(open: OpenStorage): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  describe('sanctions', () => {
    test('stand until they expire, the oldest first', async () => {
      const later = sanction('later', { at: 1_500, expiresAt: 3_000, identityId: 'id-mallory' });
      const earlier = sanction('earlier', { at: 1_000, expiresAt: 2_000 });
      await storage.commit([
        { type: 'sanction-imposed', sanction: later },
        { type: 'sanction-imposed', sanction: earlier },
      ]);
      expect(await storage.sanctions(ROOM, 1_999)).toEqual([earlier, later]);
      expect(await storage.sanctions(ROOM, 2_000)).toEqual([later]);
      expect(await storage.sanctions('elsewhere', 1_500)).toEqual([]);
    });

    test('are of a name, of addresses, or of both', async () => {
      const { name: _, ...nameless } = sanction('range');
      const range = { ...nameless, at: 1_001, addresses: '192.0.2.0/24' };
      const guest = sanction('guest', { at: 1_002, addresses: '192.0.2.7' });
      for (const one of [range, guest]) await storage.commit([{ type: 'sanction-imposed', sanction: one }]);
      expect(await storage.sanctions(ROOM, 0)).toEqual([range, guest]);
      const nobody = { ...nameless, id: 'nobody' };
      await expect(storage.commit([{ type: 'sanction-imposed', sanction: nobody }])).rejects.toThrow();
    });

    test('can be lifted, in their own room only', async () => {
      await storage.commit([{ type: 'sanction-imposed', sanction: sanction('one') }]);
      await storage.commit([{ type: 'sanction-lifted', room: 'elsewhere', sanctionId: 'one' }]);
      expect(await storage.sanctions(ROOM, 0)).toHaveLength(1);
      await storage.commit([{ type: 'sanction-lifted', room: ROOM, sanctionId: 'one' }]);
      expect(await storage.sanctions(ROOM, 0)).toEqual([]);
      await storage.commit([{ type: 'sanction-lifted', room: ROOM, sanctionId: 'one' }]);
    });
  });

  test('relations are kept by room, identity and kind, each name once', async () => {
    const change = { type: 'relation-changed', room: ROOM, identityId: 'id-alice', on: true } as const;
    await storage.commit([{ ...change, kind: 'mute', names: ['bob', 'carol'] }]);
    await storage.commit([{ ...change, kind: 'mute', names: ['bob', 'dave'] }]);
    await storage.commit([{ ...change, kind: 'block', names: ['bob'] }]);
    await storage.commit([{ ...change, kind: 'mute', names: ['carol', 'nobody'], on: false }]);
    const relations = await storage.relations(ROOM, 'id-alice');
    expect(Object.keys(relations).sort()).toEqual(['block', 'mute']);
    expect([...(relations.mute ?? [])].sort()).toEqual(['bob', 'dave']);
    expect(relations.block).toEqual(['bob']);
    expect(await storage.relations('elsewhere', 'id-alice')).toEqual({});
    expect(await storage.relations(ROOM, 'id-bob')).toEqual({});
  });

  test('a kind without names left is not among the relations', async () => {
    const change = {
      type: 'relation-changed',
      room: ROOM,
      identityId: 'id-alice',
      kind: 'boot',
      names: ['bob'],
    } as const;
    await storage.commit([
      { ...change, on: true },
      { ...change, on: false },
    ]);
    expect(await storage.relations(ROOM, 'id-alice')).toEqual({});
  });

  describe('attachments', () => {
    test('come back as they were put', async () => {
      await storage.putAttachment(attachment('a'), BYTES, 1_000);
      const stored = await storage.attachment('a');
      expect(stored?.attachment).toEqual(attachment('a'));
      expect([...(stored?.bytes ?? [])]).toEqual([...BYTES]);
      expect(await storage.attachment('b')).toBeUndefined();
    });

    test('do not change with the bytes they were made from', async () => {
      const bytes = BYTES.slice();
      await storage.putAttachment(attachment('a'), bytes, 1_000);
      bytes.fill(7);
      expect([...((await storage.attachment('a'))?.bytes ?? [])]).toEqual([...BYTES]);
    });

    test('are swept when they are old and no message names them', async () => {
      await storage.putAttachment(attachment('old'), BYTES, 999);
      await storage.putAttachment(attachment('new'), BYTES, 1_000);
      await storage.putAttachment(attachment('named'), BYTES, 999);
      await storage.commit([posted(imageMessage(1, attachment('named')))]);
      expect(await storage.sweepAttachments(1_000)).toBe(1);
      expect(await storage.attachment('old')).toBeUndefined();
      expect(await storage.attachment('new')).toBeDefined();
      expect(await storage.attachment('named')).toBeDefined();
      expect((await storage.message(ROOM, 1))?.body).toEqual(imageMessage(1, attachment('named')).body);
    });

    test('put again are as young as the last time', async () => {
      await storage.putAttachment(attachment('a'), BYTES, 1);
      await storage.putAttachment(attachment('a'), BYTES, 1_000);
      expect(await storage.sweepAttachments(1_000)).toBe(0);
      expect(await storage.attachment('a')).toBeDefined();
    });

    test('go with the last message that names them', async () => {
      await storage.putAttachment(attachment('a'), BYTES, 1_000);
      await storage.commit([posted(imageMessage(1, attachment('a'))), posted(imageMessage(2, attachment('a')))]);
      await storage.commit([retracted(1)]);
      expect(await storage.attachment('a')).toBeDefined();
      await storage.commit([retracted(2)]);
      expect(await storage.attachment('a')).toBeUndefined();
    });

    test('must be there before a message names them', async () => {
      await expect(storage.commit([posted(imageMessage(1, attachment('a')))])).rejects.toThrow();
      expect(await storage.message(ROOM, 1)).toBeUndefined();
    });
  });

  test('closing finishes what was begun, and then nothing can be asked', async () => {
    const committed = storage.commit([posted(channelMessage(1))]);
    const closed = storage.close();
    await expect(committed).resolves.toBeUndefined();
    await closed;
    await expect(storage.lastMessageId()).rejects.toThrow('closed');
    await expect(storage.commit([posted(channelMessage(2))])).rejects.toThrow('closed');
    await storage.close();
  });
}
