import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BACKOFF_MS, notice, roomFrame, type ScriptedSocket, script } from './client.test-network.ts';
import { ConnectionLostError, ParlourClient, QueueFullError, RefusedError } from './client.ts';
import { MAX_WAITING } from './client-asks.ts';
import { WELCOME_WITHIN_MS } from './client-connection.ts';
import { MAX_OUTBOX, TOO_FAST_PAUSE_MS } from './client-outbox.ts';

beforeEach(() => {
  vi.useFakeTimers();
});

afterEach(() => {
  expect(vi.getTimerCount(), 'timers left over').toBe(0);
  vi.useRealTimers();
});

const toBob = { to: 'bob' };

function lastPost(socket: ScriptedSocket) {
  const post = socket.sentOf('post').at(-1);
  if (!post) throw new Error('Nothing was posted.');
  return post;
}

function answerPost(socket: ScriptedSocket, messageId: number): void {
  socket.receive({ type: 'ok', ref: lastPost(socket).ref ?? '', messageId, at: 1 });
}

describe('entering', () => {
  test('says hello, and is open from the welcome on', () => {
    const { client, events, welcome } = script({ token: 't0', invitation: 'i0', status: 'away' });
    const socket = welcome();
    expect(socket.sent).toEqual([
      {
        type: 'hello',
        ref: 'hello',
        version: 1,
        room: 'lobby',
        name: 'ann',
        token: 't0',
        invitation: 'i0',
        status: 'away',
      },
    ]);
    expect(client.state).toEqual({ kind: 'open' });
    expect(client.token).toBe('t1');
    expect(events.map((event) => (event.type === 'state' ? event.state.kind : event.type))).toEqual([
      'connecting',
      'welcome',
      'open',
    ]);
    client.close();
  });

  test('a refused hello ends it for good', () => {
    const { client, socket, sockets } = script();
    socket().open();
    socket().receive({ type: 'refused', ref: 'hello', code: 'banned', message: 'You are banned from this room.' });
    expect(client.state).toMatchObject({ kind: 'closed', reason: { kind: 'refused', refusal: { code: 'banned' } } });
    expect(socket().closedByClient).toBe(true);
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(1);
  });

  test('a hello that was too fast is said again', () => {
    const { client, socket, sockets } = script();
    socket().open();
    socket().receive({ type: 'refused', ref: 'hello', code: 'too-fast', message: 'Too fast.' });
    expect(client.state).toMatchObject({ kind: 'waiting', attempt: 1, retryAt: Date.now() + BACKOFF_MS });
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(sockets).toHaveLength(2);
    client.close();
  });

  test('a server that never answers is given up and tried again', () => {
    const { client, socket } = script();
    const first = socket();
    first.open();
    vi.advanceTimersByTime(WELCOME_WITHIN_MS);
    expect(first.closedByClient).toBe(true);
    expect(client.state.kind).toBe('waiting');
    client.close();
  });

  test('a connection that cannot be made is tried again', async () => {
    let tries = 0;
    const { client } = script({
      connect: () => {
        tries += 1;
        throw new Error('no network');
      },
    });
    await vi.advanceTimersByTimeAsync(BACKOFF_MS);
    expect(tries).toBe(2);
    client.close();
  });

  test('an address that is none is said at once', () => {
    expect(() => new ParlourClient({ url: 'nowhere', room: 'lobby', name: 'ann' })).toThrow(TypeError);
  });
});

