import { expect, test } from 'vitest';
import { frame, member, message, reduce, roomFrame, self } from './fixtures.ts';
import { countParties, selectPeople, turnOf } from './selectors.ts';
import { channelKey, directKey } from './thread.ts';

const hand = (name: string, raised: boolean) =>
  frame({ type: 'member', member: member(name, raised ? { data: { raisehand: true } } : {}) });

test('hands come first, in the order in which they were raised', () => {
  const room = reduce([roomFrame([], ['ann', 'bob', 'zoe']), hand('zoe', true), hand('bob', true), hand('zoe', true)]);
  expect(selectPeople(room).map(({ name }) => name)).toEqual(['zoe', 'bob', 'ann', 'me']);
  expect(turnOf(room, 'id-bob')).toBe(2);
  const lowered = reduce([hand('zoe', false)], room);
  expect(turnOf(lowered, 'id-bob')).toBe(1);
  const left = reduce([frame({ type: 'gone', id: 'id-bob', how: 'left' })], lowered);
  expect(left.hands).toEqual([]);
});

test('our own hand is one of them, as it comes with what we are', () => {
  const raised = frame({ type: 'self', self: { ...self('me'), data: { raisehand: true } } });
  const room = reduce([roomFrame(), hand('bob', true), raised]);
  expect(turnOf(room, 'id-me')).toBe(2);
});

test('clearing takes back what was said in the channels, or some of it, and no direct message', () => {
  const direct = frame({ type: 'message', message: { ...message(5), channel: undefined, from: 'bob' } as never });
  const room = reduce([roomFrame([message(1), message(2), message(3)]), direct]);
  const ids = (state: typeof room, key: string) => state.threads[key]?.messages.map(({ id }) => id);
  const some = reduce([frame({ type: 'cleared', by: 'ann', all: false, messageIds: [1, 3] })], room);
  expect(ids(some, channelKey('lobby'))).toEqual([2]);
  const all = reduce([frame({ type: 'cleared', by: 'ann', all: true, messageIds: [] })], some);
  expect(ids(all, channelKey('lobby'))).toEqual([]);
  expect(ids(all, directKey('bob'))).toEqual([5]);
});

test('who began the recording is known as long as it goes on, whatever else changes', () => {
  const meeting = (recordingSince: number | undefined, more: object = {}) =>
    frame({
      ...{ type: 'meeting', title: 'Lobby', ...more },
      meeting: { description: '', locked: false, data: {}, ...(recordingSince ? { recordingSince } : {}) },
    } as never);
  const begun = reduce([roomFrame(), meeting(5, { recordingBy: 'ann' })]);
  expect(begun.recordingBy).toBe('ann');
  expect(countParties(begun) - countParties(reduce([roomFrame()]))).toBe(1);
  expect(reduce([meeting(5, { lockedBy: 'bob' })], begun).recordingBy).toBe('ann');
  expect(reduce([meeting(undefined, { recordingBy: 'bob' })], begun).recordingBy).toBeUndefined();
  expect(reduce([meeting(9)], begun).recordingBy).toBeUndefined();
});
