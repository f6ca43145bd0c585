import { expect, test } from 'vitest';
import { RoomPasswords } from './room-passwords.ts';
import { FakeStorage, fakeMemory } from './testing/fake-memory.ts';

test('each room has its own password, until it is forgotten', () => {
  const storage = new FakeStorage();
  const passwords = new RoomPasswords(fakeMemory(storage));
  passwords.keep('quiet', 'hush');
  passwords.keep('loud', 'shout');
  expect([passwords.get('quiet'), passwords.get('loud'), passwords.get('lobby')]).toEqual(['hush', 'shout', '']);
  passwords.forget('quiet');
  passwords.keep('loud', '');
  expect([passwords.get('quiet'), passwords.get('loud')]).toEqual(['', '']);
  expect(storage.items.size).toBe(0);
});

test('a password is one thing, a token another', () => {
  const memory = fakeMemory();
  new RoomPasswords(memory, 'token').keep('quiet', 't0ken');
  expect(new RoomPasswords(memory).get('quiet')).toBe('');
  expect(new RoomPasswords(memory, 'token').get('quiet')).toBe('t0ken');
});

test('what is no text is no password', () => {
  const memory = fakeMemory();
  memory.write('parlour.room-password.quiet', { word: 'hush' });
  expect(new RoomPasswords(memory).get('quiet')).toBe('');
});
