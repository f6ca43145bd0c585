import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Channel } from '../core/channel.ts';
import type { Message } from '../core/message.ts';
import type { StoredRecord } from '../core/record.ts';
import {
  alice,
  attachment,
  BYTES,
  bob,
  channelMessage,
  directMessage,
  imageMessage,
  posted,
  ROOM,
  sanction,
} from './contract-fixtures.ts';
import type { OpenStorage } from './contract-messages.test-suite.ts';
import type { Storage, StoredRoom } from './port.ts';

const ATTIC: StoredRoom = {
  name: 'attic',
  title: 'The Attic',
  passwordHash: '$argon2id$y',
  guestLimit: 3,
  isPublic: false,
  createdAt: 1_000,
  activeAt: 1_000,
};
const { passwordHash: _, ...OPEN } = ATTIC;

const TALK: Channel = {
  id: 'talk',
  name: 'Talk',
  icon: '💬',
  description: 'All the talk',
  welcome: ['*Hello*', 'there'],
  vip: false,
  photos: true,
  newcomerMessages: 7,
};
const VIP: Channel = { ...TALK, id: 'vip', name: 'VIP', vip: true, photos: false };

function said(room: string, message: Message): StoredRecord {
  return { type: 'message-posted', room, message };
}

export function describeRooms(open: OpenStorage): void {
  let storage: Storage;
  beforeEach(async () => {
    storage = await open();
  });
  afterEach(() => storage.close());

  describe('rooms', () => {
    test('come back as they were created, with their channels; one of each name', async () => {
      expect(await storage.createRoom(ATTIC, [TALK, VIP])).toBe(true);
      expect(await storage.createRoom({ ...ATTIC, title: 'Another' }, [])).toBe(false);
      expect(await storage.room('attic')).toEqual(ATTIC);
      expect(await storage.channels('attic')).toEqual([TALK, VIP]);
      expect(await storage.room('cellar')).toBeUndefined();
      expect(await storage.channels('cellar')).toEqual([]);
    });

    test('are listed by name, the public ones alone where these are asked for', async () => {
      await storage.createRoom({ ...OPEN, name: 'z', isPublic: true }, []);
      await storage.createRoom({ ...OPEN, name: 'b', isPublic: false }, []);
      await storage.createRoom({ ...OPEN, name: 'a', isPublic: true }, []);
      expect((await storage.rooms({ publicOnly: false })).map(({ name }) => name)).toEqual(['a', 'b', 'z']);
      expect((await storage.rooms({ publicOnly: true })).map(({ name }) => name)).toEqual(['a', 'z']);
      expect((await storage.rooms({ publicOnly: true }))[0]).toEqual({ ...OPEN, name: 'a', isPublic: true });
    });

    test('are active as of the latest time that was said', async () => {
      await storage.createRoom(ATTIC, []);
      await storage.touchRoom('attic', 3_000);
      await storage.touchRoom('attic', 2_000);
      await storage.touchRoom('cellar', 2_000);
      expect((await storage.room('attic'))?.activeAt).toBe(3_000);
      expect(await storage.room('cellar')).toBeUndefined();
    });

    test('are removed with all that was in them, and nothing of others', async () => {
      const fill = async (room: string, first: number) => {
        await storage.createRoom({ ...OPEN, name: room }, [TALK]);
        await storage.putAttachment(attachment(`picture ${room}`), BYTES, 1);
        await storage.commit([
          said(room, channelMessage(first, { author: alice, clientId: 'c' })),
          said(room, directMessage(first + 1, { from: alice, to: bob })),
          said(room, { ...directMessage(first + 2, { from: alice, to: bob }), shadow: true }),
          said(room, imageMessage(first + 3, attachment(`picture ${room}`))),
          { type: 'sanction-imposed', sanction: sanction(`s ${room}`, { room }) },
          { type: 'relation-changed', room, identityId: alice.identityId, kind: 'mute', names: ['bob'], on: true },
        ]);
      };
      await fill('attic', 1);
      await fill('cellar', 11);
      await storage.removeRoom('attic');

      const left = async (room: string, id: number) => [
        await storage.room(room),
        await storage.channels(room),
        await storage.message(room, id),
        await storage.message(room, id + 1),
        await storage.message(room, id + 2),
        await storage.attachment(`picture ${room}`),
        await storage.postedAs(room, alice.identityId, 'c'),
      ];
      expect(await left('attic', 1)).toEqual([undefined, [], ...Array(5).fill(undefined)]);
      expect((await left('cellar', 11)).filter((one) => one === undefined)).toEqual([]);
      expect(await storage.sanctions('attic', 0)).toEqual([]);
      expect(await storage.sanctions('cellar', 0)).toHaveLength(1);
      expect(await storage.relations('attic', alice.identityId)).toEqual({});
      expect(await storage.relations('cellar', alice.identityId)).toEqual({ mute: ['bob'] });
      expect(await storage.lastMessageId()).toBe(14);
      expect(await storage.createRoom(ATTIC, [])).toBe(true);
    });
  });

  describe('channels', () => {
    test('are added and taken away; of configured rooms, too', async () => {
      await storage.commit([{ type: 'channel-created', room: 'lobby', channel: VIP }]);
      await storage.commit([{ type: 'channel-created', room: 'lobby', channel: TALK }]);
      await storage.commit([{ type: 'channel-created', room: 'attic', channel: TALK }]);
      expect(await storage.channels('lobby')).toEqual([VIP, TALK]);
      await expect(storage.commit([{ type: 'channel-created', room: 'lobby', channel: VIP }])).rejects.toThrow();
      await storage.commit([{ type: 'channel-deleted', room: 'lobby', channelId: 'vip' }]);
      await storage.commit([{ type: 'channel-deleted', room: 'lobby', channelId: 'vip' }]);
      expect(await storage.channels('lobby')).toEqual([TALK]);
      expect(await storage.channels('attic')).toEqual([TALK]);
    });

    test('lose their messages up to one', async () => {
      for (const id of [1, 2, 3]) await storage.commit([posted(channelMessage(id, { author: alice }))]);
      await storage.commit([posted(directMessage(4, { from: alice, to: bob }))]);
      expect(await storage.eraseChannel(ROOM, 'general', 2)).toBe(2);
      expect(await storage.eraseChannel(ROOM, 'other', 9)).toBe(0);
      const thread = { kind: 'channel', channel: 'general' } as const;
      expect((await storage.messages(ROOM, { thread, limit: 9 })).messages.map(({ id }) => id)).toEqual([3]);
      expect(await storage.message(ROOM, 4)).toBeDefined();
    });
  });
}
