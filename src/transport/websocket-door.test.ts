import { describe, expect, test } from 'vitest';
import type { Admission, Knock } from '../dialects/dialect.ts';
import type { Found } from '../dialects/mounts.ts';
import { MOUNTED, open, openOne, rawSocket, type Stage, stage, until } from './testing/sockets.ts';
import type { WebSocketTransportOptions } from './websocket.ts';

type Asked = Omit<Knock, 'parameters'>;

/** A door at `/door/…`, which answers as it is told; and `/ws`, which has none. */
async function withDoor(
  answer: (knock: Asked) => Promise<Admission>,
  options: Partial<WebSocketTransportOptions> = {},
): Promise<Stage & { readonly knocks: Asked[] }> {
  const knocks: Asked[] = [];
  const door: Found = { ...MOUNTED, mount: { ...MOUNTED.mount, admit: answer }, parameters: { name: 'den' } };
  const at = await stage({
    mounts: { at: (path) => (path === '/ws' ? [MOUNTED] : path.startsWith('/door') ? [door] : []) },
    admit: (found, knock) => {
      expect(found).toBe(door);
      knocks.push(knock);
      return answer(knock);
    },
    ...options,
  });
  return { ...at, knocks };
}

/** Lets nobody through before it is opened. */
function gate() {
  let open = (): void => {};
  const opened = new Promise<void>((done) => {
    open = done;
  });
  return { opened, open };
}

const closed = (status: string, body: string) => async () => ({ refused: { status, body } });

describe('somebody at a door', () => {
  test('comes in with what it said of them', async () => {
    const pass = { visitor: 'abc' };
    const at = await withDoor(async () => ({ pass }));
    const { accepted, ws } = await openOne(at, { path: '/door/den?x=1' });
    expect(accepted).toMatchObject({ path: '/door/den' });
    expect(accepted.pass).toBe(pass);
    ws.send('hello');
    await until(() => accepted.received.length === 1);
  });

  test('is asked for by path, headers in lower case, and address', async () => {
    const at = await withDoor(async () => ({ pass: {} }), { trustProxy: true });
    const headers = { Cookie: 'a=1; b=2', 'X-Forwarded-For': '203.0.113.9', 'X-Many': 'one, two' };
    await openOne(at, { path: '/door/den?secret', headers });
    expect(at.knocks).toMatchObject([
      {
        path: '/door/den',
        address: '203.0.113.9',
        headers: { cookie: 'a=1; b=2', 'x-many': 'one, two', upgrade: 'websocket' },
      },
    ]);
  });

  test.each([
    ['403 Forbidden', 'This room is full.', 403],
    ['401 Unauthorized', '', 401],
    ['404 Not Found', 'Ünïcode 😀', 404],
  ])('who is not let in is told: %s, %j', async (status, body, code) => {
    const at = await withDoor(closed(status, body));
    expect(await open(at, { path: '/door/den' })).toMatchObject({ status: code, body });
    expect(at.accepted).toEqual([]);
  });

  test.each([
    ['rejects', () => Promise.reject(new Error('ours'))],
    [
      'throws',
      () => {
        throw new Error('ours');
      },
    ],
  ])('that %s is answered with 500, and the next is asked again', async (_, fail) => {
    let isBroken = true;
    const at = await withDoor(() => (isBroken ? fail() : Promise.resolve({ pass: {} })));
    expect(await open(at, { path: '/door/den' })).toMatchObject({ status: 500, body: '' });
    isBroken = false;
    await openOne(at, { path: '/door/den' });
  });

  test('is not asked where they would be turned away anyway', async () => {
    const at = await withDoor(async () => ({ pass: {} }), { connections: 1 });
    expect(await open(at, { path: '/door/den', origin: 'https://evil.example' })).toMatchObject({ status: 403 });
    expect(await open(at, { path: '/elsewhere' })).toMatchObject({ status: 404 });
    await openOne(at);
    expect(await open(at, { path: '/door/den' })).toMatchObject({ status: 503 });
    expect(at.knocks).toEqual([]);
  });

  test('is nobody’s business on a path without one', async () => {
    const at = await withDoor(closed('403 Forbidden', ''));
    expect((await openOne(at)).accepted.pass).toBeUndefined();
    expect(at.knocks).toEqual([]);
  });
});

