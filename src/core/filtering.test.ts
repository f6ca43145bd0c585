import { describe, expect, test } from 'vitest';
import type { MessageFilter } from './filter.ts';
import { withContext } from './filtering.ts';
import type { Message } from './message.ts';
import { CHANNEL, START, TestRoom, VIP_CHANNEL } from './testing.ts';

const FORBIDDEN = 'cabbage';

function filter(changes: Partial<MessageFilter> = {}): MessageFilter {
  return {
    channels: true,
    direct: true,
    patterns: [
      {
        censor: (text) =>
          text.includes(FORBIDDEN) ? text.replaceAll(FORBIDDEN, '*'.repeat(FORBIDDEN.length)) : undefined,
      },
    ],
    censor: false,
    forward: true,
    report: false,
    response: '',
    ...changes,
  };
}

function stage(changes: Partial<MessageFilter> = {}): TestRoom {
  const room = new TestRoom({ guards: { filters: [filter(changes)] } });
  room.enterAll('Alice', 'Bob', 'Carol');
  room.enter('Olga', { role: 'op' });
  return room;
}

const TEXT = `a ${FORBIDDEN} a day`;
const CENSORED = 'a ******* a day';
const textOf = (message: Message) => (message.body.kind === 'text' ? message.body.text : undefined);
const to = (member: string) => ({ member });

describe('a message with what a filter looks for', () => {
  test('goes to all as it was, where the filter only looks', () => {
    const heard = stage().say('Alice', TEXT);
    expect(heard.who('message-posted')).toEqual(['Alice', 'Bob', 'Carol', 'Olga']);
    expect(textOf(heard.message)).toBe(TEXT);
    expect(heard.records).toEqual(['message-posted']);
    expect(heard.outcome.reports).toEqual([]);
    expect(heard.who('notice')).toEqual([]);
  });

  test('goes to all censored, and is stored so', () => {
    const heard = stage({ censor: true }).say('Alice', TEXT);
    expect(textOf(heard.message)).toBe(CENSORED);
    expect(heard.outcome.records).toMatchObject([{ message: { body: { text: CENSORED } } }]);
  });

  test('its author is told what the operator wants them to read, and nobody else', () => {
    const heard = stage({ response: 'No vegetables.' }).say('Alice', TEXT);
    expect(heard.who('notice')).toEqual(['Alice']);
    expect(heard.event('notice').text).toBe('No vegetables.');
  });

  test.each([
    ['', undefined],
    ['No vegetables.', 'No vegetables.'],
  ])('that is not to be forwarded is seen by its author alone (%j)', (response, detail) => {
    const room = stage({ forward: false, censor: true, response });
    const heard = room.say('Alice', TEXT);
    expect(heard.outcome.reply).toEqual({ refused: { code: 'filtered', ...(detail ? { detail } : {}) } });
    expect(heard.who('message-undelivered')).toEqual(['Alice']);
    expect(textOf(heard.event('message-undelivered').message)).toBe(CENSORED);
    expect(heard.who('message-posted')).toEqual([]);
    expect(heard.who('notice')).toEqual([]);
    expect(heard.records).toEqual([]);
    expect(room.enter('Dave').event('room-entered').recent).toEqual([]);
  });

  test('directly is treated alike', () => {
    const room = stage({ censor: true, response: 'No vegetables.' });
    const heard = room.say('Alice', TEXT, to('Bob'));
    expect(textOf(heard.message)).toBe(CENSORED);
    expect(heard.who('message-posted')).toEqual(['Alice', 'Bob']);
    expect(heard.who('notice')).toEqual(['Alice']);
    const kept = stage({ forward: false }).say('Alice', TEXT, to('Bob'));
    expect(kept.refusal).toBe('filtered');
    expect(kept.who('message-undelivered')).toEqual(['Alice']);
    expect(kept.who('message-posted')).toEqual([]);
  });

  test('kept back directly is no permission to answer', () => {
    const room = stage({ forward: false });
    room.do('Alice', { type: 'set-presence', dnd: true });
    room.say('Alice', TEXT, to('Bob'));
    expect(room.say('Bob', 'hello?', to('Alice')).refusal).toBe('do-not-disturb');
  });

  test('without it goes as ever', () => {
    const heard = stage({ forward: false, report: true }).say('Alice', 'carrots');
    expect(heard.refusal).toBeUndefined();
    expect(heard.outcome.reports).toEqual([]);
  });
});

