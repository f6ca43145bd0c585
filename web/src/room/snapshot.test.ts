import { expect, test } from 'vitest';
import type { Memory } from '../connection/memory.ts';
import { message, NOON, reduce, roomFrame } from './fixtures.ts';
import { saveSnapshot, takeSnapshot } from './snapshot.ts';
import { channelKey } from './thread.ts';

function memory(): Memory {
  const kept = new Map<string, string>();
  return {
    read: <T>(key: string) => (kept.has(key) ? (JSON.parse(kept.get(key) ?? '') as T) : undefined),
    write: (key, value) => void kept.set(key, JSON.stringify(value)),
    remove: (key) => void kept.delete(key),
  };
}

const resume = { session: 's', epoch: 'e', seq: 7 };
const room = reduce([roomFrame(Array.from({ length: 300 }, (_, index) => message(index + 1)))]);

test('a reloaded page finds the room as it was, once, the end of long threads at least', () => {
  const tab = memory();
  saveSnapshot(tab, { savedAt: NOON, name: 'me', resume, room });
  const taken = takeSnapshot(tab, 'lobby', NOON + 1000);
  expect(taken?.resume).toEqual(resume);
  const lobby = taken?.room.threads[channelKey('lobby')];
  expect(lobby?.messages.at(-1)?.id).toBe(300);
  expect(lobby?.messages.length).toBeLessThan(300);
  expect(lobby?.past).toBe('more');
  expect(takeSnapshot(tab, 'lobby', NOON + 1000)).toBeUndefined();
});

test('an old one, or one of another room, is of no use', () => {
  const tab = memory();
  saveSnapshot(tab, { savedAt: NOON, name: 'me', resume, room });
  expect(takeSnapshot(tab, 'elsewhere', NOON)).toBeUndefined();
  expect(takeSnapshot(tab, 'lobby', NOON + 3_600_000)).toBeUndefined();
});

test('pictures on their way do not survive their page; texts do', () => {
  const tab = memory();
  const target = { channel: 'lobby' };
  const image = { attachment: 'x', fileName: 'x.png', previewUrl: 'blob:x' };
  const pending = reduce(
    [
      { type: 'pend', target, message: { clientId: 'a', at: NOON, text: 'hi', status: 'sending' } },
      { type: 'pend', target, message: { clientId: 'b', at: NOON, image, status: 'sending' } },
    ],
    room,
  );
  saveSnapshot(tab, { savedAt: NOON, name: 'me', resume, room: pending });
  const kept = takeSnapshot(tab, 'lobby', NOON)?.room.threads[channelKey('lobby')]?.pending;
  expect(kept?.map(({ clientId }) => clientId)).toEqual(['a']);
});
