import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeSocket, GC, RETRY_MS } from './client.test-fakes.ts';
import { Signaler } from './client-signaler.ts';

const BILL = 'a'.repeat(32);

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe('Signaler', () => {
  function open() {
    const sockets: FakeSocket[] = [];
    const connect = () => {
      const socket = new FakeSocket();
      sockets.push(socket);
      return socket;
    };
    const signaler = new Signaler({ url: 'ws://chat.test', connect, retryMs: RETRY_MS });
    return { sockets, signaler, opened: signaler.open() };
  }

  test('comes back after a lost connection, and speaks on the new one', async () => {
    const { sockets, signaler, opened } = open();
    sockets[0]?.open();
    await opened;
    signaler.send('room', 'first');
    sockets[0]?.drop();
    signaler.send('room', 'lost');
    vi.advanceTimersByTime(RETRY_MS - 1);
    expect(sockets).toHaveLength(1);
    vi.advanceTimersByTime(1);
    // One that fails is followed by another.
    sockets[1]?.drop();
    vi.advanceTimersByTime(RETRY_MS);
    sockets[2]?.open();
    signaler.send('room', 'second');
    expect(sockets.map(({ said }) => said)).toEqual([['first>room'], [], ['second>room']]);
  });

  test('answers each ping once, with its data, whoever sent it', async () => {
    const { sockets, signaler, opened } = open();
    signaler.on('ping', () => {});
    sockets[0]?.open();
    await opened;
    sockets[0]?.receive(GC, 'ping', 1.5);
    sockets[0]?.receive(BILL, 'ping');
    expect(sockets[0]?.sent).toEqual([
      { receiver: GC, type: 'pong', data: 1.5 },
      { receiver: BILL, type: 'pong', data: null },
    ]);
  });

  test('takes for an answer only what the server says, and gives up when the connection is lost', async () => {
    const { sockets, signaler, opened } = open();
    sockets[0]?.open();
    await opened;
    const answer = signaler.ask('ping', 'pong', 1);
    sockets[0]?.receive(BILL, 'pong', 'not this');
    sockets[0]?.receive(GC, 'pong', 'this');
    expect((await answer).data).toBe('this');
    const unanswered = signaler.ask('ping', 'pong', 2);
    sockets[0]?.drop();
    await expect(unanswered).rejects.toThrow('lost');
    await expect(signaler.ask('ping', 'pong', 3)).rejects.toThrow('lost');
  });

  test('does not come back where the first connection fails, nor once it is closed', async () => {
    const { sockets, opened } = open();
    sockets[0]?.drop();
    await expect(opened).rejects.toThrow('ws://chat.test');
    const other = open();
    other.sockets[0]?.open();
    other.signaler.close();
    other.sockets[0]?.drop();
    vi.advanceTimersByTime(10 * RETRY_MS);
    expect([sockets.length, other.sockets.length]).toEqual([1, 1]);
  });

  test('passes over what is no message', async () => {
    const { sockets, signaler } = open();
    const heard: string[] = [];
    signaler.on('*', ({ type }) => heard.push(type));
    for (const data of ['{', '7', 'null', '[]', '{"type":7}', new ArrayBuffer(2)]) sockets[0]?.onmessage?.({ data });
    sockets[0]?.receive(GC, 'confetti');
    expect(heard).toEqual(['confetti']);
  });
});