describe('a filter is waived', () => {
  test('directly, where either side is an operator; not in channels', () => {
    const room = stage({ forward: false, report: true });
    for (const [from, name] of [
      ['Olga', 'Alice'],
      ['Alice', 'Olga'],
    ] as const) {
      const heard = room.say(from, TEXT, to(name));
      expect(heard.refusal).toBeUndefined();
      expect(heard.outcome.reports).toEqual([]);
    }
    expect(room.say('Olga', TEXT).refusal).toBe('filtered');
  });

  test('W21: in channels, or directly, as its switches say', () => {
    const publicOnly = stage({ forward: false, direct: false });
    expect(publicOnly.say('Alice', TEXT).refusal).toBe('filtered');
    expect(publicOnly.say('Alice', TEXT, to('Bob')).refusal).toBeUndefined();
    const directOnly = stage({ forward: false, channels: false });
    expect(directOnly.say('Alice', TEXT).refusal).toBeUndefined();
    expect(directOnly.say('Alice', TEXT, to('Bob')).refusal).toBe('filtered');
  });

  test('for images', () => {
    const room = stage({ forward: false });
    const attachment = { id: 'i', mediaType: 'image/png', width: 1, height: 1, byteLength: 1 } as const;
    const body = { kind: 'image', attachment, fileName: FORBIDDEN } as const;
    const target = { kind: 'channel', channel: CHANNEL.id } as const;
    expect(room.do('Alice', { type: 'post-message', target, body }).refusal).toBeUndefined();
  });
});

describe('a report', () => {
  test('says what was said, by whom, where, uncensored, and what was said before', () => {
    const room = stage({ report: true, censor: true });
    room.say('Bob', 'what\nis good?');
    room.now += 1_000;
    room.say('Carol', 'elsewhere', to('Bob'));
    const heard = room.say('Alice', TEXT);
    expect(heard.outcome.reports).toEqual([
      {
        from: 'ChatServer',
        about: 'Alice',
        channel: CHANNEL.id,
        at: START + 1_000,
        reason: 'Server Side Message Filter',
        text: `${TEXT}\n\nSaid before:\n${new Date(START).toISOString()} [Bob] what is good?`,
        comment: '',
      },
    ]);
  });

  test('of a direct message says what the two said, both ways, and nothing else', () => {
    const room = stage({ report: true });
    room.say('Alice', 'one', to('Bob'));
    room.say('Bob', 'two', to('Alice'));
    room.say('Bob', 'to somebody else', to('Carol'));
    room.say('Bob', 'to all');
    const [report] = room.say('Alice', TEXT, to('Bob')).outcome.reports;
    expect(report?.channel).toBe('@Bob');
    expect(report?.text.split('\n').slice(3)).toEqual([
      expect.stringContaining('[Alice] one'),
      expect.stringContaining('[Bob] two'),
    ]);
  });

  test('says nothing that its author could not read', () => {
    const room = stage({ report: true });
    room.relate('Bob', 'block', 'Alice');
    room.say('Bob', 'behind a block');
    room.say('Olga', 'among VIPs', { channel: VIP_CHANNEL.id });
    expect(room.say('Alice', TEXT).outcome.reports[0]?.text).toBe(TEXT);
  });

  test('is made of what is kept back, too, of 30 messages at most', () => {
    const room = stage({ report: true, forward: false });
    for (let index = 0; index < 40; index++) room.say('Bob', `number ${index}.`);
    const lines = room.say('Alice', TEXT).outcome.reports[0]?.text.split('\n') ?? [];
    expect(lines).toHaveLength(3 + 30);
    expect(lines[3]).toContain('number 10.');
    expect(lines.at(-1)).toContain('number 39.');
  });
});

test('what was said before, by whom and when; images by their names', () => {
  const at = Date.UTC(2030, 0, 2);
  const base = { id: 1, target: { kind: 'channel', channel: 'lobby' }, at, reactions: [] } as const;
  const author = { identityId: 'b', name: 'Bob' };
  const attachment = { id: 'i', mediaType: 'image/png', width: 1, height: 1, byteLength: 1 } as const;
  expect(withContext('this', [])).toBe('this');
  expect(
    withContext('this', [
      { ...base, author, body: { kind: 'text', text: ' a \n\n b' } },
      { ...base, author, body: { kind: 'image', attachment, fileName: 'cat.png' } },
    ]),
  ).toBe('this\n\nSaid before:\n2030-01-02T00:00:00.000Z [Bob]  a b\n2030-01-02T00:00:00.000Z [Bob] (image cat.png)');
});