describe('while a door takes its time', () => {
  test('others come in elsewhere, and who waits hears nothing yet', async () => {
    const { opened, open: letIn } = gate();
    const at = await withDoor(() => opened.then(() => ({ pass: {} })));
    const waiting = open(at, { path: '/door/den' });
    await until(() => at.knocks.length === 1);
    await openOne(at);
    expect(at.accepted).toHaveLength(1);
    letIn();
    expect((await waiting).status).toBe(101);
    expect(at.accepted).toHaveLength(2);
  });

  test('frames sent before the answer are not lost', async () => {
    const { opened, open: letIn } = gate();
    const at = await withDoor(() => opened.then(() => ({ pass: {} })));
    const peer = rawSocket(at, '/door/den');
    await until(() => at.knocks.length === 1);
    // "hi", masked with zeros.
    peer.socket.write(Buffer.from([0x81, 0x82, 0, 0, 0, 0, 0x68, 0x69]));
    letIn();
    await until(() => at.accepted[0]?.received.length === 1);
    expect(at.accepted[0]?.received).toEqual([{ kind: 'text', text: 'hi' }]);
  });

  test('who went meanwhile is not let in', async () => {
    const { opened, open: letIn } = gate();
    const answered: Promise<void>[] = [];
    const at = await withDoor(async () => {
      answered.push(opened);
      await opened;
      return { pass: {} };
    });
    const peer = rawSocket(at, '/door/den');
    await until(() => at.knocks.length === 1);
    const gone = new Promise((done) => peer.socket.on('close', done));
    peer.socket.resetAndDestroy();
    await gone;
    await expectNoSockets(at);
    letIn();
    await Promise.all(answered);
    await openOne(at);
    expect(at.accepted).toHaveLength(1);
  });

  test('the house may fill: the last place is taken once', async () => {
    const { opened, open: letIn } = gate();
    const at = await withDoor(() => opened.then(() => ({ pass: {} })), { connections: 1 });
    const both = [open(at, { path: '/door/a' }), open(at, { path: '/door/b' })];
    await until(() => at.knocks.length === 2);
    letIn();
    expect((await Promise.all(both)).map(({ status }) => status).sort()).toEqual([101, 503]);
    expect(at.accepted).toHaveLength(1);
  });

  test('the server may close: nobody comes in afterwards', async () => {
    const { opened, open: letIn } = gate();
    const at = await withDoor(() => opened.then(() => ({ pass: {} })));
    const peer = rawSocket(at, '/door/den');
    await until(() => at.knocks.length === 1);
    const gone = new Promise((done) => peer.socket.on('end', done));
    await at.transport.close();
    letIn();
    await gone;
    expect(at.accepted).toEqual([]);
    expect(peer.received).toBe('');
  });

  test('no more than 256 wait; the next is told so, and there is room again afterwards', async () => {
    const { opened, open: letIn } = gate();
    const at = await withDoor(() => opened.then(() => ({ refused: { status: '403 Forbidden', body: '' } })));
    const peers = Array.from({ length: 256 }, () => rawSocket(at, '/door/den'));
    await until(() => at.knocks.length === 256);
    expect(await open(at, { path: '/door/den' })).toMatchObject({ status: 503 });
    expect(at.knocks).toHaveLength(256);
    await openOne(at);
    letIn();
    await until(() => peers.every(({ received }) => received.includes('403 Forbidden')));
    expect(await open(at, { path: '/door/den' })).toMatchObject({ status: 403 });
  });
});

/** The server's side has noticed that nobody is there. */
async function expectNoSockets({ server }: Stage): Promise<void> {
  const count = () => new Promise<number>((done) => server.getConnections((_, open) => done(open)));
  while ((await count()) > 0) await new Promise((turn) => setImmediate(turn));
}
