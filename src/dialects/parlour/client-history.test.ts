import { describe, expect, test, vi } from 'vitest';
import { ConnectionLostError, RefusedError } from './client-errors.ts';
import { type HistorySource, historyAfter, historyBefore } from './client-history.ts';
import type { Ask, ConnectionState } from './client-types.ts';
import type { WireMessage } from './wire.ts';

const target = { channel: 'lobby' };

function message(id: number): WireMessage {
  return { id, channel: 'lobby', from: 'ann', at: id, text: `${id}`, reactions: [] };
}

/** A server with messages 1 to `count`. */
function source(count: number, failures: Error[] = [], state: ConnectionState = { kind: 'open' }) {
  const asked: Ask[] = [];
  const client: HistorySource = {
    state,
    async ask(ask) {
      asked.push(ask);
      const failure = failures.shift();
      if (failure) throw failure;
      if (ask.type !== 'history') throw new Error(`asked for ${ask.type}`);
      const { after, before = count + 1, limit = 50 } = ask;
      const all = Array.from({ length: count }, (_, index) => message(index + 1));
      const range = all.filter(({ id }) => id < before && id > (after ?? 0));
      const messages = after === undefined ? range.slice(-limit) : range.slice(0, limit);
      return { type: 'ok', messages, more: range.length > messages.length };
    },
  };
  return { client, asked };
}

describe('historyAfter', () => {
  test('pages forward until there are no more', async () => {
    const { client, asked } = source(250);
    const messages = await historyAfter(client, target, 20);
    expect(messages.map(({ id }) => id)).toEqual(Array.from({ length: 230 }, (_, index) => index + 21));
    expect(asked).toHaveLength(3);
  });

  test('ends where a server says more and gives none', async () => {
    const client: HistorySource = {
      state: { kind: 'open' },
      ask: async () => ({ type: 'ok', messages: [message(5)], more: true }),
    };
    expect(await historyAfter(client, target, 4)).toHaveLength(1);
  });

  test('asks again where a connection was lost, not where it was refused', async () => {
    const { client, asked } = source(3, [new ConnectionLostError(), new ConnectionLostError()]);
    expect(await historyAfter(client, target, 0)).toHaveLength(3);
    expect(asked).toHaveLength(3);
    const refusal = new RefusedError({ code: 'channel-unknown', message: 'No such channel.' });
    await expect(historyAfter(source(3, [refusal]).client, target, 0)).rejects.toBe(refusal);
  });

  test('waits and asks again where it was too fast', async () => {
    vi.useFakeTimers();
    const { client, asked } = source(3, [new RefusedError({ code: 'too-fast', message: 'Too fast.' })]);
    const messages = historyAfter(client, target, 0);
    await vi.advanceTimersByTimeAsync(0);
    expect(asked).toHaveLength(1);
    await vi.runAllTimersAsync();
    expect(await messages).toHaveLength(3);
    vi.useRealTimers();
  });

  test('a closed client ends it', async () => {
    const { client } = source(3, [new ConnectionLostError()], { kind: 'closed', reason: { kind: 'own' } });
    await expect(historyAfter(client, target, 0)).rejects.toThrow(ConnectionLostError);
  });
});

test('historyBefore gives one page, the newest without a bound', async () => {
  const { client } = source(30);
  const newest = await historyBefore(client, target, undefined, 10);
  expect(newest.messages.map(({ id }) => id)).toEqual([21, 22, 23, 24, 25, 26, 27, 28, 29, 30]);
  expect(newest.more).toBe(true);
  const oldest = await historyBefore(client, target, 4, 10);
  expect(oldest.messages.map(({ id }) => id)).toEqual([1, 2, 3]);
  expect(oldest.more).toBe(false);
});
