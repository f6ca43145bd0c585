import { describe, expect, test } from 'vitest';
import type { RoomGuards } from './guards.ts';
import { fromWebsite, type Heard, RANGES, START, TestRoom } from './testing.ts';

const HOUR = 3_600_000;
const LINK = 'https://spam.example/buy';
const IMAGE = {
  kind: 'image',
  attachment: { id: 'i', mediaType: 'image/png', width: 1, height: 1, byteLength: 1 },
  fileName: 'i.png',
} as const;

function stage(guards: Partial<RoomGuards> = {}): TestRoom {
  const room = new TestRoom({ guards, ranges: RANGES });
  room.enterAll('Alice', 'Bob', 'Carol', 'Dave');
  room.enter('Olga', { role: 'op' });
  return room;
}

const write = (room: TestRoom, from: string, to: string, text = 'hello') => room.say(from, text, { member: to });
const show = (room: TestRoom, from: string, to: string) =>
  room.do(from, { type: 'post-message', target: { kind: 'member', name: to }, body: IMAGE });

describe('link spam', () => {
  const guards = { linkSpam: { maxThreads: 2, timeLimitMs: HOUR, banHours: 3 } };

  function offend(room: TestRoom, name = 'Alice'): Heard {
    for (const other of ['Bob', 'Carol']) expect(write(room, name, other, `see ${LINK}`).refusal).toBeUndefined();
    return write(room, name, 'Dave', `see ${LINK}`);
  }

  test('is a kick the first time, reported, and delivered to nobody', () => {
    const room = stage(guards);
    const heard = offend(room);
    expect(heard.refusal).toBe('link-spam');
    expect(heard.who('message-posted')).toEqual([]);
    expect(heard.who('message-undelivered')).toEqual([]);
    expect(heard.records).toEqual([]);
    expect(heard.outcome.disconnects).toMatchObject([{ disconnect: { code: 'kicked' } }]);
    expect(heard.event('member-left').how).toBe('kicked');
    expect(heard.who('member-left')).toContain('Olga');
    expect(heard.outcome.reports).toMatchObject([
      {
        from: 'ChatServer',
        about: 'Alice',
        channel: '@Dave',
        at: START,
        reason: 'Spam Detected',
        text: `see ${LINK}`,
      },
    ]);
    expect(room.tryEnter('Alice').kind).toBe('entered');
  });

  test('is a ban the next time, for as long as configured', () => {
    const room = stage(guards);
    offend(room);
    room.enter('Alice', { address: '198.51.100.7' });
    const heard = write(room, 'Alice', 'Bob', `still ${LINK}`);
    expect(heard.refusal).toBe('link-spam');
    expect(heard.outcome.disconnects).toMatchObject([{ disconnect: { code: 'banned' } }]);
    expect(heard.event('member-left').how).toBe('banned');
    expect(heard.outcome.records).toMatchObject([
      {
        type: 'sanction-imposed',
        sanction: { name: 'Alice', addresses: '198.51.100.7/32', by: 'ChatServer', expiresAt: START + 3 * HOUR },
      },
    ]);
    expect(heard.outcome.reports).toHaveLength(1);
    expect(room.tryEnter('Alice')).toMatchObject({ kind: 'refused', refusal: { code: 'banned' } });
  });

  test('of somebody whom the website sent revokes their tokens, and knows them by more than their name', () => {
    const room = stage(guards);
    room.enter('Eve', fromWebsite('Eve'));
    expect(offend(room, 'Eve').records).toEqual(['tokens-revoked']);
    room.enter('Eve', fromWebsite('Eve'));
    room.administer({ type: 'amend', name: 'Eve', identity: { ...room.member('Eve').identity, name: 'Eva' } });
    expect(write(room, 'Eva', 'Bob', LINK).outcome.disconnects).toMatchObject([{ disconnect: { code: 'banned' } }]);
  });

  test('W2: the same address twice in one message is one, and the next message goes through', () => {
    const room = stage({ linkSpam: { ...guards.linkSpam, maxThreads: 1 } });
    const heard = write(room, 'Alice', 'Bob', `[${LINK}](${LINK}) ${LINK}`);
    expect(heard.refusal).toBeUndefined();
    expect(heard.who('message-posted')).toEqual(['Alice', 'Bob']);
    expect(write(room, 'Carol', 'Dave', LINK).refusal).toBeUndefined();
    expect(write(room, 'Alice', 'Bob', LINK).refusal).toBeUndefined();
  });

  test('is not what operators send, nor what is said to all, nor where nothing was set up', () => {
    const room = stage(guards);
    for (const other of ['Alice', 'Bob', 'Carol', 'Dave']) {
      expect(write(room, 'Olga', other, LINK).refusal).toBeUndefined();
      expect(room.say('Alice', LINK).refusal).toBeUndefined();
    }
    const lenient = stage();
    for (const other of ['Bob', 'Carol', 'Dave', 'Olga']) {
      expect(write(lenient, 'Alice', other, LINK).refusal).toBeUndefined();
    }
  });

  test('is forgotten after the time set for it', () => {
    const room = stage(guards);
    write(room, 'Alice', 'Bob', LINK);
    write(room, 'Alice', 'Carol', LINK);
    room.now += HOUR + 1;
    expect(write(room, 'Alice', 'Dave', LINK).refusal).toBeUndefined();
  });
});

