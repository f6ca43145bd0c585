import fc from 'fast-check';
import { afterEach, beforeEach, test, vi } from 'vitest';
import { play } from './support/play.ts';
import { scripts } from './support/script.ts';
import { seeds } from './support/seeds.ts';
import { TIMERS } from './support/timers.ts';

// The hub's clock is the test's; the tick by which it looks at it is, too.
beforeEach(() => {
  vi.useFakeTimers({ toFake: [...TIMERS] });
});

afterEach(() => {
  vi.useRealTimers();
});

test.each(seeds([1, 2, 3, 4]))(
  'whatever people do, nobody learns what they must not (seed %i)',
  { timeout: 120_000 },
  async (seed) => {
    await fc.assert(fc.asyncProperty(scripts(80), play), { numRuns: 300, seed });
  },
);
