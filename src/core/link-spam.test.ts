import { describe, expect, test } from 'vitest';
import { LinkSpam } from './link-spam.ts';

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
const LINK = 'https://shop.example/';

function setUp({ maxThreads = 5, timeLimitMs = HOUR } = {}) {
  const spam = new LinkSpam({ maxThreads, timeLimitMs });
  let now = 1_700_000_000_000;
  const send = (partner: string, text = LINK, sender = 'mallory') => spam.check({ sender, partner, text, at: now });
  const sendToAll = (count: number, text = LINK, sender = 'mallory') =>
    Array.from({ length: count }, (_, index) => send(`bob ${index}`, text, sender));
  return {
    spam,
    send,
    sendToAll,
    wait: (ms: number) => {
      now += ms;
    },
  };
}

const fine = (count: number) => Array.from({ length: count }, () => 'fine');

describe('the same link to many people', () => {
  test('one too many is an offence, and every one after it again', () => {
    const { sendToAll, send } = setUp();
    expect(sendToAll(6)).toEqual([...fine(5), 'first']);
    expect(send('bob 7')).toBe('again');
    expect(send('bob 0')).toBe('again');
  });

  test('how often it goes to the same person does not count', () => {
    const { send, sendToAll } = setUp();
    expect(sendToAll(5)).toEqual(fine(5));
    expect(Array.from({ length: 20 }, () => send('bob 1', `${LINK} ${LINK} [${LINK}](${LINK})`))).toEqual(fine(20));
    expect(send('BOB 1')).toBe('fine');
    expect(send('carol')).toBe('first');
  });

  test('each link and each sender for themselves', () => {
    const { sendToAll } = setUp();
    expect(sendToAll(5)).toEqual(fine(5));
    expect(sendToAll(5, 'https://other.example/')).toEqual(fine(5));
    expect(sendToAll(5, LINK, 'alice')).toEqual(fine(5));
  });

  test('a name is the same in any case', () => {
    const { sendToAll, send } = setUp();
    sendToAll(5);
    expect(send('carol', LINK, 'Mallory')).toBe('first');
  });

  test('text without links is fine', () => {
    const { sendToAll, spam } = setUp();
    expect(sendToAll(20, 'hello there')).toEqual(fine(20));
    expect(spam.size).toBe(0);
  });

  test('as many as the options say', () => {
    expect(setUp({ maxThreads: 1 }).sendToAll(2)).toEqual(['fine', 'first']);
  });
});

describe('forgetting', () => {
  test('a link, when it was not sent for long enough', () => {
    const { sendToAll, send, wait, spam } = setUp();
    sendToAll(5);
    wait(HOUR);
    expect(send('bob 1')).toBe('fine');
    wait(HOUR);
    expect(send('carol')).toBe('first');
    wait(HOUR + 1);
    expect(send('dave', 'https://other.example/')).toBe('fine');
    expect(spam.size).toBe(1);
    expect(sendToAll(5)).toEqual(fine(5));
  });

  test('an offence, after a week at the earliest', () => {
    const { sendToAll, wait } = setUp({ maxThreads: 1 });
    expect(sendToAll(2)).toEqual(['fine', 'first']);
    wait(6 * DAY);
    expect(sendToAll(2)).toEqual(['fine', 'again']);
    wait(8 * DAY);
    expect(sendToAll(2)).toEqual(['fine', 'first']);
  });

  test('a clock that goes back does no harm', () => {
    const { sendToAll, wait } = setUp();
    sendToAll(5);
    wait(-DAY);
    expect(sendToAll(6).at(-1)).toBe('first');
  });
});

describe('bounds', () => {
  test('other links in the same messages do not crowd one out', () => {
    const { send } = setUp();
    const junk = (message: number) =>
      Array.from({ length: 1400 }, (_, link) => `www.${message.toString(36)}-${link.toString(36)}`).join(' ');
    const verdicts = Array.from({ length: 6 }, (_, message) => send(`bob ${message}`, `${LINK} ${junk(message)}`));
    expect(verdicts).toEqual([...fine(5), 'first']);
  });

  test('what many senders leave behind', () => {
    const { spam, send } = setUp();
    const text = Array.from({ length: 2000 }, (_, link) => `www.${link.toString(36)}`).join(' ');
    for (let sender = 0; sender < 100; sender++) send('bob', text, `guest ${sender}`);
    expect(spam.size).toBeLessThanOrEqual(100_000);
    expect(spam.size).toBeGreaterThan(90_000);
  });

  test('what one link leaves behind', () => {
    const { spam, sendToAll } = setUp({ maxThreads: 3 });
    sendToAll(100);
    expect(spam.size).toBe(4);
  });

  test('whoever was silent for the longest time is forgotten first', () => {
    const { send, sendToAll } = setUp();
    sendToAll(5, LINK, 'early');
    const text = Array.from({ length: 2000 }, (_, link) => `www.${link.toString(36)}`).join(' ');
    for (let sender = 0; sender < 25; sender++) send('bob', text, `guest ${sender}`);
    sendToAll(5, LINK, 'late');
    for (let sender = 25; sender < 51; sender++) send('bob', text, `guest ${sender}`);
    expect(send('carol', LINK, 'early')).toBe('fine');
    expect(send('carol', LINK, 'late')).toBe('first');
  });
});
