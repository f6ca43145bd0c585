import { describe, expect, test } from 'vitest';
import { message, NOON } from './fixtures.ts';
import { emptyThread, type Thread } from './thread.ts';
import { timeline } from './timeline.ts';

const thread = (more: Partial<Thread>): Thread => ({ ...emptyThread({ channel: 'lobby' }), ...more });
const none = { passages: [], divider: 0 };
const passage = (id: number, afterId: number) => ({ id, name: `p${id}`, how: 'joined', at: NOON, afterId }) as const;
const outline = (items: ReturnType<typeof timeline>) =>
  items.map((item) =>
    item.kind === 'message'
      ? `${item.message.id}${item.lead ? '!' : ''}`
      : item.kind === 'pending'
        ? 'pending'
        : item.kind,
  );

describe('a timeline', () => {
  test('groups what one person says within minutes, and begins each day with its name', () => {
    const day = 86_400_000;
    const messages = [
      message(1, { at: NOON }),
      message(2, { at: NOON + 60_000 }),
      message(3, { at: NOON + 120_000, from: 'ann' }),
      message(4, { at: NOON + 3_600_000, from: 'ann' }),
      message(5, { at: NOON + day, from: 'ann' }),
    ];
    expect(outline(timeline(thread({ messages }), none))).toEqual(['day', '1!', '2', '3!', '4!', 'day', '5!']);
  });

  test('puts the line before the first unread message, and passages where they happened', () => {
    const messages = [message(1), message(2), message(3)];
    const items = timeline(thread({ messages }), {
      divider: 2,
      passages: [passage(1, 1), passage(2, 1), passage(3, 3)],
    });
    expect(outline(items)).toEqual(['day', '1!', 'passages', '2!', 'unread', '3!', 'passages']);
  });

  test('shows no passages of the time before what is loaded', () => {
    const items = timeline(thread({ messages: [message(10)], past: 'more' }), {
      divider: 0,
      passages: [passage(1, 4)],
    });
    expect(outline(items)).toEqual(['day', '10!']);
  });

  test('ends with what is on its way, grouped with what arrived of us', () => {
    const pending = [{ clientId: 'a', at: NOON + 2, text: 'x', status: 'sending' }] as const;
    const items = timeline(thread({ messages: [message(1, { own: true, from: 'me' })], pending }), none);
    expect(outline(items)).toEqual(['day', '1!', 'pending']);
    expect(items.at(-1)).toMatchObject({ lead: false });
  });

  test('keeps the key of a message when it arrives, so that it is not drawn anew', () => {
    const before = timeline(thread({ pending: [{ clientId: 'a', at: NOON, text: 'x', status: 'sending' }] }), none);
    const after = timeline(thread({ messages: [message(9, { own: true, clientId: 'a' })] }), none);
    expect(after.at(-1)?.key).toBe(before.at(-1)?.key);
  });

  test('leaves out who is not heard, but never oneself', () => {
    const messages = [message(1), message(2, { from: 'Ann' }), message(3), message(4, { from: 'me', own: true })];
    const items = timeline(thread({ messages }), { ...none, unheard: ['ann', 'me'] });
    expect(outline(items)).toEqual(['day', '1!', '3', '4!']);
  });

  test('welcomes after what was said before somebody came', () => {
    const items = timeline(thread({ messages: [message(1), message(2)] }), { ...none, welcomeAfter: 1 });
    expect(outline(items)).toEqual(['day', '1!', 'welcome', '2!']);
  });
});
