import { describe, expect, test } from 'vitest';
import { Passwords } from '../auth/passwords.ts';
import { onHouse } from './testing/rooms.ts';
import { CHANNEL, START } from './testing/stage.ts';

const LOBBY = { name: 'lobby', title: 'The lobby', channels: [CHANNEL] };

describe('a room that somebody makes', () => {
  test('is there under a name made of its title, for everybody', () =>
    onHouse(async ({ make, rooms, enter }) => {
      expect(await make('  My   Room É #1 ')).toBe('my-room-e-1');
      expect(await rooms.find('my-room-e-1')).toEqual({
        name: 'my-room-e-1',
        title: 'My Room É #1',
        members: 0,
        guestLimit: 0,
        hasPassword: false,
        isPublic: true,
        activeAt: START,
        isLocked: false,
        createdAt: START,
      });
      expect(await enter('my-room-e-1', 'Ann')).toBe('Ann');
      expect(await enter('My-Room-E-1', 'Bob')).toBe('Bob');
      expect(await rooms.find('MY-ROOM-E-1')).toMatchObject({ members: 2 });
    }));

  test.each([
    ['nothing', '', 'name-invalid'],
    ['blanks', ' \n ', 'name-invalid'],
    ['what leaves nothing for its address', '!?#', 'name-invalid'],
    ['more than 64 characters', 'x'.repeat(65), 'name-invalid'],
    ['characters that nobody sees', 'a\u0000b', 'name-invalid'],
    ['the name of a room of the configuration', 'Lobby', 'room-exists'],
    ['64 characters', 'x'.repeat(64), 'x'.repeat(64)],
  ])('called by %s', (_, title, result) => onHouse(async ({ make }) => expect(await make(title)).toBe(result)));

  test('has a name of its own, in whatever way it is written', () =>
    onHouse(async ({ make, rooms }) => {
      await make('My Room');
      for (const title of ['My Room', 'my room', 'MY-ROOM!', 'my_room']) expect(await make(title)).toBe('room-exists');
      const order = { title: 'MY-ROOM!', password: '', guestLimit: 0, isPublic: true };
      expect(await rooms.create(order, 'x')).toEqual({ refused: { code: 'room-exists', subject: 'MY-ROOM!' } });
      expect(await make('My Room 2')).toBe('my-room-2');
    }));

  test('of one name by two at once is made once', () =>
    onHouse(async ({ make }) => {
      expect((await Promise.all([make('Den'), make('den')])).sort()).toEqual(['den', 'room-exists']);
    }));

  test('is not made where that is not allowed, or there are enough', async () => {
    await onHouse(async ({ make }) => expect(await make('Den')).toBe('rooms-closed'), { made: { allowed: false } });
    await onHouse(
      async ({ make }) => {
        expect([await make('One'), await make('Two'), await make('Three')]).toEqual(['one', 'two', 'rooms-closed']);
      },
      { made: { count: 2 } },
    );
  });

  test('begins with one channel, which works', () =>
    onHouse(async ({ make, enter, hub }) => {
      await make('Den');
      await enter('den', 'Ann');
      const view = (await hub.openRoom('den'))?.view;
      expect(view?.title).toBe('Den');
      expect(view?.channels.map(({ id }) => id)).toEqual(['lobby']);
    }));
});

test('one address makes so many rooms, and more as time passes; another one its own', () =>
  onHouse(
    async ({ make, pass }) => {
      expect([await make('1'), await make('2'), await make('3')]).toEqual(['1', '2', 'too-fast']);
      expect(await make('4', {}, '192.0.2.2')).toBe('4');
      pass(60_000);
      expect([await make('5'), await make('6')]).toEqual(['5', 'too-fast']);
    },
    { made: { perAddress: { burst: 2, perSecond: 1 / 60 } } },
  ));

test('names that cannot be cost nothing of that', () =>
  onHouse(
    async ({ make }) => {
      for (const title of ['', ' ', 'x'.repeat(65)]) await make(title);
      expect(await make('Den', { password: 'x'.repeat(257) })).toBe('password-unfit');
      expect(await make('Den')).toBe('den');
    },
    { made: { perAddress: { burst: 1, perSecond: 0 } } },
  ));

describe('a guest limit', () => {
  test.each([
    [2, 2],
    [2.9, 2],
    [0, 0],
    [-3, 0],
    [Number.NaN, 0],
    [1e12, 10_000],
    [Number.POSITIVE_INFINITY, 10_000],
  ])('of %d is %d', (guestLimit, limit) =>
    onHouse(async ({ make, rooms }) => {
      await make('Den', { guestLimit });
      expect(await rooms.find('den')).toMatchObject({ guestLimit: limit });
    }),
  );

  test('fills the room, and lets the next in when somebody goes', () =>
    onHouse(async ({ make, hello, enter, rooms }) => {
      await make('Den', { guestLimit: 2 });
      const ann = await hello('Ann', { room: 'den' });
      expect(await enter('den', 'Bob')).toBe('Bob');
      expect(await enter('den', 'Carol')).toBe('room-full');
      expect(await enter('lobby', 'Carol')).toBe('Carol');
      ann.connection.receive({ type: 'leave' });
      expect(await rooms.find('den')).toMatchObject({ members: 1, guestLimit: 2 });
      expect(await enter('den', 'Carol')).toBe('Carol');
    }));
});

