import { describe, expect, test } from 'vitest';
import { MAX_EMOJI_LENGTH, MAX_REACTIONS, MAX_REACTORS, MAX_TEXT_LENGTH, type Message } from './message.ts';
import { CHANNEL, type Heard, TestRoom, VIP_CHANNEL } from './testing.ts';

function stage(): TestRoom {
  const room = new TestRoom();
  room.enterAll('Alice', 'Bob', 'Carol');
  room.enter('Olga', { role: 'op' });
  return room;
}

const LOBBY = { kind: 'channel', channel: CHANNEL.id } as const;
const IMAGE = {
  kind: 'image',
  attachment: { id: 'i', mediaType: 'image/png', width: 1, height: 1, byteLength: 1 },
  fileName: 'i.png',
} as const;

describe('a message in a channel', () => {
  test('is stored, and reaches everybody, its author among them', () => {
    const room = stage();
    const heard = room.say('Alice', 'hello');
    expect(heard.records).toEqual(['message-posted']);
    expect(heard.who('message-posted')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
    expect(heard.outcome.reply).toEqual({
      accepted: { kind: 'message', messageId: heard.message.id, at: heard.message.at },
    });
  });

  test('does not reach those who muted its author, nor either side of a block; the muted one hears all', () => {
    const room = stage();
    room.relate('Bob', 'mute', 'Alice');
    room.relate('Alice', 'block', 'Carol');
    expect(room.say('Alice', 'hello').who('message-posted')).toEqual(['Alice', 'Olga']);
    expect(room.say('Carol', 'hello').who('message-posted')).toEqual(['Bob', 'Carol', 'Olga']);
    expect(room.say('Bob', 'hello').who('message-posted')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
  });

  test('of VIPs reaches VIPs and operators, and is refused of others', () => {
    const room = stage();
    room.enter('Vera', { role: 'vip' });
    expect(room.say('Vera', 'us', { channel: VIP_CHANNEL.id }).who('message-posted')).toEqual(['Olga', 'Vera']);
    expect(room.say('Alice', 'me too', { channel: VIP_CHANNEL.id }).refusal).toBe('not-permitted');
  });

  test.each([
    ['', 'message-empty'],
    [' \n\t ', 'message-empty'],
    ['x'.repeat(MAX_TEXT_LENGTH + 1), 'message-too-long'],
  ])('is refused where it is empty or too long', (text, code) => {
    const room = stage();
    const heard = room.say('Alice', text);
    expect(heard.refusal).toBe(code);
    expect(heard.outcome.deliveries).toEqual([]);
    expect(heard.records).toEqual([]);
  });

  test('may be as long as it may be', () => {
    expect(stage().say('Alice', 'x'.repeat(MAX_TEXT_LENGTH)).refusal).toBeUndefined();
  });

  test('is refused where there is no such channel, or no permission to speak', () => {
    const room = stage();
    room.enter('Mute', { permissions: ['present'] });
    expect(room.say('Alice', 'hello', { channel: 'nowhere' }).refusal).toBe('channel-unknown');
    expect(room.say('Mute', 'hello').refusal).toBe('not-permitted');
  });

  test('is a picture only where channel and rules permit', () => {
    const room = new TestRoom({ channels: [CHANNEL, { ...CHANNEL, id: 'words', photos: false }] });
    room.enter('Alice');
    room.enter('Norm', { rules: ['no-image'] });
    const show = (name: string, channel: string) =>
      room.do(name, { type: 'post-message', target: { kind: 'channel', channel }, body: IMAGE });
    expect(show('Alice', 'lobby').refusal).toBeUndefined();
    expect(show('Alice', 'words').refusal).toBe('photos-not-permitted');
    expect(show('Norm', 'lobby').refusal).toBe('rule-no-image');
  });
});

describe('the same message twice, by its client id', () => {
  const post = (room: TestRoom, name: string, clientId: string): Heard =>
    room.do(name, { type: 'post-message', target: LOBBY, body: { kind: 'text', text: 'once' }, clientId });

  test('is posted once, and answered twice alike', () => {
    const room = stage();
    const first = post(room, 'Alice', 'c1');
    room.now += 60_000;
    const second = post(room, 'Alice', 'c1');
    expect(second.outcome.deliveries).toEqual([]);
    expect(second.records).toEqual([]);
    expect(second.outcome.reply).toEqual(first.outcome.reply);
  });

  test('is another one of another author, or under another id', () => {
    const room = stage();
    post(room, 'Alice', 'c1');
    expect(post(room, 'Bob', 'c1').records).toEqual(['message-posted']);
    expect(post(room, 'Alice', 'c2').records).toEqual(['message-posted']);
  });

  test('is known of a room that was opened anew, and by what storage says', () => {
    const room = stage();
    const { message } = post(room, 'Alice', 'c1');
    const anew = new TestRoom({ recent: [message] });
    anew.enter('Alice');
    expect(post(anew, 'Alice', 'c1').records).toEqual([]);

    const heard = new TestRoom();
    heard.enter('Alice');
    const told = heard.do('Alice', {
      type: 'post-message',
      target: LOBBY,
      body: { kind: 'text', text: 'once' },
      clientId: 'c1',
      posted: message,
    });
    expect(told.outcome.reply).toMatchObject({ accepted: { messageId: message.id } });
    expect(told.records).toEqual([]);
  });

  test.each([
    ['its author', 'Alice'],
    ['an operator', 'Olga'],
  ])('is not posted again after %s took it back', (_who, by) => {
    const room = stage();
    const post = (text: string) =>
      room.do('Alice', {
        type: 'post-message',
        target: LOBBY,
        body: { kind: 'text', text },
        clientId: 'c1',
      });
    const { id } = post('hello').message;
    room.do(by, { type: 'retract-message', messageId: id });
    const again = post('hello');
    expect(again.outcome).toMatchObject({
      deliveries: [],
      records: [],
      reply: { accepted: { kind: 'message', messageId: id } },
    });
  });

  test('is not posted again directly, after direct messages were erased', () => {
    const room = stage();
    const post = () =>
      room.do('Alice', {
        type: 'post-message',
        target: { kind: 'member', name: 'Bob' },
        body: { kind: 'text', text: 'hello' },
        clientId: 'c1',
      });
    const { id, author } = post().message;
    room.room.forgetDirect({ identityId: author.identityId, name: 'alice' });
    expect(room.room.remembered(id)).toBeUndefined();
    expect(post().who('message-posted')).toEqual([]);
  });

  test('is posted after all where the first could not be stored', () => {
    const room = stage();
    room.room.forget(post(room, 'Alice', 'c1').message);
    expect(post(room, 'Alice', 'c1').records).toEqual(['message-posted']);
  });
});

describe('a direct message', () => {
  test('reaches its two sides', () => {
    const room = stage();
    const heard = room.say('Alice', 'psst', { member: 'bOB' });
    expect(heard.who('message-posted')).toEqual(['Alice', 'Bob']);
    expect(heard.message).toMatchObject({
      target: { kind: 'member', name: 'Bob' },
      author: { name: 'Alice' },
      recipient: { name: 'Bob' },
    });
    expect(heard.message.shadow).toBeUndefined();
  });

  test('to oneself reaches oneself', () => {
    expect(stage().say('Alice', 'note', { member: 'Alice' }).who('message-posted')).toEqual(['Alice']);
  });

  test.each([
    ['who muted its author', (room: TestRoom) => room.relate('Bob', 'mute', 'Alice')],
    ['who blocked its author', (room: TestRoom) => room.relate('Bob', 'block', 'Alice')],
    ['whom its author blocked', (room: TestRoom) => room.relate('Alice', 'block', 'Bob')],
  ])('to somebody %s is a shadow: its author cannot tell', (_, prepare) => {
    const plain = stage();
    const shunned = stage();
    prepare(shunned);
    const expected = plain.say('Alice', 'psst', { member: 'Bob' });
    const heard = shunned.say('Alice', 'psst', { member: 'Bob' });
    expect(heard.who('message-posted')).toEqual(['Alice']);
    expect(heard.message.shadow).toBe(true);
    expect(heard.records).toEqual(['message-posted']);
    expect(Object.keys(heard.outcome.reply)).toEqual(Object.keys(expected.outcome.reply));
  });

  test('of an operator gets through a mute, not through a block', () => {
    const room = new TestRoom({ policy: { blockableOperators: true } });
    room.enterAll('Bob');
    room.enter('Olga', { role: 'op' });
    room.relate('Bob', 'mute', 'Olga');
    expect(room.say('Olga', 'hello', { member: 'Bob' }).who('message-posted')).toEqual(['Bob', 'Olga']);
    room.relate('Bob', 'block', 'Olga');
    expect(room.say('Olga', 'hello', { member: 'Bob' }).who('message-posted')).toEqual(['Olga']);
  });

  test('to somebody whom its author muted is refused, but for operators; its author gets a copy, nothing is stored', () => {
    const room = stage();
    room.relate('Alice', 'mute', 'Bob');
    room.relate('Olga', 'mute', 'Bob');
    const heard = room.say('Alice', 'psst', { member: 'Bob' });
    expect(heard.refusal).toBe('you-muted-them');
    expect(heard.who('message-undelivered')).toEqual(['Alice']);
    expect(heard.records).toEqual([]);
    expect(room.say('Olga', 'psst', { member: 'Bob' }).who('message-posted')).toEqual(['Bob', 'Olga']);
  });

  test('to nobody is refused with a copy', () => {
    const heard = stage().say('Alice', 'psst', { member: 'Nobody' });
    expect(heard.refusal).toBe('member-absent');
    expect(heard.who('message-undelivered')).toEqual(['Alice']);
    expect(heard.records).toEqual([]);
  });

  test('to a hidden operator is as one to nobody, to the letter', () => {
    const room = stage();
    room.do('Olga', { type: 'set-presence', status: 'hidden' });
    const strip = (heard: Heard) => JSON.stringify(heard.outcome).replaceAll(/"id":\d+/g, '"id":0');
    const hidden = strip(room.say('Alice', 'psst', { member: 'oLGA' }));
    room.depart('Olga');
    expect(hidden).toBe(strip(room.say('Alice', 'psst', { member: 'oLGA' })));
    expect(hidden).toContain('member-absent');
  });
});

describe('taking a message back', () => {
  const retract = (room: TestRoom, name: string, messageId: number) =>
    room.do(name, { type: 'retract-message', messageId });

  test('is for its author and for operators', () => {
    const room = stage();
    const { id } = room.say('Alice', 'oops').message;
    expect(retract(room, 'Bob', id).refusal).toBe('not-yours');
    const heard = retract(room, 'Alice', id);
    expect(heard.who('message-retracted')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
    expect(heard.records).toEqual(['message-retracted']);
    expect(retract(room, 'Alice', id).refusal).toBe('message-unknown');
    expect(retract(room, 'Olga', room.say('Alice', 'rude').message.id).refusal).toBeUndefined();
  });

  test('of what one cannot read seems not to be there', () => {
    const room = stage();
    const direct = room.say('Alice', 'psst', { member: 'Bob' }).message.id;
    room.relate('Alice', 'block', 'Carol');
    const open = room.say('Alice', 'without Carol').message.id;
    for (const id of [direct, open, 999_999]) expect(retract(room, 'Carol', id).refusal).toBe('message-unknown');
    expect(retract(room, 'Bob', direct).refusal).toBe('not-yours');
  });

  test('of a direct message is told to its two sides, of a shadow to its author, of VIPs to VIPs', () => {
    const room = stage();
    room.enter('Vera', { role: 'vip' });
    const direct = room.say('Alice', 'psst', { member: 'Bob' }).message.id;
    expect(retract(room, 'Alice', direct).who('message-retracted')).toEqual(['Alice', 'Bob']);
    room.relate('Bob', 'mute', 'Alice');
    const shadow = room.say('Alice', 'psst', { member: 'Bob' }).message.id;
    expect(retract(room, 'Alice', shadow).who('message-retracted')).toEqual(['Alice']);
    const vip = room.say('Vera', 'us', { channel: VIP_CHANNEL.id }).message.id;
    expect(retract(room, 'Vera', vip).who('message-retracted')).toEqual(['Olga', 'Vera']);
  });

  test('works by what storage knows, and newcomers are not shown it', () => {
    const room = stage();
    const { message } = room.say('Alice', 'oops');
    retract(room, 'Alice', message.id);
    expect(room.enter('Dora').event('room-entered').recent).toEqual([]);
    const old = { ...message, id: 5 };
    expect(room.do('Alice', { type: 'retract-message', messageId: 5, message: old }).records).toEqual([
      'message-retracted',
    ]);
  });
});

describe('a reaction', () => {
  const react = (
    room: TestRoom,
    name: string,
    messageId: number,
    change: 'add' | 'remove' | 'toggle' = 'toggle',
    emoji = '👍',
  ) => room.do(name, { type: 'react', messageId, emoji, change });

  test('is stored, told to all, kept for newcomers, and toggled', () => {
    const room = stage();
    const { id } = room.say('Alice', 'hello').message;
    const heard = react(room, 'Bob', id);
    expect(heard.event('reaction-changed')).toMatchObject({ added: true, by: { name: 'Bob' }, emoji: '👍' });
    expect(heard.who('reaction-changed')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
    expect(heard.records).toEqual(['reaction-changed']);
    expect(room.enter('Dora').event('room-entered').recent[0]?.reactions).toMatchObject([{ emoji: '👍' }]);
    expect(react(room, 'Bob', id).event('reaction-changed').added).toBe(false);
  });

  test('that is there already, or is not there to take away, is accepted and told to nobody', () => {
    const room = stage();
    const { id } = room.say('Alice', 'hello').message;
    expect(react(room, 'Bob', id, 'remove').outcome).toMatchObject({ deliveries: [], records: [] });
    react(room, 'Bob', id, 'add');
    const again = react(room, 'Bob', id, 'add');
    expect(again.outcome).toMatchObject({ deliveries: [], records: [] });
    expect(again.refusal).toBeUndefined();
  });

  test('reaches nobody who cannot read the message, or does not hear who reacted', () => {
    const room = stage();
    room.enter('Dora');
    room.relate('Alice', 'block', 'Carol');
    room.relate('Dora', 'mute', 'Bob');
    const { id } = room.say('Alice', 'hello').message;
    expect(react(room, 'Bob', id).who('reaction-changed')).toEqual(['Alice', 'Bob', 'Olga']);
    expect(react(room, 'Carol', id).refusal).toBe('message-unknown');
    const direct = room.say('Alice', 'psst', { member: 'Bob' }).message.id;
    expect(react(room, 'Bob', direct).who('reaction-changed')).toEqual(['Alice', 'Bob']);
    expect(react(room, 'Olga', direct).refusal).toBe('message-unknown');
  });

  test('is refused where it is nothing, too long, or one kind too many', () => {
    const room = stage();
    const { id } = room.say('Alice', 'hello').message;
    expect(react(room, 'Bob', id, 'add', ' ').refusal).toBe('message-empty');
    expect(react(room, 'Bob', id, 'add', 'x'.repeat(MAX_EMOJI_LENGTH + 1)).refusal).toBe('message-too-long');
    for (let index = 0; index < MAX_REACTIONS; index++) react(room, 'Bob', id, 'add', `r${index}`);
    expect(react(room, 'Bob', id, 'add', 'one more').refusal).toBe('too-fast');
    expect(react(room, 'Bob', id, 'remove', 'r0').refusal).toBeUndefined();
    expect(react(room, 'Bob', id, 'add', 'one more').refusal).toBeUndefined();
  });
});

describe('the people in all reactions of one message', () => {
  function crowded(reactors: number): TestRoom {
    const by = (count: number, from: number) =>
      Array.from({ length: count }, (_, index) => ({ identityId: `r${from + index}`, name: `R${from + index}` }));
    const message: Message = {
      id: 1,
      target: LOBBY,
      author: { identityId: 'a', name: 'Ada' },
      body: { kind: 'text', text: 'popular' },
      at: 0,
      reactions: [
        { emoji: '👍', by: by(reactors - 10, 0) },
        { emoji: '👎', by: by(10, 1_000) },
      ],
    };
    const room = new TestRoom({ recent: [message] });
    room.enterAll('Alice', 'Bob');
    room.enter('Known', { identityId: 'r1' });
    return room;
  }
  const like = (room: TestRoom, name: string, emoji = '👍', change: 'add' | 'remove' | 'toggle' = 'add') =>
    room.do(name, { type: 'react', messageId: 1, emoji, change });

  test(`are ${MAX_REACTORS} at most, whichever reaction they choose`, () => {
    const room = crowded(MAX_REACTORS - 1);
    expect(like(room, 'Alice').refusal).toBeUndefined();
    for (const [emoji, change] of [
      ['👍', 'add'],
      ['👍', 'toggle'],
      ['new', 'add'],
    ] as const) {
      const heard = like(room, 'Bob', emoji, change);
      expect(heard.refusal).toBe('too-fast');
      expect(heard.outcome.deliveries).toEqual([]);
      expect(heard.records).toEqual([]);
    }
  });

  test('may take theirs away, and make room', () => {
    const room = crowded(MAX_REACTORS);
    expect(like(room, 'Bob').refusal).toBe('too-fast');
    expect(like(room, 'Known').refusal).toBeUndefined();
    expect(like(room, 'Known', '👍', 'toggle').event('reaction-changed').added).toBe(false);
    expect(like(room, 'Bob').records).toEqual(['reaction-changed']);
  });
});

describe('typing', () => {
  const typing = (room: TestRoom, name: string, to: { readonly channel: string } | { readonly member: string }) =>
    room.do(name, {
      type: 'set-typing',
      target: 'channel' in to ? { kind: 'channel', channel: to.channel } : { kind: 'member', name: to.member },
      on: true,
    });

  test('is told to those who would read it, but not to the one who types', () => {
    const room = stage();
    room.enter('Vera', { role: 'vip' });
    room.relate('Bob', 'mute', 'Alice');
    expect(typing(room, 'Alice', { channel: 'lobby' }).who('typing-changed')).toEqual(['Carol', 'Olga', 'Vera']);
    expect(typing(room, 'Vera', { channel: VIP_CHANNEL.id }).who('typing-changed')).toEqual(['Olga']);
    expect(typing(room, 'Alice', { channel: VIP_CHANNEL.id }).refusal).toBe('not-permitted');
    expect(typing(room, 'Alice', { channel: 'nowhere' }).refusal).toBe('channel-unknown');
  });

  test('directly is told to the other side, unless a mute or block is between them', () => {
    const room = stage();
    expect(typing(room, 'Alice', { member: 'Bob' }).who('typing-changed')).toEqual(['Bob']);
    room.relate('Bob', 'mute', 'Alice');
    room.relate('Alice', 'block', 'Carol');
    for (const member of ['Bob', 'Carol', 'Alice', 'Nobody']) {
      const heard = typing(room, 'Alice', { member });
      expect(heard.outcome).toMatchObject({ deliveries: [], reply: { accepted: { kind: 'done' } } });
    }
  });

  test('of a hidden operator shows to nobody', () => {
    const room = stage();
    room.do('Olga', { type: 'set-presence', status: 'hidden' });
    expect(typing(room, 'Olga', { channel: 'lobby' }).outcome.deliveries).toEqual([]);
    expect(typing(room, 'Olga', { member: 'Bob' }).outcome.deliveries).toEqual([]);
  });
});

test('a nudge is relayed to all but those who do not hear its sender, and is cut', () => {
  const room = stage();
  room.relate('Carol', 'mute', 'Alice');
  const heard = room.do('Alice', { type: 'nudge', name: 'B'.repeat(1_000) });
  expect(heard.who('nudged')).toEqual(['Alice', 'Bob', 'Olga']);
  expect(heard.event('nudged').name).toHaveLength(128);
});

test('what is remembered is bounded, the latest kept', () => {
  const room = stage();
  const first = room.say('Alice', 'first').message;
  for (let index = 0; index < 600; index++) room.say('Alice', `${index}`);
  const last = room.say('Alice', 'last').message;
  expect(room.room.remembered(first.id)).toBeUndefined();
  expect(room.room.remembered(last.id)).toEqual(last);
});
