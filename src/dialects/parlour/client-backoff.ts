/** No wait is longer, in milliseconds. */
export const MAX_BACKOFF_MS = 15_000;

const FIRST_MS = 500;
const JITTER = 0.4;

/**
 * Milliseconds before retry number `attempt` (from 1): about 500 at first, then doubled up to {@link MAX_BACKOFF_MS}.
 * Spread by ±40 %, so that a restarted server does not see everybody at the same moment.
 */
export function backoffMs(attempt: number, random: () => number = Math.random): number {
  const doubled = FIRST_MS * 2 ** (Math.max(1, attempt) - 1);
  const base = Math.min(doubled, MAX_BACKOFF_MS / (1 + JITTER));
  return Math.round(base * (1 - JITTER + 2 * JITTER * random()));
}
