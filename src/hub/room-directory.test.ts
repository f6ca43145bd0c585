import { describe, expect, test } from 'vitest';
import { openMemoryStorage } from '../storage/memory/memory-storage.ts';
import { type House, onHouse } from './testing/rooms.ts';
import { CHANNEL, framesOf, settled, texts } from './testing/stage.ts';

const IDLE_MS = 60 * 60_000;
const made = { idleMs: IDLE_MS };

/** Lets the time pass, with the hub looking after its rooms as often as it does. */
async function pass(house: House, milliseconds: number): Promise<void> {
  const step = 60_000;
  for (let left = milliseconds; left > 0; left -= step) {
    house.pass(Math.min(step, left));
    await house.hub.keepRooms();
  }
}

async function post(house: House, name: string, room: string, text: string): Promise<void> {
  const { connection } = await house.hello(name, { room });
  connection.receive({ type: 'post', target: { channel: 'lobby' }, text });
  await settled();
  connection.receive({ type: 'leave' });
  await settled();
}

async function storedTexts({ storage }: House, room: string): Promise<unknown[]> {
  const page = await storage.messages(room, { thread: { kind: 'channel', channel: 'lobby' }, limit: 10 });
  return page.messages.map(({ body }) => (body.kind === 'text' ? body.text : body));
}

describe('a room that nobody is in', () => {
  test('is there for as long as configured, and then it is gone with all that was said', () =>
    onHouse(
      async (house) => {
        await house.make('Den');
        await post(house, 'Ann', 'den', 'hello');
        await pass(house, IDLE_MS);
        expect(await house.rooms.find('den')).toMatchObject({ members: 0 });
        expect(await storedTexts(house, 'den')).toEqual(['hello']);
        await pass(house, 60_000);
        expect(await house.rooms.find('den')).toBeUndefined();
        expect(await house.rooms.list()).toHaveLength(1);
        expect(await storedTexts(house, 'den')).toEqual([]);
        expect(await house.storage.rooms({ publicOnly: false })).toEqual([]);
        expect(await house.enter('den', 'Ann')).toBe('room-unknown');
      },
      { made },
    ));

  test('leaves its name to the next, whose room begins empty and with its own terms', () =>
    onHouse(
      async (house) => {
        await house.make('Den', { password: 'old', guestLimit: 1 });
        const { connection } = await house.hello('Ann', { room: 'den', roomPassword: 'old' });
        connection.receive({ type: 'post', target: { channel: 'lobby' }, text: 'a secret' });
        await settled();
        connection.receive({ type: 'leave' });
        await pass(house, IDLE_MS + 60_000);
        expect(await house.make('DEN')).toBe('den');
        const next = await house.hello('Bob', { room: 'den' });
        expect(texts(next.connection)).toEqual([]);
        expect(framesOf(next.connection, 'room')).toMatchObject([{ title: 'DEN', messages: [] }]);
        expect(await house.enter('den', 'Carol')).toBe('Carol');
      },
      { made },
    ));

  test('that was never entered goes, too', () =>
    onHouse(
      async (house) => {
        await house.make('Den');
        await pass(house, IDLE_MS + 60_000);
        expect(await house.rooms.find('den')).toBeUndefined();
      },
      { made },
    ));

  test('is over before anybody has cleaned up: nobody comes in, and its name is not taken', () =>
    onHouse(
      async (house) => {
        await house.make('Den');
        house.clock.now += IDLE_MS + 1;
        expect(await house.rooms.find('den')).toBeUndefined();
        expect(await house.rooms.list()).toHaveLength(1);
        expect(await house.enter('den', 'Ann')).toBe('room-unknown');
        await house.hub.keepRooms();
        expect(await house.make('Den')).toBe('den');
      },
      { made },
    ));

  test('stays for ever where the operator wants it so', () =>
    onHouse(async (house) => {
      await house.make('Den');
      house.pass(10 * 365 * 24 * 3_600_000);
      await house.hub.keepRooms();
      expect(await house.enter('den', 'Ann')).toBe('Ann');
    }));
});

