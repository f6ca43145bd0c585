import { describe, expect, test, vi } from 'vitest';
import { open, openOne, rawSocket, type Stage, stage, until } from './testing/sockets.ts';

describe('an upgrade', () => {
  test('at a path of a wire is accepted, with its path; elsewhere there is nothing', async () => {
    const at = await stage();
    const { accepted } = await openOne(at, { path: '/ws?token=x' });
    expect(accepted.path).toBe('/ws');
    expect(accepted.connection.address).toBe('127.0.0.1');
    expect((await open(at, { path: '/elsewhere' })).status).toBe(404);
    expect((await open(at, { path: '/ws/' })).status).toBe(404);
  });

  test.each([
    ['no origin', undefined, 101],
    ['the own host', 'http://127.0.0.1:PORT', 101],
    ['the own host, encrypted outside', 'https://127.0.0.1:PORT', 101],
    ['a host that is configured', 'https://chat.example', 101],
    ['another site', 'https://evil.example', 403],
    ['the own host on another port', 'http://127.0.0.1:1', 403],
    ['a sandboxed page', 'null', 403],
    ['a name that begins like ours', 'http://127.0.0.1:PORT.evil.example', 403],
    ['nonsense', 'nonsense', 403],
  ])('from %s: %s is %d', async (_, origin, status) => {
    const at = await stage();
    const given = origin?.replace('PORT', String(at.port));
    expect((await open(at, given === undefined ? {} : { origin: given })).status).toBe(status);
    expect(at.accepted).toHaveLength(status === 101 ? 1 : 0);
  });

  test('beyond what one address may have is refused, until one has gone', async () => {
    const at = await stage({ connectionsPerAddress: 2 });
    const [first] = [await openOne(at), await openOne(at)];
    expect((await open(at)).status).toBe(429);
    first.ws.close();
    await until(() => first.accepted.closed.length === 1);
    expect((await open(at)).status).toBe(101);
    expect((await open(at)).status).toBe(429);
  });

  test('beyond what the server takes is refused, until one has gone', async () => {
    const at = await stage({ connections: 1 });
    const { ws, accepted } = await openOne(at);
    expect((await open(at)).status).toBe(503);
    ws.terminate();
    await until(() => accepted.closed.length === 1);
    expect((await open(at)).status).toBe(101);
  });

  test('is of the address that a proxy adds last, where there is one', async () => {
    const headers = { 'x-forwarded-for': '198.51.100.7, 203.0.113.9' };
    const address = async (trustProxy: boolean) =>
      (await openOne(await stage({ trustProxy }), { headers })).accepted.connection.address;
    expect(await address(false)).toBe('127.0.0.1');
    expect(await address(true)).toBe('203.0.113.9');
  });

  test('that is refused does not keep its socket, even of a peer that never ends', async () => {
    const at = await stage();
    const socket = rawSocket(at, '/elsewhere');
    await until(() => socket.received.includes('404 Not Found'));
    await vi.waitFor(
      async () => expect(await new Promise((count) => at.server.getConnections((_, open) => count(open)))).toBe(0),
      { timeout: 10_000 },
    );
  });
});

describe('frames', () => {
  test('arrive as they were sent: text as text, bytes as bytes, in order', async () => {
    const { ws, accepted } = await openOne(await stage());
    ws.send('héllo 😀');
    ws.send(Buffer.from([0, 255]));
    ws.send('');
    await until(() => accepted.received.length === 3);
    expect(accepted.received[0]).toEqual({ kind: 'text', text: 'héllo 😀' });
    expect(accepted.received[1]).toMatchObject({ kind: 'binary' });
    expect(accepted.received[1]?.kind === 'binary' && [...accepted.received[1].bytes]).toEqual([0, 255]);
    expect(accepted.received[2]).toEqual({ kind: 'text', text: '' });
  });

  test('in fragments are put together', async () => {
    const { ws, accepted } = await openOne(await stage());
    ws.send('one ', { fin: false });
    ws.send('two', { fin: true });
    await until(() => accepted.received.length === 1);
    expect(accepted.received).toEqual([{ kind: 'text', text: 'one two' }]);
  });

  test('go out of every length, shared by all who get them', async () => {
    const at = await stage();
    const peers = [await openOne(at), await openOne(at)];
    const texts = ['', 'x', 'é'.repeat(63), 'x'.repeat(65_535), '😀'.repeat(50_000)];
    const received = peers.map(({ ws }) => {
      const all: string[] = [];
      ws.on('message', (data) => all.push(String(data)));
      return all;
    });
    for (const text of texts) {
      const frame = { text };
      for (const { accepted } of peers) accepted.connection.send(frame);
    }
    await until(() => received.every((all) => all.length === texts.length));
    for (const all of received) expect(all).toEqual(texts);
    expect(peers[0]?.accepted.connection.sizeOf({ text: 'é' })).toBe(4);
  });

  test('too long close the connection with 1009', async () => {
    const { ws, accepted } = await openOne(await stage());
    ws.send('x'.repeat(1_000));
    await until(() => accepted.received.length === 1);
    const closed = new Promise((done) => ws.on('close', done));
    ws.send('x'.repeat(1_001));
    expect(await closed).toBe(1009);
    await until(() => accepted.closed.length === 1);
    expect(accepted.received).toHaveLength(1);
  });

  test('that are no UTF-8 close the connection with 1007', async () => {
    const { ws, accepted } = await openOne(await stage());
    const closed = new Promise((done) => ws.on('close', done));
    ws.send(Buffer.from([0xff, 0xfe]), { binary: false });
    expect(await closed).toBe(1007);
    await until(() => accepted.closed.length === 1);
    expect(accepted.received).toEqual([]);
  });

  test('wait while the peer does not read, and it is told when they may go on', async () => {
    const { ws, accepted } = await openOne(await stage());
    let received = 0;
    ws.on('message', () => received++);
    ws.pause();
    const frame = { text: 'x'.repeat(1_000_000) };
    let sent = 1;
    while (accepted.connection.send(frame)) sent++;
    expect(accepted.connection.bufferedBytes).toBeGreaterThan(0);
    expect(accepted.drains).toBe(0);
    ws.resume();
    await until(() => accepted.drains === 1);
    await until(() => received === sent);
    expect(accepted.connection.bufferedBytes).toBe(0);
  });

  test('are not read while the connection is paused', async () => {
    const { ws, accepted } = await openOne(await stage());
    accepted.connection.pause();
    ws.send('one');
    await new Promise((done) => ws.ping(done));
    expect(accepted.received).toEqual([]);
    accepted.connection.resume();
    await until(() => accepted.received.length === 1);
  });
});