describe('resuming', () => {
  test('says the last frame it saw, and drops what it saw before', () => {
    const { client, seqs, welcome } = script({ invitation: 'i0' });
    const first = welcome();
    first.receive(roomFrame(11), notice(12), notice(15));
    expect(client.resumePoint).toEqual({ session: 's1', epoch: 'e1', seq: 15 });
    first.drop();
    vi.advanceTimersByTime(BACKOFF_MS);
    const second = welcome({ recovered: true, seq: 20 });
    expect(second.sentOf('hello')[0]).toMatchObject({ token: 't1', resume: { session: 's1', epoch: 'e1', seq: 15 } });
    expect(second.sentOf('hello')[0]).not.toHaveProperty('invitation');
    second.receive(notice(15), notice(17), notice(20));
    expect(seqs()).toEqual([11, 12, 15, 17, 20]);
    client.close();
    expect(client.resumePoint).toBeUndefined();
  });

  test('where nothing was recovered, begins anew with the room frame, whatever its number', () => {
    const { client, seqs, welcome } = script({ resume: { session: 's0', epoch: 'e0', seq: 900 } });
    const socket = welcome({ recovered: false, epoch: 'e2', session: 's2' });
    socket.receive(notice(2), roomFrame(3), notice(4), notice(4));
    expect(seqs()).toEqual([3, 4]);
    expect(client.resumePoint).toEqual({ session: 's2', epoch: 'e2', seq: 4 });
    client.close();
  });

  test('a room frame that was lost is not taken for read', () => {
    const { client, seqs, welcome } = script();
    welcome({ seq: 10 }).drop();
    vi.advanceTimersByTime(BACKOFF_MS);
    const second = welcome({ seq: 12 });
    expect(second.sentOf('hello')[0]?.resume).toEqual({ session: 's1', epoch: '', seq: 0 });
    second.receive(roomFrame(13));
    expect(seqs()).toEqual([13]);
    client.close();
  });

  test('the resume point includes the frame a listener is told of', () => {
    const { client, welcome } = script();
    const points: (number | undefined)[] = [];
    client.on((event) => {
      if (event.type === 'frame') points.push(client.resumePoint?.seq);
    });
    welcome().receive(roomFrame(11), notice(12));
    expect(points).toEqual([11, 12]);
    client.close();
  });

  test('enters anew with the status it has now', () => {
    const { client, welcome } = script({ status: 'online' });
    const first = welcome();
    client.ask({ type: 'presence', status: 'away' }).catch(() => {});
    first.drop();
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(welcome().sentOf('hello')[0]?.status).toBe('away');
    client.close();
  });
});

describe('coming back', () => {
  test('counts attempts until a connection holds', () => {
    const { client, socket, welcome } = script();
    const attempts: number[] = [];
    client.on((event) => {
      if (event.type === 'state' && event.state.kind === 'waiting') attempts.push(event.state.attempt);
    });
    socket().drop();
    vi.advanceTimersByTime(BACKOFF_MS);
    welcome().drop();
    vi.advanceTimersByTime(BACKOFF_MS);
    welcome();
    vi.advanceTimersByTime(5_000);
    socket().drop();
    expect(attempts).toEqual([1, 2, 1]);
    client.close();
  });

  test('bye with comeBack leads to a new connection, without it to the end', () => {
    const { client, socket, sockets, welcome } = script();
    welcome().receive({ type: 'bye', code: 'server-stopping', message: 'Restarting.', comeBack: true });
    expect(client.state.kind).toBe('waiting');
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(sockets).toHaveLength(2);
    welcome().receive({ type: 'bye', code: 'kicked', message: 'Kicked.', reason: 'rude', comeBack: false });
    expect(client.state).toMatchObject({ kind: 'closed', reason: { kind: 'bye', bye: { reason: 'rude' } } });
    socket().drop();
    vi.advanceTimersByTime(60_000);
    expect(sockets).toHaveLength(2);
  });

  test('tries at once when the browser is online again', () => {
    const target = new EventTarget();
    vi.stubGlobal('addEventListener', target.addEventListener.bind(target));
    vi.stubGlobal('removeEventListener', target.removeEventListener.bind(target));
    const { client, socket, sockets } = script();
    socket().drop();
    target.dispatchEvent(new Event('online'));
    expect(sockets).toHaveLength(2);
    target.dispatchEvent(new Event('online'));
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(sockets).toHaveLength(2);
    client.close();
    vi.unstubAllGlobals();
  });

  test('tries at once when it is told to, and only while it waits', () => {
    const { client, socket, sockets, welcome } = script();
    client.retryNow();
    expect(sockets).toHaveLength(1);
    socket().drop();
    client.retryNow();
    expect(sockets).toHaveLength(2);
    client.retryNow();
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(sockets).toHaveLength(2);
    welcome();
    client.close();
    client.retryNow();
    expect(sockets).toHaveLength(2);
  });
});

