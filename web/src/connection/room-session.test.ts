import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { RoomFrame, ServerFrameOf } from '../../../src/dialects/parlour/wire.ts';
import { message, roomFrame, self } from '../room/fixtures.ts';
import { takeSnapshot } from '../room/snapshot.ts';
import { readBootstrap } from './bootstrap.ts';
import { Identities } from './identities.ts';
import { type Memory, ofThisTab } from './memory.ts';
import { RoomSession, type RoomSessionOptions } from './room-session.ts';
import { FakeStorage, fakeMemory } from './testing/fake-memory.ts';
import { FakePage } from './testing/fake-page.ts';

const WELCOME: ServerFrameOf<'welcome'> = {
  type: 'welcome',
  session: 's1',
  token: 't1',
  epoch: 'e1',
  seq: 0,
  recovered: false,
  keepAliveMs: 20_000,
};

let page: FakePage;
const sessions: RoomSession[] = [];

beforeEach(() => {
  vi.useFakeTimers();
  page = new FakePage();
});
afterEach(() => {
  for (const session of sessions.splice(0)) session.close();
  expect(vi.getTimerCount(), 'timers left over').toBe(0);
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

function start(options: Partial<RoomSessionOptions> = {}) {
  const lasting = options.lasting ?? fakeMemory();
  const identities = options.identities ?? new Identities(lasting);
  const session = new RoomSession({
    bootstrap: readBootstrap({ room: 'lobby' }, undefined),
    name: 'me',
    ...options,
    identities,
    lasting,
  });
  sessions.push(session);
  session.start();
  const enter = (messages = [message(10)]) => {
    page.socket.open();
    page.socket.receive(WELCOME, roomOf(messages));
  };
  return { session, identities, lasting, enter };
}

function roomOf(messages: Parameters<typeof roomFrame>[0]): RoomFrame {
  const action = roomFrame(messages);
  if (action.type !== 'frame') throw new Error('This is no frame.');
  return action.frame;
}

/** The latest message of the lobby that was read. */
const readOf = (lasting: Memory) => lasting.read<Record<string, number>>('parlour.read.lobby')?.['channel:lobby'];
const arrives = (id: number, seq: number) => page.socket.receive({ type: 'message', seq, message: message(id) });

describe('entering', () => {
  test('says the name, the token known for it, and the invitation; keeps the new token', () => {
    const lasting = fakeMemory();
    const identities = new Identities(lasting);
    identities.remember({ name: 'ME', token: 't0' });
    const { enter } = start({ lasting, identities, invitation: 'i0' });
    page.socket.open();
    expect(page.socket.sentOf('hello')).toMatchObject([{ room: 'lobby', name: 'me', token: 't0', invitation: 'i0' }]);
    enter();
    expect(identities.tokenFor('me')).toBe('t1');
  });

  test('knows the room, and asks which direct conversations there are', () => {
    const { session, enter } = start();
    expect(session.room.get().entered).toBe(false);
    enter();
    expect(session.room.get().self?.name).toBe('me');
    expect(session.connection.get()).toEqual({ kind: 'open' });
    expect(page.socket.sentOf('threads')).toHaveLength(1);
  });

  test('by a token that admits to the room says it each time, and takes the name that comes of it without a word', () => {
    const { session, enter } = start({ name: '', roomToken: 't0ken' });
    enter();
    page.socket.drop();
    session.retryNow();
    enter();
    expect(page.sockets.flatMap((socket) => socket.sentOf('hello'))).toMatchObject([
      { name: '', roomToken: 't0ken' },
      { name: '', roomToken: 't0ken' },
    ]);
    expect(session.toasts.state.get()).toEqual([]);
  });

  test('under another name than was asked for, says so', () => {
    const { session, enter } = start({ name: 'somebody' });
    enter();
    expect(session.toasts.state.get().map((toast) => toast.text)).toEqual(['Your name here is me.']);
  });
});

describe('beside the conversation', () => {
  const texts = (session: RoomSession) => session.toasts.state.get().map(({ text }) => text);
  const note = { type: 'note', name: 'ann', direct: false, at: 0 } as const;
  const meeting = { description: '', locked: true, lockMessage: 'We are full.', data: {} };

  test('who locked the room, who cleared the chat and what operators warn of is said', () => {
    const { session, enter } = start();
    enter();
    page.socket.receive(
      { type: 'meeting', seq: 2, title: 'Lobby', meeting, lockedBy: 'ann' },
      { type: 'cleared', seq: 3, by: 'ann', all: true, messageIds: [10] },
      { ...note, seq: 4, privileged: true, kind: 'warning', value: 'Be kind.' },
      { ...note, seq: 5, privileged: false, kind: 'warning', value: 'Obey me.' },
      { ...note, seq: 6, privileged: true, kind: 'warning', value: { html: 'x' } },
    );
    expect(texts(session)).toEqual(['ann locked the room: We are full.', 'ann cleared the chat.', 'ann: Be kind.']);
    expect(session.room.get().meeting.locked).toBe(true);
    expect(session.room.get().threads['channel:lobby']?.messages).toEqual([]);
  });

  test('a caption stands for three seconds', () => {
    const { session, enter } = start();
    enter();
    page.socket.receive({ type: 'caption', seq: 2, name: 'ann', text: 'Hello there.', at: 0 });
    vi.advanceTimersByTime(2_999);
    expect(session.captions.state.get()).toMatchObject([{ name: 'ann', text: 'Hello there.' }]);
    vi.advanceTimersByTime(1);
    expect(session.captions.state.get()).toEqual([]);
  });
});

test('who left the meeting is not in it again because the page was reloaded', () => {
  const wants = () => page.socket.sentOf('want').map(({ otherwise }) => otherwise.video);
  const first = start();
  first.enter();
  expect(wants()).toEqual(['high']);
  first.session.meeting.leave();
  page.go();
  page = new FakePage(page.tab);
  const { session, enter } = start();
  enter();
  expect(session.meeting.state.get().attending).toBe(false);
  expect(wants()).toEqual([]);
  session.meeting.attend();
  expect(wants()).toEqual(['high']);
});

describe('passwords', () => {
  test('are said at the door; that of the account only once, as the token says the rest', () => {
    const { session, enter } = start({ password: 'secret', roomPassword: 'hush' });
    enter();
    expect(page.socket.sentOf('hello')).toMatchObject([{ password: 'secret', roomPassword: 'hush' }]);
    page.socket.drop();
    session.retryNow();
    enter();
    const [again] = page.socket.sentOf('hello');
    expect(again).toMatchObject({ roomPassword: 'hush', token: 't1' });
    expect(again).not.toHaveProperty('password');
  });

  test('that are not asked for are not said', () => {
    const { enter } = start({ roomPassword: '' });
    enter();
    expect(page.socket.sentOf('hello')[0]).not.toHaveProperty('roomPassword');
  });

  test('of an account are kept nowhere', () => {
    const storage = new FakeStorage();
    const { enter } = start({ password: 'secret', lasting: fakeMemory(storage) });
    enter();
    page.go();
    expect([...storage.items, ...page.tab.items].join()).not.toContain('secret');
  });
});

test('who is renamed is remembered by the new name, and not told of it when they are back', () => {
  const { session, identities, enter } = start();
  enter();
  page.socket.receive({ type: 'self', seq: 2, self: self('Mia') });
  expect(identities.lastName).toBe('Mia');
  expect(identities.tokenFor('mia')).toBe('t1');
  expect(session.toasts.state.get()).toEqual([]);
});

describe('a page that was reloaded', () => {
  test('goes on where it was', () => {
    const { enter, lasting } = start();
    enter([message(10), message(11)]);
    page.go();
    page = new FakePage(page.tab);
    const snapshot = takeSnapshot(ofThisTab, 'lobby', Date.now());
    if (!snapshot) throw new Error('Nothing was kept.');
    const { session } = start({ snapshot, lasting });
    expect(session.room.get().threads['channel:lobby']?.messages.map(({ id }) => id)).toEqual([10, 11]);
    page.socket.open();
    expect(page.socket.sentOf('hello')).toMatchObject([
      { resume: { session: 's1', epoch: 'e1', seq: 1 }, token: 't1' },
    ]);
  });

  test('keeps nothing of a room it never entered', () => {
    start();
    page.go();
    expect(page.tab.items.size).toBe(0);
  });
});

describe('reading', () => {
  test('what is seen is read, and remembered', () => {
    const { lasting, enter } = start();
    enter([message(10)]);
    arrives(11, 2);
    expect(readOf(lasting)).toBe(11);
  });

  test('who looks at another page does not read, until they are back', () => {
    const { session, lasting, enter } = start();
    enter([message(10)]);
    page.hide();
    arrives(11, 2);
    expect(readOf(lasting)).toBe(10);
    expect(session.room.get().divider).toBe(10);
    page.show();
    expect(readOf(lasting)).toBe(11);
  });
});

describe('a connection that is lost', () => {
  test('is retried at once when the person says so', () => {
    const { session, enter } = start();
    enter();
    page.socket.drop();
    expect(session.connection.get().kind).toBe('waiting');
    session.retryNow();
    expect(page.sockets).toHaveLength(2);
    expect(session.connection.get().kind).toBe('connecting');
  });

  test('and comes back to a server that forgot, is told again what we do', () => {
    const { session, enter } = start();
    enter();
    session.presence.setStatus('lunch');
    page.socket.drop();
    session.retryNow();
    enter();
    expect(page.socket.sentOf('presence')).toMatchObject([{ status: 'lunch' }]);
  });
});

test('notices of the server are shown', () => {
  const { session, enter } = start();
  enter();
  page.socket.receive({ type: 'notice', seq: 2, text: 'We restart at noon.' }, { type: 'marked', seq: 3, by: 'olga' });
  expect(session.toasts.state.get().map((toast) => [toast.tone, toast.text])).toEqual([
    ['info', 'We restart at noon.'],
    ['bad', 'Your camera was marked as explicit.'],
  ]);
});

test('leaving says goodbye, and hears and keeps nothing any more', () => {
  const { session, lasting, enter } = start();
  enter();
  session.close();
  expect(page.socket.sentOf('leave')).toHaveLength(1);
  expect(session.connection.get()).toMatchObject({ kind: 'closed', reason: { kind: 'own' } });
  arrives(11, 2);
  page.go();
  expect(readOf(lasting)).toBe(10);
  expect(page.tab.items.size).toBe(0);
});
