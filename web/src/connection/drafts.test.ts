import { expect, test } from 'vitest';
import { Drafts } from './drafts.ts';
import { FakeStorage, fakeMemory } from './testing/fake-memory.ts';

test('each thread has its own, over reloads, and each room', () => {
  const memory = fakeMemory();
  const drafts = new Drafts(memory, 'lobby');
  drafts.set('channel:lobby', 'half a');
  drafts.set('dm:bob', 'psst');
  const later = new Drafts(memory, 'lobby');
  expect([later.get('channel:lobby'), later.get('dm:bob'), later.get('dm:ann')]).toEqual(['half a', 'psst', '']);
  expect(new Drafts(memory, 'other').get('channel:lobby')).toBe('');
});

test('what was sent leaves nothing behind', () => {
  const storage = new FakeStorage();
  const drafts = new Drafts(fakeMemory(storage), 'lobby');
  drafts.set('dm:bob', 'psst');
  drafts.set('dm:bob', '');
  expect(drafts.get('dm:bob')).toBe('');
  expect([...storage.items.values()].join()).not.toContain('dm:bob');
});

test('has an end', () => {
  const drafts = new Drafts(fakeMemory(), 'lobby');
  drafts.set('dm:bob', 'x'.repeat(100_000));
  expect(drafts.get('dm:bob')).toHaveLength(16_000);
});