describe('W15: do not disturb', () => {
  function withBusyBob(): TestRoom {
    const room = stage();
    room.do('Bob', { type: 'set-presence', dnd: true });
    return room;
  }

  test('is told to whoever writes unasked, who keeps a copy; nothing is stored', () => {
    const room = withBusyBob();
    const heard = write(room, 'Alice', 'bob');
    expect(heard.outcome.reply).toEqual({ refused: { code: 'do-not-disturb', subject: 'Bob' } });
    expect(heard.who('message-undelivered')).toEqual(['Alice']);
    expect(heard.who('message-posted')).toEqual([]);
    expect(heard.records).toEqual([]);
    expect(show(room, 'Alice', 'Bob').refusal).toBe('do-not-disturb');
  });

  test('lets answers through, however long after', () => {
    const room = withBusyBob();
    write(room, 'Bob', 'Alice');
    room.now += 24 * HOUR;
    expect(write(room, 'Alice', 'Bob').who('message-posted')).toEqual(['Alice', 'Bob']);
    expect(write(room, 'Carol', 'Bob').refusal).toBe('do-not-disturb');
  });

  test('a refused message is no permission to answer, and does not let its author through later', () => {
    const room = withBusyBob();
    room.do('Alice', { type: 'set-presence', dnd: true });
    expect(write(room, 'Alice', 'Bob').refusal).toBe('do-not-disturb');
    expect(write(room, 'Bob', 'Alice').refusal).toBe('do-not-disturb');
    expect(write(room, 'Alice', 'Bob').refusal).toBe('do-not-disturb');
  });

  test('lets operators through, and oneself', () => {
    const room = withBusyBob();
    expect(write(room, 'Olga', 'Bob').who('message-posted')).toEqual(['Bob', 'Olga']);
    expect(write(room, 'Bob', 'Bob').refusal).toBeUndefined();
  });

  test.each(['mute', 'block'] as const)('is not told over a %s, which must not show', (kind) => {
    const room = withBusyBob();
    room.relate('Bob', kind, 'Alice');
    const heard = write(room, 'Alice', 'Bob');
    expect(heard.refusal).toBeUndefined();
    expect(heard.who('message-posted')).toEqual(['Alice']);
    expect(heard.message.shadow).toBe(true);
  });
});

describe('W15: images sent directly', () => {
  test('go to operators and come from them, and to nobody else, where that is set', () => {
    const room = stage({ directPhotos: false });
    const heard = show(room, 'Alice', 'Bob');
    expect(heard.refusal).toBe('direct-photos-not-permitted');
    expect(heard.who('message-posted')).toEqual([]);
    expect(heard.records).toEqual([]);
    expect(show(room, 'Alice', 'Olga').refusal).toBeUndefined();
    expect(show(room, 'Olga', 'Alice').refusal).toBeUndefined();
    expect(show(room, 'Alice', 'Alice').refusal).toBeUndefined();
    expect(write(room, 'Alice', 'Bob').refusal).toBeUndefined();
  });

  test('are not refused to who is shunned: that must not show', () => {
    const room = stage({ directPhotos: false });
    room.relate('Bob', 'mute', 'Alice');
    expect(show(room, 'Alice', 'Bob').who('message-posted')).toEqual(['Alice']);
  });

  test('W1: to somebody who is not there are refused with a copy', () => {
    const heard = show(stage(), 'Alice', 'Nobody');
    expect(heard.refusal).toBe('member-absent');
    expect(heard.who('message-undelivered')).toEqual(['Alice']);
  });

  test('are not sent by who may send none', () => {
    const room = stage();
    room.enter('Norm', { rules: ['no-image'] });
    expect(show(room, 'Norm', 'Olga').refusal).toBe('rule-no-image');
  });
});

describe('where direct messages are not kept', () => {
  const guards = { keepDirect: false };

  test('they are delivered, reacted to and taken back, and nothing is stored', () => {
    const room = stage(guards);
    const heard = write(room, 'Alice', 'Bob');
    expect(heard.who('message-posted')).toEqual(['Alice', 'Bob']);
    expect(heard.records).toEqual([]);
    const messageId = heard.message.id;
    const reacted = room.do('Bob', { type: 'react', messageId, emoji: '👍', change: 'add' });
    expect(reacted.who('reaction-changed')).toEqual(['Alice', 'Bob']);
    expect(reacted.records).toEqual([]);
    const retracted = room.do('Alice', { type: 'retract-message', messageId });
    expect(retracted.who('message-retracted')).toEqual(['Alice', 'Bob']);
    expect(retracted.records).toEqual([]);
  });

  test('those of a channel are', () => {
    const room = stage(guards);
    const messageId = room.say('Alice', 'hello').message.id;
    expect(room.do('Bob', { type: 'react', messageId, emoji: '👍', change: 'add' }).records).toEqual([
      'reaction-changed',
    ]);
    expect(room.do('Alice', { type: 'retract-message', messageId }).records).toEqual(['message-retracted']);
  });

  test('what was stored before can still be taken back from storage', () => {
    const before = stage();
    const stored = write(before, 'Alice', 'Bob').message;
    const room = stage(guards);
    const heard = room.do('Alice', { type: 'retract-message', messageId: stored.id, message: stored });
    expect(heard.records).toEqual(['message-retracted']);
  });
});
