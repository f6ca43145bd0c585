import { expect, test } from 'vitest';
import { browserMemory } from './memory.ts';
import { FakeStorage, fakeMemory } from './testing/fake-memory.ts';

test('keeps what is written, until it is removed', () => {
  const memory = fakeMemory();
  expect(memory.read('k')).toBeUndefined();
  memory.write('k', { a: [1, 'x'] });
  expect(memory.read('k')).toEqual({ a: [1, 'x'] });
  memory.remove('k');
  expect(memory.read('k')).toBeUndefined();
});

test('what is no JSON is nothing', () => {
  const storage = new FakeStorage();
  storage.setItem('k', '{broken');
  expect(fakeMemory(storage).read('k')).toBeUndefined();
});

test('a browser that allows none remembers nothing, and nobody notices', () => {
  const forbidden = browserMemory(() => {
    throw new DOMException('denied', 'SecurityError');
  });
  forbidden.write('k', 1);
  forbidden.remove('k');
  expect(forbidden.read('k')).toBeUndefined();
});

test('a full disk keeps what was there', () => {
  const storage = new FakeStorage();
  const memory = fakeMemory(storage);
  memory.write('k', 1);
  storage.setItem = () => {
    throw new DOMException('full', 'QuotaExceededError');
  };
  memory.write('k', 2);
  expect(memory.read('k')).toBe(1);
});
