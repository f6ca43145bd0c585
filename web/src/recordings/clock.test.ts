import { expect, test } from 'vitest';
import { changed, positionAt, STOPPED } from './clock.ts';

test('a clock goes on from where it was, as fast as it is to', () => {
  const running = changed(STOPPED, 1000, { isRunning: true });
  expect([positionAt(running, 1000), positionAt(running, 3500)]).toEqual([0, 2.5]);
  const faster = changed(running, 3500, { rate: 2 });
  expect([positionAt(faster, 3500), positionAt(faster, 4500)]).toEqual([2.5, 4.5]);
  const stopped = changed(faster, 4500, { isRunning: false });
  expect(positionAt(stopped, 999_999)).toBe(4.5);
  expect(positionAt(changed(stopped, 999_999, { position: 1, isRunning: true }), 1_000_499)).toBe(2);
});