describe('keep-alive', () => {
  test('pings where nothing was sent, and only then', async () => {
    const { client, welcome } = script();
    const socket = welcome();
    vi.advanceTimersByTime(15_000);
    const typing = client.ask({ type: 'typing', target: toBob, on: true });
    socket.receive({ type: 'ok', ref: 'a1' });
    await typing;
    vi.advanceTimersByTime(19_999);
    expect(socket.sentOf('ping')).toHaveLength(0);
    vi.advanceTimersByTime(1);
    expect(socket.sentOf('ping')).toHaveLength(1);
    client.close();
  });

  test('a silent connection is lost after two and a half intervals', () => {
    const { client, welcome } = script();
    const socket = welcome();
    vi.advanceTimersByTime(49_999);
    expect(client.state.kind).toBe('open');
    vi.advanceTimersByTime(1);
    expect(client.state.kind).toBe('waiting');
    expect(socket.closedByClient).toBe(true);
    client.close();
  });

  test('a connection that answers is kept', () => {
    const { client, welcome } = script();
    const socket = welcome();
    for (let minute = 0; minute < 10; minute += 1) {
      vi.advanceTimersByTime(20_000);
      socket.receive({ type: 'pong' });
    }
    expect(client.state.kind).toBe('open');
    expect(socket.sentOf('ping')).toHaveLength(10);
    client.close();
  });
});

describe('asking', () => {
  test('gives each answer to who asked, in any order', async () => {
    const { client, welcome } = script();
    const socket = welcome();
    const threads = client.ask({ type: 'threads' });
    const bans = client.ask({ type: 'bans' });
    const [first, second] = [socket.sentOf('threads')[0]?.ref ?? '', socket.sentOf('bans')[0]?.ref ?? ''];
    socket.receive({ type: 'ok', ref: second, bans: [] }, { type: 'ok', ref: first, threads: [] });
    expect(await threads).toHaveProperty('threads');
    expect(await bans).toHaveProperty('bans');
    client.close();
  });

  test('a refusal rejects with its code, subject and sentence', async () => {
    const { client, welcome } = script();
    const socket = welcome();
    const opening = client.ask({ type: 'open-camera', name: 'bob' });
    const ref = socket.sentOf('open-camera')[0]?.ref ?? '';
    socket.receive({ type: 'refused', ref, code: 'camera-off', message: 'bob is off.', subject: 'bob' });
    const error = await opening.catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(RefusedError);
    expect(error).toMatchObject({ code: 'camera-off', subject: 'bob', message: 'bob is off.' });
    expect(client.state.kind).toBe('open');
    client.close();
  });

  test('an answer that is lost with its connection rejects, and is not asked again', async () => {
    const { client, welcome } = script();
    const asked = client.ask({ type: 'kick', name: 'bob' });
    const lost = expect(asked).rejects.toThrow(ConnectionLostError);
    welcome().drop();
    await lost;
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(welcome().sentOf('kick')).toHaveLength(0);
    client.close();
  });

  test('waits for a connection, in order, up to a bound', async () => {
    const { client, welcome } = script();
    const asked = Array.from({ length: MAX_WAITING }, (_, index) => client.ask({ type: 'kick', name: `${index}` }));
    await expect(client.ask({ type: 'threads' })).rejects.toThrow(QueueFullError);
    const socket = welcome();
    expect(socket.sentOf('kick').map((frame) => frame.name)).toEqual(asked.map((_, index) => `${index}`));
    const settled = Promise.allSettled(asked);
    client.close();
    expect((await settled).every(({ status }) => status === 'rejected')).toBe(true);
  });

  test('a closed client says so', async () => {
    const { client, welcome } = script();
    const waiting = client.post({ target: toBob, text: 'hi' });
    const rejected = expect(waiting).rejects.toThrow(ConnectionLostError);
    const socket = welcome();
    client.close();
    await rejected;
    expect(socket.sent.at(-1)).toEqual({ type: 'leave' });
    expect(client.state).toEqual({ kind: 'closed', reason: { kind: 'own' } });
    await expect(client.ask({ type: 'threads' })).rejects.toThrow(ConnectionLostError);
  });
});

