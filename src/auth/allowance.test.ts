import { expect, test } from 'vitest';
import { Allowance } from './allowance.ts';

test('so many at once, then one by one as time passes, for each household', () => {
  const clock = { now: 1_000_000 };
  const allowance = new Allowance({ atOnce: 3, everyMs: 1_000, now: () => clock.now });
  const take = (household: string) => {
    const isLeft = allowance.isLeft(household);
    if (isLeft) allowance.use(household);
    return isLeft;
  };
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false]);
  expect(take('b')).toBe(true);
  clock.now += 999;
  expect(take('a')).toBe(false);
  clock.now += 1;
  expect([take('a'), take('a')]).toEqual([true, false]);
  clock.now += 10_000;
  expect([take('a'), take('a'), take('a'), take('a')]).toEqual([true, true, true, false]);
});

test('ten thousand households are remembered, the latest ones', () => {
  const allowance = new Allowance({ atOnce: 1, everyMs: 1_000, now: () => 0 });
  for (let one = 0; one <= 10_000; one++) allowance.use(String(one));
  expect(allowance.isLeft('0')).toBe(true);
  expect(allowance.isLeft('1')).toBe(false);
  expect(allowance.isLeft('10000')).toBe(false);
});
