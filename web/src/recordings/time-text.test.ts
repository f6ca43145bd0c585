import { expect, test } from 'vitest';
import { clockText, spokenTime } from './time-text.ts';

test.each([
  [0, '0:00', 'the beginning'],
  [9.99, '0:09', '9 seconds'],
  [61, '1:01', '1 minute 1 second'],
  [3723, '1:02:03', '1 hour 2 minutes 3 seconds'],
  [-4, '0:00', 'the beginning'],
])('%d is %s', (seconds, shown, spoken) => {
  expect([clockText(seconds), spokenTime(seconds)]).toEqual([shown, spoken]);
});
