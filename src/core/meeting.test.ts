import { describe, expect, test } from 'vitest';
import { MAX_SHARED_DATA } from './json.ts';
import { CHANNEL, TestRoom, type TestRoomOptions } from './testing.ts';

function stage(options: TestRoomOptions = {}): TestRoom {
  const room = new TestRoom(options);
  room.enter('Olga', { role: 'op' });
  room.enterAll('Ann', 'Bob');
  return room;
}

const codeOf = (room: TestRoom, name: string, role: 'guest' | 'op' = 'guest') => {
  const entry = room.tryEnter(name, { role });
  return entry.kind === 'refused' ? entry.refusal : undefined;
};

describe('a lock', () => {
  test('keeps all but operators out, and says what was said', () => {
    const room = stage();
    const heard = room.do('Olga', { type: 'set-lock', on: true, message: ' Back  at eight ' });
    expect(heard.event('room-changed')).toEqual({ type: 'room-changed', what: 'lock', locked: true, by: 'Olga' });
    expect(heard.who('room-changed')).toEqual(['Ann', 'Bob', 'Olga']);
    expect(room.view.lock).toBe('Back at eight');
    expect(codeOf(room, 'Carl')).toEqual({ code: 'room-locked', detail: 'Back at eight' });
    expect(codeOf(room, 'Oscar', 'op')).toBeUndefined();
    expect(room.do('Olga', { type: 'set-lock', on: true, message: 'Back at eight' }).outcome.deliveries).toEqual([]);
    room.do('Oscar', { type: 'set-lock', on: false });
    expect(codeOf(room, 'Carl')).toBeUndefined();
  });

  test('is for operators', () => {
    expect(stage().do('Ann', { type: 'set-lock', on: true }).refusal).toBe('not-permitted');
  });

  test('is there by itself where no operator is', () => {
    const room = new TestRoom({ terms: { autolock: true } });
    expect(codeOf(room, 'Ann')?.code).toBe('room-locked');
    room.enter('Olga', { role: 'op' });
    room.do('Olga', { type: 'set-lock', on: false });
    room.enter('Ann');
    expect(room.depart('Olga').event('room-changed')).toMatchObject({ what: 'lock', locked: true });
    expect(codeOf(room, 'Bob')?.code).toBe('room-locked');
    expect(room.view.size).toBe(1);
  });
});

describe('the door', () => {
  test.each([
    ['room-early', { notBefore: 1e13 }],
    ['room-over', { expires: 1 }],
    ['room-unattended', { autokick: true }],
  ])('%s', (code, terms) => {
    const room = new TestRoom({ terms });
    expect(codeOf(room, 'Ann')?.code).toBe(code);
    expect(codeOf(room, 'Olga', 'op')).toBeUndefined();
  });

  test('a full room has a place for operators', () => {
    const room = new TestRoom({ policy: { maxMembers: 1 } });
    room.enter('Ann');
    expect(codeOf(room, 'Bob')?.code).toBe('room-full');
    expect(codeOf(room, 'Olga', 'op')).toBeUndefined();
  });

  test('an id that somebody has is not had twice', () => {
    const room = new TestRoom();
    room.enter('Ann', { handle: 'h1' });
    const entry = room.tryEnter('Bob', { handle: 'h1' });
    expect(entry.kind === 'refused' && entry.refusal.code).toBe('handle-taken');
    expect(room.view.memberCalled('h1')?.name).toBe('Ann');
    room.depart('Ann');
    expect(room.tryEnter('Bob', { handle: 'h1' }).kind).toBe('entered');
  });

  test('newcomers see nothing older than the terms say', () => {
    const room = new TestRoom({ terms: { historyAgeMs: 60_000 } });
    room.enter('Ann');
    room.say('Ann', 'old');
    room.now += 60_001;
    room.say('Ann', 'new');
    const { recent } = room.enter('Bob').event('room-entered');
    expect(recent.map(({ body }) => body.kind === 'text' && body.text)).toEqual(['new']);
  });
});

