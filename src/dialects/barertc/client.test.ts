import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import { BareRtcClient, type BareRtcClientOptions } from './client.ts';

/** A server that does as it is told: the test says each frame. */
class Script {
  readonly #server = new WebSocketServer({ host: '127.0.0.1', port: 0 });
  readonly received: Record<string, unknown>[] = [];
  readonly #arrivals = new Set<() => void>();
  #socket: WebSocket | undefined;
  extensions: string | undefined;

  async open(): Promise<void> {
    this.#server.on('connection', (socket, request) => {
      this.#socket = socket;
      this.extensions = request.headers['sec-websocket-extensions'];
      socket.on('message', (data, isBinary) => {
        expect(isBinary).toBe(false);
        this.received.push(JSON.parse(String(data)));
        for (const arrived of this.#arrivals) arrived();
      });
    });
    await once(this.#server, 'listening');
  }

  get url(): string {
    return `ws://127.0.0.1:${(this.#server.address() as AddressInfo).port}/ws`;
  }

  say(...frames: readonly object[]): void {
    for (const frame of frames) this.#socket?.send(JSON.stringify(frame));
  }

  sayText(text: string): void {
    this.#socket?.send(text);
  }

  sayBinary(text: string): void {
    this.#socket?.send(Buffer.from(text), { binary: true });
  }

  hangUp(code: number, reason: string): void {
    this.#socket?.close(code, reason);
  }

  /** The frames received, once there are so many. */
  heard(count: number): Promise<readonly Record<string, unknown>[]> {
    return new Promise((resolve) => {
      const look = () => {
        if (this.received.length < count) return;
        this.#arrivals.delete(look);
        resolve(this.received);
      };
      this.#arrivals.add(look);
      look();
    });
  }