describe('posting', () => {
  test('answers with the message id', async () => {
    const { client, welcome } = script();
    const socket = welcome();
    const posted = client.post({ target: toBob, text: 'hi' });
    const [frame] = socket.sentOf('post');
    expect(frame).toMatchObject({ target: toBob, text: 'hi', id: expect.stringMatching(/^[0-9a-f]{32}$/) });
    socket.receive({ type: 'ok', ref: frame?.ref ?? '', messageId: 7, at: 70 });
    expect(await posted).toEqual({ messageId: 7, at: 70 });
    client.close();
  });

  test('posts that get lost are sent again under their ids, before newer ones', async () => {
    const { client, welcome } = script();
    const first = welcome();
    const posted = [client.post({ target: toBob, text: 'one' }), client.post({ target: toBob, text: 'two' })];
    answerPost(first, 1);
    first.drop();
    posted.push(client.post({ target: toBob, text: 'three', id: 'mine' }));
    vi.advanceTimersByTime(BACKOFF_MS);
    const second = welcome();
    answerPost(second, 2);
    answerPost(second, 3);
    expect(second.sentOf('post').map(({ text, id }) => ({ text, id }))).toEqual([
      { text: 'two', id: first.sentOf('post')[1]?.id },
      { text: 'three', id: 'mine' },
    ]);
    expect((await Promise.all(posted)).map(({ messageId }) => messageId)).toEqual([1, 2, 3]);
    client.close();
  });

  test('what is posted on hearing the welcome comes after what has waited', () => {
    const { client, welcome } = script();
    client.on((event) => {
      if (event.type === 'welcome') client.post({ target: toBob, text: 'new' }).catch(() => {});
    });
    client.post({ target: toBob, text: 'old' }).catch(() => {});
    const socket = welcome();
    answerPost(socket, 1);
    expect(socket.sentOf('post').map(({ text }) => text)).toEqual(['old', 'new']);
    client.close();
  });

  test('a post that was too fast is sent again after a while, before newer ones', async () => {
    const { client, welcome } = script();
    const socket = welcome();
    const posted = [client.post({ target: toBob, text: 'one' }), client.post({ target: toBob, text: 'two' })];
    socket.receive({ type: 'refused', ref: lastPost(socket).ref ?? '', code: 'too-fast', message: 'Too fast.' });
    vi.advanceTimersByTime(TOO_FAST_PAUSE_MS - 1);
    posted.push(client.post({ target: toBob, text: 'three' }));
    expect(socket.sentOf('post')).toHaveLength(1);
    vi.advanceTimersByTime(1);
    for (const messageId of [1, 2, 3]) answerPost(socket, messageId);
    expect((await Promise.all(posted)).map(({ messageId }) => messageId)).toEqual([1, 2, 3]);
    const sent = socket.sentOf('post');
    expect(sent.map(({ text }) => text)).toEqual(['one', 'one', 'two', 'three']);
    expect(sent[1]?.id).toBe(sent[0]?.id);
    client.close();
  });

  test('a pause for being too fast ends with its connection', () => {
    const { client, welcome } = script();
    const first = welcome();
    client.post({ target: toBob, text: 'one' }).catch(() => {});
    first.receive({ type: 'refused', ref: lastPost(first).ref ?? '', code: 'too-fast', message: 'Too fast.' });
    first.drop();
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(welcome().sentOf('post')).toHaveLength(1);
    client.close();
  });

  test('a refused post is not sent again', async () => {
    const { client, welcome } = script();
    const first = welcome();
    const posted = client.post({ target: toBob, text: '' });
    const refused = expect(posted).rejects.toMatchObject({ code: 'message-empty' });
    first.receive({
      type: 'refused',
      ref: first.sentOf('post')[0]?.ref ?? '',
      code: 'message-empty',
      message: 'Empty.',
    });
    await refused;
    first.drop();
    vi.advanceTimersByTime(BACKOFF_MS);
    expect(welcome().sentOf('post')).toHaveLength(0);
    client.close();
  });

  test('a full outbox refuses, and empties itself in order', async () => {
    const { client, welcome } = script();
    const posted = Array.from({ length: MAX_OUTBOX }, (_, index) => client.post({ target: toBob, text: `${index}` }));
    await expect(client.post({ target: toBob, text: 'too many' })).rejects.toThrow(QueueFullError);
    const socket = welcome();
    for (const index of posted.keys()) answerPost(socket, index + 1);
    expect((await Promise.all(posted)).map(({ messageId }) => messageId)).toEqual(posted.map((_, index) => index + 1));
    expect(socket.sentOf('post').map(({ text }) => text)).toEqual(posted.map((_, index) => `${index}`));
    client.close();
  });

  test('text that would close the connection each time is refused at once', async () => {
    const { client, welcome } = script();
    const socket = welcome();
    const posted = client.post({ target: toBob, text: 'x'.repeat(64_001) });
    await expect(posted).rejects.toMatchObject({ code: 'message-too-long' });
    expect(socket.sentOf('post')).toHaveLength(0);
    client.close();
  });
});

