import { describe, expect, test } from 'vitest';
import { TurnRefused, Turns } from './turns.ts';

/** Work that ends when it is told to, and remembers whether it was begun. */
function work() {
  const { promise, resolve, reject } = Promise.withResolvers<string>();
  const begun = Promise.withResolvers<void>();
  const state = { begun: false };
  const run = () => {
    state.begun = true;
    begun.resolve();
    return promise;
  };
  return { run, resolve, reject, state, begun: begun.promise };
}

describe('turns', () => {
  test('work runs in order of arrival, no more at once than allowed', async () => {
    const turns = new Turns({ concurrency: 1, queue: 2 });
    const [first, second, third] = [work(), work(), work()];
    const results = [turns.run(first.run), turns.run(second.run), turns.run(third.run)];
    await first.begun;
    expect(second.state.begun).toBe(false);
    first.resolve('first');
    await second.begun;
    expect(third.state.begun).toBe(false);
    second.resolve('second');
    third.resolve('third');
    expect(await Promise.all(results)).toEqual(['first', 'second', 'third']);
  });

  test('who finds the queue full is refused, and may come again', async () => {
    const turns = new Turns({ concurrency: 1, queue: 1 });
    const [first, second] = [work(), work()];
    const results = [turns.run(first.run), turns.run(second.run)];
    await expect(turns.run(async () => 'third')).rejects.toBeInstanceOf(TurnRefused);
    first.resolve('first');
    second.resolve('second');
    await Promise.all(results);
    expect(await turns.run(async () => 'third')).toBe('third');
  });

  test('failed work gives its place away', async () => {
    const turns = new Turns({ concurrency: 1, queue: 1 });
    const failing = work();
    const results = [turns.run(failing.run), turns.run(async () => 'next')];
    failing.reject(new Error('broken'));
    await expect(results[0]).rejects.toThrow('broken');
    expect(await results[1]).toBe('next');
  });

  test('closing refuses those who wait and those who come, and waits for what runs', async () => {
    const turns = new Turns({ concurrency: 1, queue: 1 });
    const running = work();
    const result = turns.run(running.run);
    const waiting = turns.run(async () => 'waited');
    let closed = false;
    const closing = turns.close().then(() => {
      closed = true;
    });
    await expect(waiting).rejects.toBeInstanceOf(TurnRefused);
    await expect(turns.run(async () => 'late')).rejects.toBeInstanceOf(TurnRefused);
    expect(closed).toBe(false);
    running.resolve('done');
    expect(await result).toBe('done');
    await closing;
  });
});
