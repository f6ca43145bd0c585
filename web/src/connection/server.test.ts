import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { script } from '../../../src/dialects/parlour/client.test-network.ts';
import { ConnectionLostError, RefusedError } from '../../../src/dialects/parlour/client.ts';
import { errorText, Server } from './server.ts';
import { Toasts } from './toasts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function setUp() {
  const { client, welcome } = script();
  const socket = welcome();
  const toasts = new Toasts();
  const server = new Server(client, toasts);
  const answer = (type: 'ok' | 'refused') => {
    const { ref = '' } = socket.sentOf('kick').at(-1) ?? {};
    if (type === 'ok') socket.receive({ type, ref });
    else socket.receive({ type, ref, code: 'not-operator', message: 'Only operators may do that.' });
  };
  const told = () => toasts.state.get().map((toast) => `${toast.tone}: ${toast.text}`);
  return { client, server, answer, told, socket };
}

const kick = { type: 'kick', name: 'bob' } as const;

describe('what is asked', () => {
  test('is answered', async () => {
    const { server, answer, told, client } = setUp();
    const [asked, done] = [server.ask(kick), server.tell(kick)];
    answer('ok');
    await expect(done).resolves.toBe(true);
    expect(told()).toEqual([]);
    client.close();
    await expect(asked).rejects.toThrow();
  });

  test('and refused, is told and rejects', async () => {
    const { server, answer, told, client } = setUp();
    const asked = server.ask(kick);
    answer('refused');
    await expect(asked).rejects.toThrow(RefusedError);
    expect(told()).toEqual(['bad: Only operators may do that.']);
    client.close();
  });

  test('by the way, is refused without an exception', async () => {
    const { server, answer, told, client } = setUp();
    const done = server.tell(kick);
    answer('refused');
    await expect(done).resolves.toBe(false);
    expect(told()).toHaveLength(1);
    client.close();
  });

  test('quietly, is refused without a word', async () => {
    const { server, answer, told, client } = setUp();
    const done = server.tellQuietly(kick);
    answer('refused');
    await done;
    expect(told()).toEqual([]);
    client.close();
  });

  test('and lost with the connection, says so', async () => {
    const { server, socket, told, client } = setUp();
    const done = server.tell(kick);
    socket.drop();
    await expect(done).resolves.toBe(false);
    expect(told()).toEqual(['bad: The connection was lost before the server answered.']);
    client.close();
  });
});

test.each([
  [new ConnectionLostError('technical'), 'The connection was lost before the server answered.'],
  [new Error('Something of its own.'), 'Something of its own.'],
  [new Error(''), 'That did not work. Please try again.'],
  ['thrown text', 'That did not work. Please try again.'],
])('%s reads %j', (error, text) => {
  expect(errorText(error)).toBe(text);
});
