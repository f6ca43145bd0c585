import { describe, expect, test } from 'vitest';
import type { Audience, RoomEvent } from '../core/event.ts';
import type { Message } from '../core/message.ts';
import { EventLog, isFor } from './event-log.ts';

const ALL: Audience = { kind: 'room', except: new Set() };
const CUT: RoomEvent = { type: 'camera-cut' };
const WIDE = { entries: 1_000, weight: 1_000_000, ageMs: 1_000_000 };

function said(text: string): RoomEvent {
  const message: Message = {
    id: 1,
    target: { kind: 'channel', channel: 'lobby' },
    author: { identityId: 'a', name: 'Alice' },
    body: { kind: 'text', text },
    at: 0,
    reactions: [],
  };
  return { type: 'message-posted', message };
}

const seqs = (log: EventLog, after: number, member = 'm') => log.after(after, member)?.map(({ seq }) => seq);

test('events are numbered from one, and had again after any number', () => {
  const log = new EventLog(WIDE);
  expect(log.seq).toBe(0);
  expect([1, 2, 3].map(() => log.append(CUT, ALL, 0))).toEqual([1, 2, 3]);
  expect(seqs(log, 0)).toEqual([1, 2, 3]);
  expect(seqs(log, 2)).toEqual([3]);
  expect(seqs(log, 3)).toEqual([]);
});

test('a number that was never given out has nothing after it', () => {
  const log = new EventLog(WIDE);
  expect(seqs(log, 0)).toEqual([]);
  expect(log.after(1, 'm')).toBeUndefined();
  log.append(CUT, ALL, 0);
  expect(log.after(2, 'm')).toBeUndefined();
});

test('everybody has what was for them', () => {
  const log = new EventLog(WIDE);
  log.append(CUT, ALL, 0);
  log.append(CUT, { kind: 'room', except: new Set(['m']) }, 0);
  log.append(CUT, { kind: 'members', members: ['m'] }, 0);
  log.append(CUT, { kind: 'members', members: ['n'] }, 0);
  expect(seqs(log, 0, 'm')).toEqual([1, 3]);
  expect(seqs(log, 0, 'n')).toEqual([1, 2, 4]);
  expect(isFor({ kind: 'members', members: [] }, 'm')).toBe(false);
});

describe('the log is bounded', () => {
  test('in number; before the oldest, it does not know', () => {
    const log = new EventLog({ ...WIDE, entries: 3 });
    for (let index = 0; index < 500; index++) log.append(CUT, ALL, 0);
    expect(seqs(log, 497)).toEqual([498, 499, 500]);
    expect(log.after(496, 'm')).toBeUndefined();
    expect(log.seq).toBe(500);
  });

  test('in weight, by the text and by the names that its audience needs', () => {
    const texts = new EventLog({ ...WIDE, weight: 3_000 });
    for (let index = 0; index < 10; index++) texts.append(said('x'.repeat(700)), ALL, 0);
    expect(seqs(texts, 7)).toEqual([8, 9, 10]);
    expect(texts.after(6, 'm')).toBeUndefined();

    const audiences = new EventLog({ ...WIDE, weight: 100_000 });
    const many = new Set(Array.from({ length: 1_000 }, (_, index) => `m${index}`));
    for (let index = 0; index < 100; index++) audiences.append(CUT, { kind: 'room', except: many }, 0);
    expect(audiences.after(50, 'm')).toBeUndefined();
  });

  test('in age', () => {
    const log = new EventLog({ ...WIDE, ageMs: 1_000 });
    log.append(CUT, ALL, 0);
    log.append(CUT, ALL, 600);
    log.trim(1_000);
    expect(seqs(log, 0)).toEqual([1, 2]);
    log.trim(1_001);
    expect(seqs(log, 1)).toEqual([2]);
    log.trim(9_000);
    expect(log.after(1, 'm')).toBeUndefined();
    expect(seqs(log, 2)).toEqual([]);
    expect(log.append(CUT, ALL, 9_000)).toBe(3);
    expect(seqs(log, 2)).toEqual([3]);
  });

  test('by one event that is too heavy alone', () => {
    const log = new EventLog({ ...WIDE, weight: 1_000 });
    log.append(CUT, ALL, 0);
    log.append(said('x'.repeat(5_000)), ALL, 0);
    expect(log.after(1, 'm')).toBeUndefined();
    expect(seqs(log, 2)).toEqual([]);
  });
});

test('the bytes of an image are not kept', () => {
  const log = new EventLog(WIDE);
  log.append({ ...said('x'), image: { bytes: new Uint8Array(1) } } as RoomEvent, ALL, 0);
  expect(log.after(0, 'm')?.[0]?.event).not.toHaveProperty('image');
});