describe('a password', () => {
  const password = 'open sesame';

  test('is asked of all who enter', () =>
    onHouse(async ({ make, enter, rooms }) => {
      await make('Cave', { password });
      expect(await rooms.find('cave')).toMatchObject({ hasPassword: true });
      expect(await enter('cave', 'Ann')).toBe('room-password');
      expect(await enter('cave', 'Ann', { roomPassword: 'Open Sesame' })).toBe('room-password');
      expect(await enter('cave', 'Ann', { roomPassword: '' })).toBe('room-password');
      expect(await enter('cave', 'Ann', { roomPassword: password })).toBe('Ann');
      expect(await rooms.find('cave')).toMatchObject({ members: 1 });
    }));

  test('is not asked of operators', () =>
    onHouse(async ({ make, enter, hello, operatorInvitation }) => {
      await make('Cave', { password });
      const { welcome } = await hello('Olga', { invitation: await operatorInvitation() });
      expect(await enter('cave', 'Olga', { token: welcome.token })).toBe('Olga');
      const guest = await hello('Ann');
      expect(await enter('cave', 'Ann', { token: guest.welcome.token })).toBe('room-password');
    }));

  test('of the configuration holds as well', () =>
    onHouse(
      async ({ enter, rooms }) => {
        expect(await rooms.find('vault')).toMatchObject({ hasPassword: true, isPublic: false });
        expect(await enter('vault', 'Ann', { roomPassword: 'wrong' })).toBe('room-password');
        expect(await enter('vault', 'Ann', { roomPassword: password })).toBe('Ann');
      },
      { settings: { rooms: [LOBBY, { ...LOBBY, name: 'vault', isPublic: false, passwordHash: HASH }] } },
    ));

  test('can be tried from outside, as seldom as at the door', () =>
    onHouse(
      async ({ make, enter, rooms }) => {
        await make('Cave', { password });
        await make('Den');
        expect(await rooms.checkPassword('den', 'anything', 'a')).toBe('right');
        expect(await rooms.checkPassword('nowhere', 'anything', 'a')).toBe('right');
        expect(await rooms.checkPassword('Cave', password, 'a')).toBe('right');
        expect(await rooms.checkPassword('cave', '', 'a')).toBe('wrong');
        for (let count = 0; count < 20; count++) await rooms.checkPassword('cave', 'x'.repeat(300), '127.0.0.1');
        expect(await rooms.checkPassword('cave', password, '127.0.0.1')).toBe('too-often');
        expect(await enter('cave', 'Ann', { roomPassword: password })).toBe('too-fast');
        expect(await rooms.checkPassword('cave', password, 'b')).toBe('right');
      },
      { services: { passwords: new Passwords({ now: () => START }) } },
    ));

  test.each([
    ['x'.repeat(257), 'password-unfit'],
    ['x'.repeat(256), 'cave'],
    [' ', 'cave'],
  ])('of %j: %s', (long, result) =>
    onHouse(async ({ make }) => expect(await make('Cave', { password: long })).toBe(result)),
  );
});

const HASH = (await new Passwords({ now: Date.now }).hash('open sesame', '')) as string;

test('the public list has the rooms of the configuration first, then the others by name, and no hidden ones', () =>
  onHouse(
    async ({ make, enter, rooms }) => {
      await make('Zoo');
      await make('Attic', { password: 'x', guestLimit: 5 });
      await make('Hideout', { isPublic: false });
      await enter('zoo', 'Ann');
      expect((await rooms.list()).map(({ name, members }) => [name, members])).toEqual([
        ['lobby', 0],
        ['attic', 0],
        ['zoo', 1],
      ]);
      expect((await rooms.list())[1]).toMatchObject({ hasPassword: true, guestLimit: 5, title: 'Attic' });
      expect(await rooms.find('hideout')).toMatchObject({ isPublic: false });
      expect(await enter('hideout', 'Bob')).toBe('Bob');
    },
    { settings: { rooms: [LOBBY, { ...LOBBY, name: 'backstage', isPublic: false }] } },
  ));

test.each(['nowhere', '', '../etc', 'UPPER CASE', 'x'.repeat(65)])('there is no room %j', (name) =>
  onHouse(async ({ rooms }) => expect(await rooms.find(name)).toBeUndefined()),
);
