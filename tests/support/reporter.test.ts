import { expect, test } from 'vitest';
import { type Counted, countLine, tally } from './reporter.ts';

interface Outline {
  readonly tests?: readonly string[];
  readonly errors?: readonly string[];
  readonly suiteErrors?: readonly string[];
}

function module({ tests = [], errors = [], suiteErrors = [] }: Outline): Counted {
  return {
    errors: () => errors,
    children: {
      allTests: () => tests.map((state) => ({ result: () => ({ state }) })),
      allSuites: () => [{ errors: () => suiteErrors }],
    },
  };
}

test.each([
  ['tests by their state', [{ tests: ['passed', 'failed', 'passed'] }, { tests: ['passed'] }], 0, '3 passed, 1 failed'],
  ['skipped ones where there are some', [{ tests: ['skipped', 'passed'] }], 0, '1 passed, 0 failed, 1 skipped'],
  ['a test that never ended as failed', [{ tests: ['pending'] }], 0, '0 passed, 1 failed'],
  ['a file that did not load as failed', [{ errors: ['syntax'] }, { tests: ['passed'] }], 0, '1 passed, 1 failed'],
  [
    'a failed hook of a suite as failed',
    [{ tests: ['skipped'], suiteErrors: ['hook'] }],
    0,
    '0 passed, 1 failed, 1 skipped',
  ],
  ['errors outside of tests as failed', [{ tests: ['passed'] }], 2, '1 passed, 2 failed'],
])('counts %s', (_, outlines: readonly Outline[], unhandled, expected) => {
  expect(countLine(tally(outlines.map(module), unhandled))).toBe(expected);
});
