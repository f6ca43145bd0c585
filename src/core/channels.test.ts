import { describe, expect, test } from 'vitest';
import { MAX_CHANNELS } from './channels.ts';
import type { RoomCommand } from './command.ts';
import { CHANNEL, type Heard, TestRoom, VIP_CHANNEL } from './testing.ts';

type Creation = Extract<RoomCommand, { type: 'create-channel' }>;

function stage(): TestRoom {
  const room = new TestRoom();
  room.enter('Olga', { role: 'op' });
  room.enter('Vera', { role: 'vip' });
  room.enter('Bob');
  return room;
}

function create(room: TestRoom, more: Partial<Creation> = {}, by = 'Olga'): Heard {
  return room.do(by, { type: 'create-channel', name: 'Night', id: 'night', ...more });
}

const remove = (room: TestRoom, id: string, by = 'Olga') => room.do(by, { type: 'delete-channel', id });
const idsOf = (room: TestRoom) => room.view.channels.map(({ id }) => id);

describe('a new channel', () => {
  test('is told to all, stored, and there to be written to', () => {
    const room = stage();
    const heard = create(room, { description: 'For the  sleepless ', icon: '🌙', photos: false });
    const channel = {
      ...CHANNEL,
      id: 'night',
      name: 'Night',
      icon: '🌙',
      description: 'For the sleepless',
      photos: false,
      newcomerMessages: 20,
    };
    expect(heard.who('channel-created')).toEqual(['Bob', 'Olga', 'Vera']);
    expect(heard.event('channel-created').channel).toEqual(channel);
    expect(heard.outcome.records).toEqual([{ type: 'channel-created', room: 'lobby', channel }]);
    expect(heard.outcome.reply).toEqual({ accepted: { kind: 'about', name: 'night', detail: 'night' } });
    expect(idsOf(room)).toEqual(['lobby', 'vips', 'night']);
    expect(room.say('Bob', 'hello', { channel: 'night' }).who('message-posted')).toEqual(['Bob', 'Olga', 'Vera']);
  });

  test('for VIPs is told to those who may read it', () => {
    const room = stage();
    expect(create(room, { vip: true }).who('channel-created')).toEqual(['Olga', 'Vera']);
    expect(room.say('Bob', 'hello', { channel: 'night' }).refusal).toBe('not-permitted');
    expect(remove(room, 'night').who('channel-deleted')).toEqual(['Olga', 'Vera']);
  });

  test.each([
    ['no id', { id: '' }, 'channel-invalid'],
    ['an id with a blank', { id: 'a b' }, 'channel-invalid'],
    ['an id that begins with a dot', { id: '.night' }, 'channel-invalid'],
    ['an id that looks like a person', { id: '@night' }, 'channel-invalid'],
    ['an id that is too long', { id: 'a'.repeat(65) }, 'channel-invalid'],
    ['no name', { name: ' \u0000 ' }, 'channel-invalid'],
    ['the id of another', { id: 'lobby' }, 'channel-exists'],
    ['the id of another in other letters', { id: 'VIPs' }, 'channel-exists'],
  ])('with %s is refused', (_, more, refusal) => {
    const room = stage();
    const heard = create(room, more);
    expect(heard.refusal).toBe(refusal);
    expect(heard.outcome).toMatchObject({ deliveries: [], records: [] });
    expect(idsOf(room)).toEqual(['lobby', 'vips']);
  });

  test('is made by operators and the website', () => {
    const room = stage();
    expect(create(room, {}, 'Vera').refusal).toBe('not-permitted');
    expect(remove(room, 'lobby', 'Bob').refusal).toBe('not-permitted');
    expect(room.administer({ type: 'create-channel', name: 'Night', id: 'night' }).refusal).toBeUndefined();
    expect(room.administer({ type: 'delete-channel', id: 'night' }).refusal).toBeUndefined();
    expect(idsOf(room)).toEqual(['lobby', 'vips']);
  });

  test('is one of a hundred at most', () => {
    const room = stage();
    for (let count = idsOf(room).length; count < MAX_CHANNELS; count++) {
      expect(create(room, { id: `c${count}` }).refusal).toBeUndefined();
    }
    expect(create(room).refusal).toBe('channel-invalid');
    remove(room, 'c50');
    expect(create(room).refusal).toBeUndefined();
  });
});

describe('a channel that is deleted', () => {
  test('is gone with what was said there, and can be made anew', () => {
    const room = stage();
    create(room);
    const { message } = room.say('Bob', 'hello', { channel: 'night' });
    const heard = remove(room, 'night');
    expect(heard.who('channel-deleted')).toEqual(['Bob', 'Olga', 'Vera']);
    expect(heard.outcome.records).toEqual([{ type: 'channel-deleted', room: 'lobby', channelId: 'night' }]);
    expect(room.say('Bob', 'hello', { channel: 'night' }).refusal).toBe('channel-unknown');
    const reaction = { type: 'react', messageId: message.id, emoji: '👋', change: 'add' } as const;
    expect(room.do('Bob', reaction).refusal).toBe('message-unknown');
    create(room);
    expect(room.enter('Carol').event('room-entered').recent).toEqual([]);
  });

  test('is there, and not of the configuration', () => {
    const room = stage();
    expect(remove(room, 'nowhere').refusal).toBe('channel-unknown');
    expect(remove(room, 'lobby').refusal).toBe('channel-fixed');
    create(room);
    expect(remove(room, 'Night').refusal).toBe('channel-unknown');
    expect(remove(room, 'night').refusal).toBeUndefined();
    expect(remove(room, 'night').refusal).toBe('channel-unknown');
  });

  test('is not the last one of a room', () => {
    const room = new TestRoom({ channels: [] });
    room.enter('Olga', { role: 'op' });
    create(room, { id: 'first' });
    expect(remove(room, 'first').refusal).toBe('channel-fixed');
    create(room, { id: 'second' });
    expect(remove(room, 'first').refusal).toBeUndefined();
    expect(remove(room, 'second').refusal).toBe('channel-fixed');
  });
});

test('settings that are read again keep the channels that were made, and win where they have the same', () => {
  const room = stage();
  create(room, { id: 'night' });
  create(room, { id: 'attic' });
  const { title, policy } = room.view;
  room.room.reconfigure({ title, policy, channels: [VIP_CHANNEL, { ...CHANNEL, id: 'Attic', name: 'Configured' }] });
  expect(idsOf(room)).toEqual(['vips', 'Attic', 'night']);
  expect(remove(room, 'Attic').refusal).toBe('channel-fixed');
});

test('an announcement is a notice to all, those who are shut out of everything else, too', () => {
  const room = stage();
  room.relate('Bob', 'block', 'Vera');
  const heard = room.do('Olga', { type: 'announce', text: '  The kettle is hot.  ' });
  expect(heard.who('notice')).toEqual(['Bob', 'Olga', 'Vera']);
  expect(heard.event('notice').text).toBe('The kettle is hot.');
  expect(room.do('Olga', { type: 'announce', text: ' \n ' }).refusal).toBe('message-empty');
  expect(room.do('Bob', { type: 'announce', text: 'Me!' }).refusal).toBe('not-permitted');
  expect(room.administer({ type: 'announce', text: 'From outside' }).who('notice')).toHaveLength(3);
});
