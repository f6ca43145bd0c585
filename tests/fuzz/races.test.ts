import fc from 'fast-check';
import { afterEach, beforeEach, test, vi } from 'vitest';
import { rush } from './support/rush.ts';
import { scripts } from './support/script.ts';
import { seeds } from './support/seeds.ts';
import { TIMERS } from './support/timers.ts';

beforeEach(() => {
  vi.useFakeTimers({ toFake: [...TIMERS] });
});

afterEach(() => {
  vi.useRealTimers();
});

test.each(seeds([11, 12, 13]))(
  'whatever people do at once, the room stays whole (seed %i)',
  { timeout: 120_000 },
  async (seed) => {
    const pauses = fc.array(fc.nat({ max: 12 }), { minLength: 1, maxLength: 8 });
    await fc.assert(fc.asyncProperty(scripts(120), pauses, rush), { numRuns: 150, seed });
  },
);