test('without its last operator, a group that is not to be without ends', () => {
  const room = stage({ terms: { autokick: true } });
  room.enter('Oscar', { role: 'op' });
  expect(room.depart('Olga').outcome.disconnects).toEqual([]);
  const heard = room.do('Oscar', { type: 'grant', name: 'Oscar', permission: 'op', on: false });
  expect(heard.outcome.disconnects.map(({ disconnect }) => disconnect.code)).toEqual(Array(3).fill('unattended'));
  expect(room.view.size).toBe(0);
});

describe('data', () => {
  test('of one’s own is merged, told to all, and gone with null', () => {
    const room = stage();
    const heard = room.do('Ann', { type: 'set-own-data', changes: { raisehand: true, a: 1 } });
    expect(heard.who('member-changed')).toEqual(['Bob', 'Olga']);
    expect(heard.who('self-changed')).toEqual(['Ann']);
    room.do('Ann', { type: 'set-own-data', changes: { raisehand: null } });
    expect(room.member('Ann').data).toEqual({ a: 1 });
  });

  test('of the room is an operator’s', () => {
    const room = stage();
    expect(room.do('Ann', { type: 'set-room-data', changes: { topic: 'tea' } }).refusal).toBe('not-permitted');
    expect(room.do('Olga', { type: 'set-room-data', changes: { topic: 'tea' } }).who('room-changed')).toHaveLength(3);
    expect(room.view.data).toEqual({ topic: 'tea' });
  });

  test('is bounded, and no key is more than a key', () => {
    const room = stage();
    const changes = { long: 'x'.repeat(MAX_SHARED_DATA) };
    expect(room.do('Ann', { type: 'set-own-data', changes }).refusal).toBe('data-invalid');
    expect(room.do('Olga', { type: 'set-room-data', changes }).refusal).toBe('data-invalid');
    room.do('Ann', { type: 'set-own-data', changes: JSON.parse('{"__proto__":{"x":1},"constructor":2}') });
    expect(Object.keys(room.member('Ann').data)).toEqual(['constructor']);
    expect(({} as { x?: number }).x).toBeUndefined();
  });
});

describe('a right', () => {
  test('is given and taken for as long as they are here', () => {
    const room = stage();
    const heard = room.do('Olga', { type: 'grant', name: 'Ann', permission: 'message', on: false });
    expect(heard.records).toEqual([]);
    expect(room.say('Ann', 'hello').refusal).toBe('not-permitted');
    room.do('Olga', { type: 'grant', name: 'Ann', permission: 'message', on: true });
    expect(room.say('Ann', 'hello').refusal).toBeUndefined();
    expect(room.do('Olga', { type: 'grant', name: 'Zed', permission: 'op', on: true }).refusal).toBe('member-absent');
  });

  test('of an operator brings recording where that is allowed, and leaves nothing behind', () => {
    const room = stage({ terms: { recording: true } });
    room.do('Olga', { type: 'grant', name: 'Ann', permission: 'op', on: true });
    room.do('Olga', { type: 'grant', name: 'Ann', permission: 'token', on: true });
    expect([...room.member('Ann').permissions].sort()).toEqual(['message', 'op', 'present', 'record', 'token']);
    room.do('Olga', { type: 'grant', name: 'Ann', permission: 'op', on: false });
    expect([...room.member('Ann').permissions].sort()).toEqual(['message', 'present']);
  });
});