describe('the end', () => {
  test('by the peer is told with its code; without one it is 1006', async () => {
    const at = await stage();
    const [polite, rude] = [await openOne(at), await openOne(at)];
    polite.ws.close(1001);
    rude.ws.terminate();
    await until(() => [polite, rude].every(({ accepted }) => accepted.closed.length === 1));
    expect(polite.accepted.closed).toEqual([{ code: 1001, silent: false }]);
    expect(rude.accepted.closed).toEqual([{ code: 1006, silent: false }]);
  });

  test('by us comes after what was sent, with code and reason', async () => {
    const { ws, accepted } = await openOne(await stage());
    const received: string[] = [];
    ws.on('message', (data) => received.push(String(data)));
    const closed = new Promise((done) => ws.on('close', (code, reason) => done([code, String(reason)])));
    accepted.connection.send({ text: 'bye' });
    accepted.connection.close(4003, 'kicked');
    expect(accepted.connection.send({ text: 'too late' })).toBe(true);
    expect(await closed).toEqual([4003, 'kicked']);
    expect(received).toEqual(['bye']);
    await until(() => accepted.closed.length === 1);
  });

  test('of all: closing waits for those who are going', async () => {
    const at = await stage();
    const { accepted } = await openOne(at);
    accepted.connection.close(1012, 'restarting');
    await at.transport.close();
    expect(accepted.closed).toEqual([{ code: 1012, silent: false }]);
  });
});

describe('a peer', () => {
  /** The transport's seconds are ours; the sockets are real. */
  async function withClock(): Promise<{ readonly at: Stage; second(count?: number): void }> {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    return { at: await stage(), second: (count = 1) => void vi.advanceTimersByTime(count * 1_000) };
  }

  test('that answers pings stays', async () => {
    const { at, second } = await withClock();
    const { ws, accepted } = await openOne(at);
    let pings = 0;
    ws.on('ping', () => pings++);
    for (let round = 1; round <= 4; round++) {
      second(15);
      await until(() => pings === round);
      // A frame of its own, after the pong: when it is here, the pong is, too.
      ws.send(`${round}`);
      await until(() => accepted.received.length === round);
    }
    expect(accepted.closed).toEqual([]);
  });

  test('that answers nothing is gone when the next ping is due', async () => {
    const { at, second } = await withClock();
    const { ws, accepted } = await openOne(at, { autoPong: false });
    const pinged = new Promise((done) => ws.on('ping', done));
    second(15);
    await pinged;
    expect(accepted.closed).toEqual([]);
    second(15);
    await until(() => accepted.closed.length === 1);
    expect(accepted.closed).toEqual([{ code: 1006, silent: true }]);
  });

  test('that is not listened to is not gone for that', async () => {
    const { at, second } = await withClock();
    const { ws, accepted } = await openOne(at);
    const pinged = new Promise((done) => ws.once('ping', done));
    second(15);
    await pinged;
    accepted.connection.pause();
    second(60);
    accepted.connection.resume();
    second(15);
    ws.send('still here');
    await until(() => accepted.received.length === 1);
    expect(accepted.closed).toEqual([]);
  });

  test('that sends much before it entered is dropped, unless it is trusted', async () => {
    const { at, second } = await withClock();
    const [stranger, member] = [await openOne(at), await openOne(at)];
    member.accepted.connection.trust();
    const frames = 5_000;
    for (const { ws } of [stranger, member]) for (let index = 0; index < frames; index++) ws.send('x'.repeat(900));
    await until(() => [stranger, member].every(({ accepted }) => accepted.received.length === frames));
    second();
    await until(() => stranger.accepted.closed.length === 1);
    member.ws.send('fine');
    await until(() => member.accepted.received.length === frames + 1);
  });
});
