import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { script } from '../../../src/dialects/parlour/client.test-network.ts';
import { message, reduce, roomFrame } from '../room/fixtures.ts';
import type { RoomAction } from '../room/room-action.ts';
import type { RoomModel } from '../room/room-model.ts';
import { roomReducer } from '../room/room-reducer.ts';
import { Store } from '../room/store.ts';
import { Server } from './server.ts';
import { Talk } from './talk.ts';
import { Toasts } from './toasts.ts';

beforeEach(() => {
  vi.useFakeTimers();
  vi.stubGlobal('window', globalThis);
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

const lobby = { channel: 'lobby' };
const bob = { to: 'bob' };

function setUp(messages = [message(10), message(11)]) {
  const { client, welcome } = script();
  const socket = welcome();
  const room = new Store<RoomModel, RoomAction>(roomReducer, reduce([roomFrame(messages)]));
  const toasts = new Toasts();
  let ids = 0;
  const talk = new Talk({
    room,
    server: new Server(client, toasts),
    toasts,
    newId: () => `c${++ids}`,
    now: Date.now,
  });
  const thread = (key = 'channel:lobby') => room.get().threads[key];
  const refOf = (type: 'post' | 'history' | 'threads') => socket.sentOf(type).at(-1)?.ref ?? '';
  const settle = () => vi.advanceTimersByTimeAsync(0);
  return { client, socket, room, talk, thread, refOf, settle, toasts };
}

describe('posting', () => {
  test('shows the message at once, and drops that when the real one is there', async () => {
    const { talk, socket, thread, refOf, settle, room } = setUp();
    talk.post(lobby, 'hello');
    expect(thread()?.pending).toMatchObject([{ clientId: 'c1', text: 'hello', status: 'sending' }]);
    expect(socket.sentOf('post')).toMatchObject([{ target: lobby, id: 'c1', text: 'hello' }]);
    const own = message(12, { own: true, clientId: 'c1', from: 'me', text: 'hello' });
    room.dispatch({ type: 'frame', frame: { type: 'message', seq: 2, message: own }, at: Date.now() });
    socket.receive({ type: 'ok', ref: refOf('post'), messageId: 12, at: 1 });
    await settle();
    expect(thread()?.pending).toEqual([]);
    expect(thread()?.messages.at(-1)?.id).toBe(12);
  });

  test('what is refused stays, says why, and can be sent again under the same id, or thrown away', async () => {
    const { talk, socket, thread, refOf, settle } = setUp();
    talk.post(lobby, 'hello');
    socket.receive({ type: 'refused', ref: refOf('post'), code: 'muted', message: 'You may not write here.' });
    await settle();
    const [failed] = thread()?.pending ?? [];
    expect(failed).toMatchObject({ status: 'failed', error: 'You may not write here.' });
    if (!failed) return;
    talk.retry(lobby, failed);
    expect(thread()?.pending).toMatchObject([{ clientId: 'c1', status: 'sending' }]);
    expect(thread()?.pending[0]).not.toHaveProperty('error');
    expect(socket.sentOf('post').map((post) => post.id)).toEqual(['c1', 'c1']);
    talk.discard(lobby, failed);
    expect(thread()?.pending).toEqual([]);
  });

  test('an image goes by its attachment', () => {
    const { talk, socket, thread } = setUp();
    const image = { attachment: 'att', fileName: 'cat.png', previewUrl: 'blob:1' };
    talk.postImage(bob, image);
    expect(socket.sentOf('post')).toMatchObject([{ target: bob, attachment: 'att', fileName: 'cat.png' }]);
    expect(thread('dm:bob')?.pending).toMatchObject([{ image }]);
  });

  test('after a reload, what was on its way is sent again, what failed is not', async () => {
    const { talk, socket, refOf, settle, room } = setUp();
    talk.post(lobby, 'refused');
    socket.receive({ type: 'refused', ref: refOf('post'), code: 'muted', message: 'No.' });
    await settle();
    const at = Date.now();
    const lost = { clientId: 'lost', at, text: 'lost', status: 'sending' } as const;
    room.dispatch({ type: 'pend', target: bob, message: lost });
    talk.resendPending();
    expect(socket.sentOf('post').map((post) => post.id)).toEqual(['c1', 'lost']);
  });
});

describe('history', () => {
  test('comes before what is known, once at a time, until there is no more', async () => {
    const { talk, socket, thread, refOf, settle } = setUp();
    void talk.loadOlder(lobby);
    void talk.loadOlder(lobby);
    expect(socket.sentOf('history')).toMatchObject([{ target: lobby, before: 10 }]);
    socket.receive({ type: 'ok', ref: refOf('history'), messages: [message(8), message(9)], more: true });
    await settle();
    expect(thread()).toMatchObject({ past: 'more', messages: [{ id: 8 }, { id: 9 }, { id: 10 }, { id: 11 }] });

    void talk.loadOlder(lobby);
    socket.receive({ type: 'ok', ref: refOf('history'), messages: [message(7)], more: false });
    await settle();
    expect(thread()?.past).toBe('complete');
    void talk.loadOlder(lobby);
    expect(socket.sentOf('history')).toHaveLength(2);
  });

  test('that was asked for before the room was told anew is not mixed in', async () => {
    const { talk, socket, room, thread, refOf, settle } = setUp();
    void talk.loadOlder(lobby);
    room.dispatch(roomFrame([message(50)]));
    socket.receive({ type: 'ok', ref: refOf('history'), messages: [message(9)], more: false });
    await settle();
    expect(thread()?.messages.map((each) => each.id)).not.toContain(9);
  });

  test('that is refused is said, and can be asked for again', async () => {
    const { talk, socket, refOf, settle, toasts } = setUp();
    void talk.loadOlder(lobby);
    socket.receive({ type: 'refused', ref: refOf('history'), code: 'no-such-channel', message: 'There is none.' });
    await settle();
    expect(toasts.state.get().map((toast) => toast.text)).toEqual(['There is none.']);
    void talk.loadOlder(lobby);
    expect(socket.sentOf('history')).toHaveLength(2);
  });

  test('of somebody is loaded when the conversation with them is opened for the first time', async () => {
    const { talk, socket, room, refOf, settle } = setUp();
    talk.open(bob);
    expect(room.get().open).toBe('dm:bob');
    expect(socket.sentOf('history')).toMatchObject([{ target: bob }]);
    const first = message(3, { to: 'me', from: 'bob' });
    socket.receive({ type: 'ok', ref: refOf('history'), messages: [first], more: false });
    await settle();
    talk.open(lobby);
    talk.open(bob);
    expect(socket.sentOf('history').filter(({ target }) => 'to' in target)).toHaveLength(1);
  });

  test('of direct conversations is loaded on entering, where something in them is new, but not of all', async () => {
    const { talk, socket, refOf, settle } = setUp();
    const threads = Array.from({ length: 20 }, (_, index) => ({
      name: `p${index}`,
      lastMessageId: 100 + index,
      lastAt: index,
    }));
    void talk.loadThreads();
    socket.receive({ type: 'ok', ref: refOf('threads'), threads });
    for (let count = 0; count < 20; count++) {
      await settle();
      socket.receive({ type: 'ok', ref: refOf('history'), messages: [], more: false });
    }
    const asked = socket.sentOf('history').map(({ target }) => ('to' in target ? target.to : ''));
    expect(asked).toHaveLength(12);
    expect(asked.slice(0, 2)).toEqual(['p19', 'p18']);
  });
});

describe('typing', () => {
  test('is said now and then, and when it ends', () => {
    const { talk, socket } = setUp();
    talk.typing(lobby);
    talk.typing(lobby);
    vi.advanceTimersByTime(3_499);
    talk.typing(lobby);
    expect(socket.sentOf('typing')).toHaveLength(1);
    vi.advanceTimersByTime(1);
    talk.typing(lobby);
    talk.typing(bob);
    talk.stoppedTyping(lobby);
    expect(socket.sentOf('typing').map(({ target, on }) => [target, on])).toEqual([
      [lobby, true],
      [lobby, true],
      [bob, true],
    ]);
    talk.stoppedTyping(bob);
    talk.stoppedTyping(bob);
    expect(socket.sentOf('typing').slice(3)).toMatchObject([{ target: bob, on: false }]);
  });

  test('is not kept for later while the connection is away', () => {
    const { talk, socket, client } = setUp();
    socket.drop();
    talk.typing(lobby);
    talk.stoppedTyping(lobby);
    expect(socket.sentOf('typing')).toEqual([]);
    client.close();
  });
});

test('taking back and reacting are asked of the server', () => {
  const { talk, socket } = setUp();
  talk.retract(10);
  talk.react(11, '🎉', { on: true });
  expect(socket.sentOf('retract')).toMatchObject([{ messageId: 10 }]);
  expect(socket.sentOf('react')).toMatchObject([{ messageId: 11, emoji: '🎉', on: true }]);
});
