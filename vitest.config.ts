import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['src/**/*.test.ts', 'tests/**/*.test.ts', 'scripts/**/*.test.ts', 'web/src/**/*.test.{ts,tsx}'],
    pool: 'forks',
    // Tests that start servers, child processes and browsers: more at once only makes them slow.
    maxWorkers: 2,
    // A bound, not a wait: two processors may have two browsers, a server and its forwarder to run.
    testTimeout: 90_000,
    hookTimeout: 60_000,
    reporters: ['default', './tests/support/reporter.ts'],
  },
});