  async close(): Promise<void> {
    for (const socket of this.#server.clients) socket.terminate();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

let server: Script;

beforeEach(async () => {
  server = new Script();
  await server.open();
});

afterEach(() => server.close());

async function loggedIn(options: Partial<BareRtcClientOptions> = {}): Promise<BareRtcClient> {
  const client = await BareRtcClient.connect({ url: server.url, username: 'alice', ...options });
  client.login();
  await server.heard(1);
  server.say({ action: 'me', username: 'alice', video: 0 });
  await client.waitFor((frame) => frame.action === 'me');
  client.mark();
  return client;
}

describe('entering', () => {
  test('a guest of the latest generation', async () => {
    const entering = BareRtcClient.enter({ url: server.url, username: 'alice', blocklist: ['mallory'], dnd: true });
    expect(await server.heard(2)).toEqual([
      { action: 'blocklist', usernames: ['mallory'] },
      { action: 'login', username: 'alice', jwt: '', dnd: true },
    ]);
    server.say({ action: 'me', username: 'alice 2' });
    const client = await entering;
    expect(client.name).toBe('alice 2');
    expect(client.loggedIn).toBe(true);
    expect((await server.heard(4)).slice(2)).toEqual([
      { action: 'blocklist', usernames: ['mallory'] },
      { action: 'me', video: 0, status: 'online', dnd: true },
    ]);
    expect(server.extensions).toBeUndefined();
  });

  test('a later me is not answered, and marks an open camera', async () => {
    const client = await loggedIn();
    client.me({ video: 17 });
    server.say({ action: 'me', username: 'alice', video: 19 });
    await client.waitFor((frame) => frame.action === 'me');
    client.me({ status: 'lunch' });
    expect((await server.heard(4)).slice(1)).toEqual([
      { action: 'me', video: 0, status: 'online', dnd: false },
      { action: 'me', video: 17, status: 'online', dnd: false },
      { action: 'me', video: 19, status: 'lunch', dnd: false },
    ]);
  });

  test('an older generation has its own habits', async () => {
    const client = await loggedIn({ generation: 'seed-2023-03', blocklist: ['mallory'], jwt: 'a.b.c' });
    client.me({ videoActive: true });
    expect(await server.heard(2)).toEqual([
      { action: 'login', username: 'alice', jwt: 'a.b.c' },
      { action: 'me', videoActive: true, nsfw: false },
    ]);
  });

  test('a refused connection, and one lost before me, are errors', async () => {
    const { url } = server;
    await server.close();
    await expect(BareRtcClient.connect({ url, username: 'alice' })).rejects.toThrow('No connection');
    server = new Script();
    await server.open();
    const entering = BareRtcClient.enter({ url: server.url, username: 'alice' });
    const refused = expect(entering).rejects.toThrow('closed (1008 no)');
    await server.heard(1);
    server.hangUp(1008, 'no');
    await refused;
  });
});

test('what a member does becomes the frames of the wire', async () => {
  const client = await loggedIn({ generation: 'seed-2023-09' });
  client.say('lobby', 'hi');
  client.direct('bob', 'psst');
  client.file('lobby', 'a.gif', Uint8Array.of(1, 2));
  client.file('@bob', 'b.gif', Uint8Array.of(1, 2), { as: 'base64' });
  client.takeback(7);
  client.react(7, '🎈');
  for (const act of ['open', 'watch', 'unwatch', 'boot', 'unboot', 'mute', 'unmute', 'block'] as const)
    client[act]('bob');
  client.blocklist(['x', 'y']);
  client.videoInvite(['bob']);
  client.candidate('bob', '{"b":1,"a":2}');
  client.sdp('bob', '{"type":"offer","sdp":"v=0\\r\\n"}');
  client.report({
    channel: 'lobby',
    username: 'mallory',
    timestamp: 'now',
    reason: 'Spam',
    message: 'm',
    comment: 'c',
  });
  client.ping();
  client.sendText('{"action":"anything"}');
  const heard = await server.heard(22);
  expect(heard.slice(1)).toEqual([
    { action: 'message', channel: 'lobby', message: 'hi' },
    { action: 'message', channel: '@bob', message: 'psst' },
    { action: 'file', channel: 'lobby', message: 'a.gif', bytes: [1, 2] },
    { action: 'file', channel: '@bob', message: 'b.gif', bytes: 'AQI=' },
    { action: 'takeback', msgID: 7 },
    { action: 'react', msgID: 7, message: '🎈' },
    { action: 'open', username: 'bob' },
    { action: 'watch', username: 'bob' },
    { action: 'unwatch', username: 'bob' },
    { action: 'boot', username: 'bob' },
    { action: 'unboot', username: 'bob' },
    { action: 'mute', username: 'bob' },
    { action: 'unmute', username: 'bob' },
    { action: 'block', username: 'bob' },
    { action: 'blocklist', usernames: ['x', 'y'] },
    { action: 'video-invite', usernames: ['bob'] },
    { action: 'candidate', username: 'bob', candidate: '{"b":1,"a":2}' },
    { action: 'sdp', username: 'bob', description: '{"type":"offer","sdp":"v=0\\r\\n"}' },
    expect.objectContaining({ action: 'report', username: 'mallory', comment: 'c' }),
    { action: 'ping' },
    { action: 'anything' },
  ]);
});

describe('what the server says', () => {
  test('comes to listeners of its action and of all, until they are taken off', async () => {
    const client = await loggedIn();
    const signals: unknown[] = [];
    const all: string[] = [];
    const off = client.on('sdp', (frame) => signals.push(frame.description));
    client.onAny((frame) => all.push(frame.action));
    server.say({ action: 'sdp', username: 'bob', description: '{"z":1,"a":2}' }, { action: 'never-heard-of' });
    await client.waitFor((frame) => frame.action === 'never-heard-of');
    off();
    server.say({ action: 'sdp', username: 'bob', description: 'later' }, { action: 'cut' });
    await client.waitFor((frame) => frame.action === 'cut');
    expect(signals).toEqual(['{"z":1,"a":2}']);
    expect(all).toEqual(['sdp', 'never-heard-of', 'sdp', 'cut']);
  });

  test('the latest who list is kept, an absent one is empty', async () => {
    const client = await loggedIn();
    const row = { username: 'bob', status: 'online', video: 1, loginAt: 5, op: true };
    server.say({ action: 'who', whoList: [row] });
    await client.waitFor((frame) => frame.action === 'who');
    expect(client.who).toEqual([row]);
    client.mark();
    server.say({ action: 'who' });
    await client.waitFor((frame) => frame.action === 'who');
    expect(client.who).toEqual([]);
  });

  test('nonsense and binary frames are passed over', async () => {
    const client = await loggedIn();
    for (const text of ['{', '[]', 'null', '{"action":7}', '{"action":"me","username":{}}']) server.sayText(text);
    server.sayBinary('{"action":"cut"}');
    server.say({ action: 'ping', __proto__: null });
    await client.waitFor((frame) => frame.action === 'ping');
    expect(client.frames.map((frame) => frame.action)).toEqual(['me', 'ping']);
    expect(client.name).toBe('alice');
  });

  test('a frame waited for may be there already, unless it was marked as seen', async () => {
    const client = await loggedIn();
    server.say({ action: 'error', message: 'first' }, { action: 'error', message: 'second' }, { action: 'ping' });
    await client.waitFor((frame) => frame.action === 'ping');
    expect((await client.waitFor((frame) => frame.action === 'error')).message).toBe('first');
    client.mark();
    const next = client.waitFor((frame) => frame.action === 'error');
    server.say({ action: 'error', message: 'third' });
    expect((await next).message).toBe('third');
  });

  test('who waits in vain is told what came instead', async () => {
    const client = await loggedIn();
    await expect(client.waitFor((frame) => frame.action === 'cut', 5)).rejects.toThrow('within 5 ms. Received: me');
  });

  test('the log is bounded', async () => {
    const client = await loggedIn({ keepFrames: 3 });
    server.say(...Array.from({ length: 50 }, (_, msgID) => ({ action: 'takeback', msgID: msgID + 1 })));
    await client.waitFor((frame) => frame.msgID === 50);
    expect(client.frames.length).toBeLessThanOrEqual(6);
    expect(client.frames.at(-1)?.msgID).toBe(50);
    const none = await BareRtcClient.connect({ url: server.url, username: 'bob', keepFrames: 0 });
    const ping = none.waitFor((frame) => frame.action === 'ping');
    server.say({ action: 'ping' });
    expect((await ping).action).toBe('ping');
    expect(none.frames).toEqual([]);
  });
});

describe('leaving', () => {
  test('told to disconnect, the latest client closes the connection itself', async () => {
    const client = await loggedIn();
    server.say({ action: 'disconnect' });
    expect((await client.waitForClose()).code).toBe(1000);
    expect(client.dismissed).toBe(true);
    expect(client.loggedIn).toBe(false);
  });

  test('older ones wait for the server to do it', async () => {
    const client = await loggedIn({ generation: 'seed-2023-09' });
    server.say({ action: 'disconnect' }, { action: 'ping' });
    await client.waitFor((frame) => frame.action === 'ping');
    expect(client.dismissed).toBe(true);
    expect(client.closed).toBeUndefined();
    client.ping();
    expect((await server.heard(2)).at(-1)).toEqual({ action: 'ping' });
    server.hangUp(1012, 'restart');
    expect(await client.waitForClose()).toEqual({ code: 1012, reason: 'restart' });
    expect(client.closed).toEqual({ code: 1012, reason: 'restart' });
    client.say('lobby', 'into the void');
    await expect(client.waitFor((frame) => frame.action === 'cut')).rejects.toThrow('closed (1012 restart)');
  });

  test('a page that is left, and a network that is lost', async () => {
    const left = await loggedIn();
    expect((await left.close()).code).toBe(1000);
    expect((await left.close()).code).toBe(1000);
    const lost = await loggedIn();
    expect((await lost.drop()).code).toBe(1006);
  });
});