describe('clearing', () => {
  const said = (room: TestRoom) => room.enter(`guest ${room.view.size}`).event('room-entered').recent.length;

  test('takes back all that was said in the channels, and nothing that was said directly', () => {
    const room = stage();
    const messages = [room.say('Ann', 'one').message, room.say('Bob', 'two').message];
    const { id } = room.say('Ann', 'psst', { member: 'Bob' }).message;
    const heard = room.do('Olga', { type: 'clear-messages' });
    expect(heard.event('messages-cleared')).toMatchObject({
      by: 'Olga',
      messages: messages.map((m) => ({ id: m.id })),
    });
    expect(heard.records).toEqual(['message-retracted', 'message-retracted']);
    expect(said(room)).toBe(0);
    expect(room.room.remembered(id)).toBeDefined();
  });

  test('of one author leaves the others’, also when that author has gone', () => {
    const room = stage();
    room.enter('Carl', { handle: 'c1' });
    room.say('Carl', 'one');
    const mine = room.say('Ann', 'two').message;
    room.depart('Carl');
    const heard = room.do('Olga', { type: 'clear-messages', by: 'c1' });
    expect(heard.event('messages-cleared')).toMatchObject({ author: 'c1' });
    expect(room.room.remembered(mine.id)).toBeDefined();
    expect(said(room)).toBe(1);
  });

  test('is for operators', () => {
    expect(stage().do('Ann', { type: 'clear-messages' }).refusal).toBe('not-permitted');
  });

  test('one message goes by the id that its author gave it', () => {
    const room = stage();
    room.enter('Carl', { handle: 'c1' });
    const target = { kind: 'channel', channel: CHANNEL.id } as const;
    const body = { kind: 'text', text: 'hello' } as const;
    const { id } = room.do('Carl', { type: 'post-message', target, body, clientId: 'g:7' }).message;
    const retract = { type: 'retract-message', messageId: 0, posted: { by: 'c1', clientId: 'g:7' } } as const;
    expect(room.do('Ann', retract).refusal).toBe('not-yours');
    expect(room.do('Olga', retract).event('message-retracted')).toMatchObject({ messageId: id, clientId: 'g:7' });
  });
});

describe('what is not kept', () => {
  test('captions are for who may, and reach all who hear them', () => {
    const room = stage();
    expect(room.do('Ann', { type: 'caption', text: 'and then' }).refusal).toBe('not-permitted');
    const heard = room.do('Olga', { type: 'caption', text: 'and then' });
    expect(heard.who('captioned')).toEqual(['Ann', 'Bob', 'Olga']);
    expect(heard.records).toEqual([]);
    expect(room.enter('Carl').event('room-entered').recent).toEqual([]);
  });

  test('notes go to one or all, with an echo where it is wanted', () => {
    const room = stage();
    const note = { type: 'pass-note', kind: 'mute', payload: 'null', echo: false } as const;
    expect(room.do('Olga', note).who('note-passed')).toEqual(['Ann', 'Bob']);
    expect(room.do('Olga', note).event('note-passed').privileged).toBe(true);
    expect(room.do('Ann', { ...note, echo: true }).who('note-passed')).toEqual(['Ann', 'Bob', 'Olga']);
    expect(room.do('Ann', { ...note, to: 'Bob' }).who('note-passed')).toEqual(['Bob']);
    expect(room.do('Ann', { ...note, to: 'Zed' }).refusal).toBe('member-absent');
    const long = { ...note, payload: 'x'.repeat(20_000) };
    expect(room.do('Ann', { ...long, to: 'Bob' }).who('note-passed')).toEqual(['Bob']);
    expect(room.do('Ann', long).refusal).toBe('message-too-long');
    expect(room.do('Ann', { ...note, to: 'Bob', payload: 'x'.repeat(70_000) }).refusal).toBe('message-too-long');
  });

  test('notes do not reach who has muted their sender, unless an operator sends them', () => {
    const room = stage();
    const note = { type: 'pass-note', kind: 'x', payload: 'null', echo: false } as const;
    room.relate('Bob', 'mute', 'Ann');
    expect(room.do('Ann', note).who('note-passed')).toEqual(['Olga']);
    expect(room.do('Ann', { ...note, to: 'Bob' }).outcome).toMatchObject({ deliveries: [], reply: { accepted: {} } });
    room.relate('Bob', 'mute', 'Olga');
    expect(room.do('Olga', note).who('note-passed')).toEqual(['Ann', 'Bob']);
    room.relate('Bob', 'block', 'Ann');
    expect(room.do('Ann', { ...note, to: 'Bob' }).refusal).toBe('member-absent');
  });
});

test('an operator learns from where somebody comes, who is told', () => {
  const room = stage();
  room.enter('Carl', { address: '192.0.2.7', handle: 'c1' });
  const heard = room.do('Olga', { type: 'identify', name: 'Carl' });
  expect(heard.outcome.reply).toEqual({
    accepted: { kind: 'identity', handle: 'c1', name: 'Carl', address: '192.0.2.7' },
  });
  expect(heard.by('Carl')).toEqual([{ type: 'identified', by: 'Olga' }]);
  expect(room.do('Ann', { type: 'identify', name: 'Carl' }).refusal).toBe('not-permitted');
});
