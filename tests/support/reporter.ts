import type { Reporter, TestModule } from 'vitest/node';

/**
 * Ends the run's output with one line that a machine can read: `N passed, N failed`, and `, N skipped` where some
 * were. What fails outside a test (a file that does not load, a hook, an unhandled error) counts as a failure.
 */
export default class CountLine implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], unhandledErrors: readonly unknown[]): void {
    const line = countLine(tally(modules, unhandledErrors.length));
    // At exit, because other reporters and Vitest itself may still have something to say.
    process.once('exit', () => process.stdout.write(`${line}\n`));
  }
}

export interface Tally {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

export function countLine({ passed, failed, skipped }: Tally): string {
  return `${passed} passed, ${failed} failed${skipped === 0 ? '' : `, ${skipped} skipped`}`;
}

/** The part of Vitest's modules and suites that is counted. */
export interface Counted {
  errors(): readonly unknown[];
  readonly children: {
    allTests(): Iterable<{ result(): { readonly state: string } }>;
    allSuites(): Iterable<{ errors(): readonly unknown[] }>;
  };
}

export function tally(modules: readonly Counted[], unhandledErrors: number): Tally {
  const count = { passed: 0, failed: unhandledErrors, skipped: 0 };
  for (const module of modules) {
    count.failed += module.errors().length;
    for (const suite of module.children.allSuites()) count.failed += suite.errors().length;
    for (const test of module.children.allTests()) count[outcome(test.result().state)] += 1;
  }
  return count;
}

/** A test still pending at the end was cut off: that is no pass. */
function outcome(state: string): keyof Tally {
  return state === 'passed' || state === 'skipped' ? state : 'failed';
}
