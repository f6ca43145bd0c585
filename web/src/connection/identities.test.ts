import { expect, test } from 'vitest';
import { Identities } from './identities.ts';
import { FakeStorage, fakeMemory } from './testing/fake-memory.ts';

const KEY = 'parlour.identities';

test('remembers names and their tokens, the latest first, whatever the case', () => {
  const memory = fakeMemory();
  const identities = new Identities(memory);
  expect(identities.lastName).toBe('');
  identities.remember({ name: 'Ann', token: 't1' });
  identities.remember({ name: 'Bob', token: 't2' });
  identities.remember({ name: 'ANN', token: 't3' });
  const later = new Identities(memory);
  expect(later.lastName).toBe('ANN');
  expect([later.tokenFor('ann'), later.tokenFor('bob'), later.tokenFor('carol')]).toEqual(['t3', 't2', undefined]);
});

test('forgets', () => {
  const identities = new Identities(fakeMemory());
  identities.remember({ name: 'Ann', token: 't1' });
  identities.remember({ name: 'Bob', token: 't2' });
  identities.forget('bOB');
  expect(identities.tokenFor('bob')).toBeUndefined();
  expect(identities.lastName).toBe('Ann');
});

test('keeps only the latest of many', () => {
  const identities = new Identities(fakeMemory());
  for (let count = 1; count <= 20; count++) identities.remember({ name: `name ${count}`, token: `t${count}` });
  expect(identities.tokenFor('name 12')).toBeUndefined();
  expect(identities.tokenFor('name 13')).toBe('t13');
});

test.each(['null', '{}', '[null, 1, {"name": "x"}, {"token": "y"}]', 'broken'])('takes nothing from %s', (stored) => {
  const storage = new FakeStorage();
  storage.setItem(KEY, stored);
  const identities = new Identities(fakeMemory(storage));
  expect(identities.lastName).toBe('');
  identities.remember({ name: 'Ann', token: 't1' });
  expect(identities.tokenFor('ann')).toBe('t1');
});
