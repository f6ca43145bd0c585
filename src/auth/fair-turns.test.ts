import { expect, test } from 'vitest';
import { FairTurns, type FairTurnsOptions } from './fair-turns.ts';

/** Work that ends when it is told to, in the order in which it had its turns. */
function stage(options: Partial<FairTurnsOptions> = {}) {
  const turns = new FairTurns({ atOnce: 1, waitingOfOne: 10, waitingOfAll: 20, ...options });
  const begun: string[] = [];
  const ends: (() => void)[] = [];
  const ask = (household: string) =>
    turns.run(household, () => {
      begun.push(household);
      return new Promise<string>((resolve) => ends.push(() => resolve(household)));
    });
  const settle = async () => {
    for (let turn = 0; turn < 10; turn++) await Promise.resolve();
  };
  const endOne = async () => {
    ends.shift()?.();
    await settle();
  };
  return { begun, ask, endOne };
}

test('a household of which many wait does not keep others waiting', async () => {
  const { begun, ask, endOne } = stage();
  const all = [...Array(5).fill('many'), 'one', 'two'].map(ask);
  for (let turn = 0; turn < all.length; turn++) await endOne();
  expect(begun).toEqual(['many', 'many', 'one', 'two', 'many', 'many', 'many']);
  expect(await Promise.all(all)).toEqual([...Array(5).fill('many'), 'one', 'two']);
});

test('so many have their turn at a time', async () => {
  const { begun, ask, endOne } = stage({ atOnce: 2 });
  const all = ['a', 'b', 'c'].map(ask);
  expect(begun).toEqual(['a', 'b']);
  await endOne();
  expect(begun).toEqual(['a', 'b', 'c']);
  await endOne();
  await endOne();
  await Promise.all(all);
});

test('too many of one, or of all, are told at once', async () => {
  const { ask, endOne } = stage({ waitingOfOne: 2, waitingOfAll: 3 });
  const first = ['a', 'a', 'a'].map(ask);
  expect(await ask('a')).toBeUndefined();
  const other = ask('b');
  expect(await ask('c')).toBeUndefined();
  for (let turn = 0; turn < 4; turn++) await endOne();
  expect(await Promise.all([...first, other])).toEqual(['a', 'a', 'a', 'b']);
});

test('work that fails gives its turn away', async () => {
  const turns = new FairTurns({ atOnce: 1, waitingOfOne: 1, waitingOfAll: 1 });
  await expect(turns.run('a', () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(await turns.run('a', async () => 'yes')).toBe('yes');
});