describe('strange input', () => {
  test('is ignored, and the connection goes on', () => {
    const { client, socket, seqs, welcome } = script();
    socket().receive(notice(1), { type: 'ok', ref: 'hello' });
    welcome().receive(roomFrame(11));
    const strange = ['', '{', 'null', '[]', '7', '{"type":7}', '{"type":"toString"}', '{"type":"hologram","seq":12}'];
    const broken = ['{"type":"notice"}', '{"type":"notice","seq":"x"}', '{"type":"bye"}', '{"type":"welcome"}'];
    for (const text of [...strange, ...broken, new ArrayBuffer(1), undefined]) socket().receiveText(text);
    socket().receive({ type: 'ok', ref: 'nobody' }, { type: 'refused', code: 'bad-frame', message: 'What?' });
    socket().receive(notice(12));
    expect(seqs()).toEqual([11, 12]);
    expect(client.state.kind).toBe('open');
    client.close();
  });

  test('a listener that throws neither stops the others nor reaches the socket', () => {
    const { client, seqs, socket, welcome } = script();
    const thrown: unknown[] = [];
    vi.stubGlobal('queueMicrotask', (task: () => void) => {
      try {
        task();
      } catch (error) {
        thrown.push(error);
      }
    });
    const stop = client.on(() => {
      throw new Error('mine');
    });
    welcome();
    expect(() => socket().receive(roomFrame(11))).not.toThrow();
    expect(thrown.length).toBeGreaterThan(0);
    stop();
    thrown.length = 0;
    const late = client.on(() => {});
    socket().receive(notice(12));
    late();
    expect(thrown).toEqual([]);
    expect(seqs()).toEqual([11, 12]);
    client.close();
    vi.unstubAllGlobals();
  });

  test('a listener may close the client at any event', () => {
    for (const at of ['connecting', 'welcome', 'open', 'frame', 'waiting']) {
      const { client, events, socket, welcome } = script();
      client.on((event) => {
        if ((event.type === 'state' ? event.state.kind : event.type) === at) client.close();
      });
      welcome();
      socket().receive(roomFrame(11));
      socket().drop();
      vi.advanceTimersByTime(BACKOFF_MS);
      client.close();
      expect(events.at(-1)).toEqual({ type: 'state', state: { kind: 'closed', reason: { kind: 'own' } } });
    }
  });
});
