import { expect, it } from 'vitest';
import { ResendMemory } from './resend-memory.ts';

it('a packet is sent again at once, and once more when it should have arrived', () => {
  const memory = new ResendMemory();
  expect(memory.take(7, { now: 0, roundTripMs: 100 })).toBe(true);
  expect(memory.take(7, { now: 99, roundTripMs: 100 })).toBe(false);
  expect(memory.take(8, { now: 99, roundTripMs: 100 })).toBe(true);
  expect(memory.take(7, { now: 100, roundTripMs: 100 })).toBe(true);
  // Another one of the same place.
  expect(memory.take(7 + 512, { now: 101, roundTripMs: 100 })).toBe(true);
  expect(memory.take(7, { now: 102, roundTripMs: 100 })).toBe(true);
});

it('what is said of the way makes it neither endless nor useless', () => {
  const memory = new ResendMemory();
  memory.take(1, { now: 0, roundTripMs: 60_000 });
  expect(memory.take(1, { now: 500, roundTripMs: 60_000 })).toBe(true);
  expect(memory.take(1, { now: 519, roundTripMs: 0 })).toBe(false);
  expect(memory.take(1, { now: 520, roundTripMs: 0 })).toBe(true);
});