describe('a room that somebody is in', () => {
  test('stays, whether or not anything is said', () =>
    onHouse(
      async (house) => {
        await house.make('Den');
        await house.enter('den', 'Ann');
        await pass(house, 3 * IDLE_MS);
        expect(await house.rooms.find('den')).toMatchObject({ members: 1, activeAt: house.clock.now });
        expect(await house.enter('den', 'Bob')).toBe('Bob');
      },
      { made },
    ));

  test('has its time from when the last one went', () =>
    onHouse(
      async (house) => {
        await house.make('Den');
        const { connection } = await house.hello('Ann', { room: 'den' });
        await pass(house, IDLE_MS - 60_000);
        connection.receive({ type: 'leave' });
        await settled();
        await pass(house, IDLE_MS - 60_000);
        expect(await house.rooms.find('den')).toBeDefined();
        await pass(house, 2 * 60_000);
        expect(await house.rooms.find('den')).toBeUndefined();
      },
      { made },
    ));

  test('by a lost connection alone stays as long as it is waited for', () =>
    onHouse(
      async (house) => {
        await house.make('Den');
        const ann = await house.hello('Ann', { room: 'den' });
        await pass(house, IDLE_MS);
        ann.connection.end({ code: 1006 });
        await pass(house, 60_000);
        const { session, epoch } = ann.welcome;
        const back = await house.hello('Ann', { room: 'den', resume: { session, epoch, seq: 1 } });
        expect(back.welcome).toMatchObject({ recovered: true });
      },
      { made, settings: { resumeMs: 2 * IDLE_MS } },
    ));
});

test('rooms of the configuration are nobody’s to remove', () =>
  onHouse(
    async (house) => {
      await post(house, 'Ann', 'lobby', 'hello');
      await pass(house, 2 * IDLE_MS);
      expect(await house.rooms.list()).toMatchObject([{ name: 'lobby' }]);
      expect(await storedTexts(house, 'lobby')).toEqual(['hello']);
    },
    { made },
  ));

test('a room that the operator has configured since is not removed as one that people made', async () => {
  const storage = openMemoryStorage();
  const rooms = [{ name: 'lobby', title: 'Lobby', channels: [CHANNEL] }];
  await onHouse(async (house) => void (await house.make('Den')), { made, storage, settings: { rooms } });
  await onHouse(
    async (house) => {
      await post(house, 'Ann', 'den', 'hello');
      await pass(house, 2 * IDLE_MS);
      expect((await house.rooms.list()).map(({ name }) => name)).toEqual(['lobby', 'den']);
      expect(await storedTexts(house, 'den')).toEqual(['hello']);
    },
    { made, storage, settings: { rooms: [...rooms, { name: 'den', title: 'Den', channels: [CHANNEL] }] } },
  );
});

test('what is said in one room is not heard in another', () =>
  onHouse(async (house) => {
    await house.make('Den');
    const ann = await house.hello('Ann', { room: 'den' });
    const bob = await house.hello('Ann');
    ann.connection.receive({ type: 'post', target: { channel: 'lobby' }, text: 'in the den' });
    await settled();
    expect(texts(ann.connection)).toEqual(['in the den']);
    expect(texts(bob.connection)).toEqual([]);
  }));

test('rooms and their terms are there again after a restart, with what was said', async () => {
  const storage = openMemoryStorage();
  await onHouse(
    async (house) => {
      await house.make('Den', { password: 'x', guestLimit: 1, isPublic: false });
      const { connection } = await house.hello('Ann', { room: 'den', roomPassword: 'x' });
      connection.receive({ type: 'post', target: { channel: 'lobby' }, text: 'hello' });
      await settled();
    },
    { storage },
  );
  await onHouse(
    async ({ rooms, enter, hello, make }) => {
      const terms = { title: 'Den', hasPassword: true, guestLimit: 1, isPublic: false, members: 0 };
      expect(await rooms.find('den')).toMatchObject(terms);
      expect(await make('Den')).toBe('room-exists');
      expect(await enter('den', 'Bob')).toBe('room-password');
      const bob = await hello('Bob', { room: 'den', roomPassword: 'x' });
      const [room] = framesOf(bob.connection, 'room');
      expect(room).toMatchObject({ messages: [{ text: 'hello' }], channels: [{ id: 'lobby' }] });
      expect(await enter('den', 'Carol', { roomPassword: 'x' })).toBe('room-full');
    },
    { storage },
  );
});

test('settings that are read again leave a room its channels and its terms', () =>
  onHouse(async ({ make, hub, enter, hello, rooms }) => {
    await make('Den', { guestLimit: 1, password: 'x' });
    const { connection } = await hello('Ann', { room: 'den', roomPassword: 'x' });
    const { settings } = hub.context;
    hub.reconfigure({ ...settings, policy: { ...settings.policy, maxMembers: 5 } });
    expect((await hub.openRoom('den'))?.view.channels).toHaveLength(1);
    expect(await enter('den', 'Bob')).toBe('room-password');
    expect(await enter('den', 'Bob', { roomPassword: 'x' })).toBe('room-full');
    expect(await rooms.find('lobby')).toMatchObject({ guestLimit: 5 });
    hub.reconfigure({ ...settings, madeRooms: { ...settings.madeRooms, allowed: false } });
    expect(await make('Attic')).toBe('rooms-closed');
    connection.receive({ type: 'leave' });
    expect(await enter('den', 'Bob', { roomPassword: 'x' })).toBe('Bob');
  }));
