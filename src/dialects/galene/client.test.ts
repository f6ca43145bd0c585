import { describe, expect, test } from 'vitest';
import { GaleneClient, type GaleneFrame } from './client.ts';
import {
  captured,
  connected,
  FakeServer,
  FakeTiming,
  inGroup,
  latestServer,
  ME,
  settled,
} from './client-server.fixture.ts';

describe('the handshake', () => {
  test.each([
    ['latest', { type: 'handshake', version: ['2'], id: ME }],
    ['1', { type: 'handshake', version: ['1'], id: ME }],
    ['seed', { type: 'handshake', id: ME }],
  ] as const)('of %s', async (generation, handshake) => {
    const { server } = await connected({ generation });
    expect(server.received).toEqual([handshake]);
  });

  test('the latest goes where its version is unknown; the others stay', async () => {
    const silent = (version: readonly string[]) => {
      const server = new FakeServer();
      server.answers = ({ type }) => (type === 'handshake' ? [{ type: 'handshake', version }] : []);
      return server;
    };
    const server = silent(['9']);
    const connecting = GaleneClient.connect({ url: '', connect: () => server });
    await expect(connecting).rejects.toThrow('Unknown protocol version');
    expect(server.closed).toEqual({ code: 1000, reason: 'Unknown protocol version' });
    await GaleneClient.connect({ url: '', generation: '1', connect: () => silent(['2']) });
  });

  test('the seed does not wait for it, and by hand nothing is sent', async () => {
    const mute = new FakeServer();
    await GaleneClient.connect({ url: '', generation: 'seed', connect: () => mute });
    expect(mute.said).toEqual(['handshake']);
    const quiet = new FakeServer();
    await GaleneClient.connect({ url: '', handshake: 'by-hand', connect: () => quiet });
    expect(quiet.said).toEqual([]);
  });

  test('rejects where there is no connection', async () => {
    const server = new FakeServer();
    const connecting = GaleneClient.connect({ url: 'ws://nowhere', connect: () => server });
    server.onopen = null;
    server.drop();
    await expect(connecting).rejects.toThrow('No connection to ws://nowhere (1006)');
  });
});

describe('liveness', () => {
  test('answers pings, and a dead one does not', async () => {
    const alive = await connected();
    alive.server.say({ type: 'ping' });
    expect(alive.server.said.at(-1)).toBe('pong');
    const dead = await connected({ liveness: 'none' });
    dead.server.say({ type: 'ping' });
    expect(dead.server.said).toEqual(['handshake']);
  });

  test('pings after 15 s of silence, and gives up after 65 s', async () => {
    const timing = new FakeTiming();
    const { client, server } = await connected({ timing });
    server.answers = () => [];
    timing.pass(10_000);
    expect(server.said).toEqual(['handshake']);
    timing.pass(10_000);
    expect(server.said).toEqual(['handshake', 'ping']);
    timing.pass(40_000);
    expect(server.closed).toBeUndefined();
    timing.pass(10_000);
    expect(server.closed).toEqual({ code: 1000, reason: 'Timeout' });
    await client.waitForClose();
    expect(timing.waiting).toBe(0);
  });

  test('gives up a server that never says anything, and the seed never does', async () => {
    const timing = new FakeTiming();
    const server = new FakeServer();
    const connecting = GaleneClient.connect({ url: '', timing, connect: () => server });
    await settled();
    timing.pass(10_000);
    await expect(connecting).rejects.toThrow('Timeout');
    const seed = await connected({ generation: 'seed', timing });
    timing.pass(1_000_000);
    expect(seed.server.said).toEqual(['handshake']);
  });
});

describe('joining', () => {
  test('knows itself, the group, who is there, and what was said', async () => {
    const { client } = await connected();
    const outcome = await client.join('tea', { username: 'Bill', password: 'pw', data: { x: 1 } });
    await settled();
    expect(outcome).toEqual({ kind: 'joined', membership: client.membership });
    expect(client.membership).toMatchObject({
      group: 'tea',
      username: 'Bill',
      permissions: ['op', 'present', 'message'],
    });
    expect([...client.users.values()].map(({ id, username, data }) => [id, username, data])).toEqual([
      [ME, 'Bill', {}],
      ['o1', 'Ann', { raisehand: true }],
    ]);
    expect(client.history).toEqual([
      expect.objectContaining({
        source: 'o1',
        value: 'old',
        time: Date.parse('2026-11-21T02:22:03Z'),
        isHistory: true,
      }),
    ]);
  });

  test.each([
    [{ username: 'Bill' }, { username: 'Bill', password: '' }],
    [
      { username: 'Bill', password: 'pw' },
      { username: 'Bill', password: 'pw' },
    ],
    [{ token: 'secret' }, { token: 'secret' }],
    [
      { token: 'secret', username: 'Bill', data: { a: 1 } },
      { username: 'Bill', token: 'secret', data: { a: 1 } },
    ],
  ])('with %j says %j', async (options, said) => {
    const { client, server } = await connected();
    await client.join('tea', options);
    expect(server.last('join')).toEqual({ type: 'join', kind: 'join', group: 'tea', ...said });
  });

  test('is told why not, and may try again', async () => {
    const { client, server } = await connected();
    const failure = { type: 'joined', kind: 'fail', group: 'tea', error: 'need-username', value: 'username required' };
    server.answers = (frame) => (frame.password === 'right' ? latestServer(frame) : [failure]);
    const refused = { kind: 'failed', error: 'need-username', value: 'username required' };
    expect(await client.join('tea', { password: 'wrong' })).toEqual(refused);
    expect(client.membership).toBeUndefined();
    expect(await client.join('tea', { password: 'right' })).toMatchObject({ kind: 'joined' });
  });

  test('is sent elsewhere, and rejects where the connection ends', async () => {
    const { client, server } = await connected();
    server.answers = () => [{ type: 'joined', kind: 'redirect', group: 'tea', value: 'https://else.where' }];
    expect(await client.join('tea')).toEqual({ kind: 'redirected', location: 'https://else.where' });
    server.answers = () => [];
    const joining = client.join('tea');
    server.close(1002, 'you must handshake first');
    await expect(joining).rejects.toThrow('1002 you must handshake first');
  });

  test('follows changes: permissions, status, data, users', async () => {
    const { client, server } = await inGroup();
    const changes: string[] = [];
    client.on('changed', ({ permissions }) => changes.push(permissions.join()));
    client.on('user', ({ kind, user }) => changes.push(`${kind} ${user.username}`));
    server.say(
      { type: 'joined', kind: 'change', group: 'tea', permissions: ['message'], status: { locked: true } },
      { type: 'joined', kind: 'change', group: 'tea', status: {}, data: { topic: 'tea' } },
      { type: 'user', kind: 'change', id: 'o1', username: 'Ann', permissions: ['op'], data: { raisehand: null } },
      { type: 'user', kind: 'delete', id: 'o1', username: 'Ann' },
      { type: 'user', kind: 'delete', id: 'ghost' },
    );
    expect(client.membership).toMatchObject({
      ...{ username: 'Bill', permissions: ['message'], data: { topic: 'tea' } },
      ...{ status: { name: 'tea', locked: true }, rtcConfiguration: { iceServers: [{ urls: 'stun:stun.test' }] } },
    });
    expect(changes).toEqual(['message', 'message', 'change Ann', 'delete Ann']);
    expect([...client.users.keys()]).toEqual([ME]);
  });

  test('leaves, and may come again', async () => {
    const { client } = await inGroup();
    await client.leave();
    expect([client.membership, client.users.size, client.history]).toEqual([undefined, 0, []]);
    expect(await client.join('tea', { username: 'Bill' })).toMatchObject({ kind: 'joined' });
  });

  test('enters at once, or says why not', async () => {
    const server = new FakeServer();
    server.answers = (frame) =>
      frame.type === 'join' ? [{ type: 'joined', kind: 'fail', value: 'not authorised' }] : latestServer(frame);
    const entering = GaleneClient.enter({ url: '', group: 'tea', username: 'Bill', connect: () => server });
    await expect(entering).rejects.toThrow('Not let in: not authorised');
    expect(server.closed).toBeDefined();
  });
});

describe('speaking', () => {
  const self = { source: ME, username: 'Bill' };

  test('chat and messages', async () => {
    const { client, server } = await inGroup();
    client.chat('hello');
    client.chat('waves', { kind: 'me' });
    client.chat('psst', { dest: 'o1', noecho: true, id: 'm1' });
    client.userMessage('mute', { noecho: true });
    client.userMessage('warning', { dest: 'o1', value: 'careful' });
    expect(server.received).toEqual([
      { type: 'chat', ...self, dest: '', kind: '', value: 'hello' },
      { type: 'chat', ...self, dest: '', kind: 'me', value: 'waves' },
      { type: 'chat', ...self, dest: 'o1', kind: '', value: 'psst', noecho: true, id: 'm1' },
      { type: 'usermessage', ...self, dest: '', kind: 'mute', value: null, noecho: true },
      { type: 'usermessage', ...self, dest: 'o1', kind: 'warning', value: 'careful' },
    ]);
  });

  test('what is to be done', async () => {
    const { client, server } = await inGroup();
    client.userAction('o1', { kind: 'kick', value: 'bye now' });
    client.userAction('o1', { kind: 'op' });
    client.setData({ raisehand: true });
    client.groupAction({ kind: 'lock', value: 'go away' });
    client.groupAction({ kind: 'unlock' });
    client.groupAction({ kind: 'maketoken', value: { group: 'tea', expires: 7_200_000, permissions: ['present'] } });
    expect(server.received).toEqual([
      { type: 'useraction', ...self, dest: 'o1', kind: 'kick', value: 'bye now' },
      { type: 'useraction', ...self, dest: 'o1', kind: 'op', value: '' },
      { type: 'useraction', ...self, dest: ME, kind: 'setdata', value: { raisehand: true } },
      { type: 'groupaction', ...self, kind: 'lock', value: 'go away' },
      { type: 'groupaction', ...self, kind: 'unlock' },
      {
        ...{ type: 'groupaction', ...self, kind: 'maketoken' },
        value: { group: 'tea', expires: 7_200_000, permissions: ['present'] },
      },
    ]);
  });

  test('what to receive', async () => {
    const { client, server } = await inGroup();
    client.request({ screenshare: ['audio', 'video'], '': ['audio'] });
    client.requestStream('s1', ['audio', 'video-low']);
    client.requestStream('s1', null);
    expect(server.received).toEqual([
      { type: 'request', request: { screenshare: ['audio', 'video'], '': ['audio'] } },
      { type: 'requestStream', id: 's1', request: ['audio', 'video-low'] },
      { type: 'requestStream', id: 's1', request: null },
    ]);
  });

  test.each([
    [{ '': ['audio', 'video'] }, { audio: true, screenshare: true, video: true }],
    [
      { '': ['audio'], screenshare: ['audio', 'video'] },
      { audio: true, screenshare: true },
    ],
    [{ '': [] }, {}],
  ] as const)('the seed asks for %j by %j', async (request, said) => {
    const { client, server } = await inGroup({ generation: 'seed' });
    client.request(request);
    client.setData({ raisehand: true });
    expect(server.received).toEqual([
      { type: 'request', request: said },
      { type: 'useraction', ...self, dest: ME, kind: 'setstatus', value: { raisehand: true } },
    ]);
  });
});

describe('hearing', () => {
  test('lines are told with their time, their writer and their kind', async () => {
    const { client, server } = await inGroup();
    const lines: unknown[] = [];
    client.on('chat', (line) => lines.push(line));
    server.say({
      type: 'chat',
      id: 'm',
      source: 'o1',
      username: 'Ann',
      kind: 'me',
      value: 'waves',
      time: 5,
      privileged: true,
    });
    const common = { id: 'm', source: 'o1', username: 'Ann', dest: '', kind: 'me', value: 'waves', time: 5 };
    expect(lines).toEqual([{ ...common, privileged: true, isHistory: false }]);
  });

  test('the next frame that matches is taken once, in whatever order they come', async () => {
    const { client, server } = await inGroup();
    client.forget();
    const later = client.next(({ value }) => value === 'second');
    server.say({ type: 'chat', value: 'first' }, { type: 'chat', value: 'second' }, { type: 'chat', value: 'first' });
    expect(await later).toEqual({ type: 'chat', value: 'second' });
    await client.next({ type: 'chat', value: 'first' });
    await client.next({ type: 'chat', value: 'first' });
    expect(client.untaken).toEqual([]);
    const never = client.next({ type: 'chat' }, 1);
    await expect(never).rejects.toThrow('No such frame within 1 ms. Not taken: nothing.');
  });

  test('who waits is told when the connection ends', async () => {
    const { client, server } = await inGroup();
    const waiting = client.next({ type: 'chat' });
    server.close(1011);
    await expect(waiting).rejects.toThrow('closed (1011)');
    expect(await client.waitForClose()).toEqual({ code: 1011, reason: '' });
    await expect(client.ping()).rejects.toThrow('closed (1011)');
  });

  test('a ping is answered after everything before it', async () => {
    const { client, server } = await inGroup();
    await client.ping();
    expect(server.said).toEqual(['ping']);
  });

  test.each<unknown>([
    undefined,
    'not JSON',
    '5',
    'null',
    '[]',
    '{}',
    '{"type":5}',
    '{"type":"chat","kind":5}',
    '{"type":"ice","id":"x","candidate":"c"}',
    '{"type":"offer","id":[],"sdp":"x"}',
    '{"type":"joined","kind":"join","rtcConfiguration":[]}',
  ])('%j is no frame, and no harm', async (data) => {
    const { client, server } = await inGroup();
    const unreadable: unknown[] = [];
    client.on('unreadable', (text) => unreadable.push(text));
    server.sayText(data);
    expect(unreadable).toEqual([data]);
    await client.ping();
  });

  test.each<GaleneFrame>([
    { type: 'somethingnew' },
    { type: 'close', id: 'nosuch' },
    { type: 'abort', id: 'nosuch' },
    { type: 'answer', id: 'nosuch', sdp: 'x' },
    { type: 'renegotiate', id: 'nosuch' },
    { type: 'offer', id: '', sdp: 'x' },
    { type: 'ice', id: 'nosuch', candidate: { candidate: 'c' } },
    { type: 'ice' },
    { type: 'user', kind: 'add' },
    { type: 'user', kind: 'dance', id: 'x' },
    { type: 'user', kind: 'add', id: 'x', permissions: 5, data: [] },
    { type: 'joined', kind: 'change', permissions: null, status: 5 },
    { type: 'joined' },
    { type: 'chat', time: 'never' },
  ])('%j is no harm', async (frame) => {
    const { client, server } = await inGroup();
    server.say(frame);
    await client.ping();
    expect(client.membership?.username).toBe('Bill');
  });

  test('a listener that throws stops nobody else', async () => {
    const { client, server } = await inGroup();
    const thrown = new Promise((resolve) => process.once('uncaughtException', resolve));
    client.on('chat', () => {
      throw new Error('A bug.');
    });
    const heard = new Promise((resolve) => client.on('chat', resolve));
    server.say({ type: 'chat', value: 'x' });
    expect(await heard).toMatchObject({ value: 'x' });
    expect(await thrown).toMatchObject({ message: 'A bug.' });
  });
});

describe('as captured', () => {
  /** Says all that the stub said, and gives what a client of the generation knows then. */
  async function replay(name: string, generation: 'latest' | 'seed') {
    const server = new FakeServer();
    const frames = captured(name);
    const id = frames.find(({ frame }) => frame.type === 'handshake' && frame.id)?.frame.id ?? '';
    const connecting = GaleneClient.connect({ url: '', generation, id, connect: () => server });
    await settled();
    server.say(...frames.filter(({ isServers }) => isServers).map(({ frame }) => frame));
    const client = await connecting;
    return { client, server, clients: frames.filter(({ isServers }) => !isServers).map(({ frame }) => frame) };
  }

  test.each(['latest', 'downstream', 'simulcast', 'robustness'])('%s: everything is understood', async (name) => {
    const { client, server, clients } = await replay(name, 'latest');
    expect(server.received[0]).toEqual(clients[0]);
    expect(client.membership).toMatchObject({ group: 'test', username: 'alice' });
    expect(client.membership?.permissions).toContain('present');
    expect([...client.users.values()].map(({ username }) => username)).toEqual(['alice', 'o1', 'o2']);
  });

  test('the seed: permissions are an object, and history is chat', async () => {
    const { client, server, clients } = await replay('seed', 'seed');
    expect(server.received[0]).toEqual(clients[0]);
    expect(client.membership?.permissions).toEqual(['op', 'present', 'record']);
    expect(client.users.get('other1')?.permissions).toEqual(['present', 'message']);
    expect(client.history.map(({ source, value }) => [source, value])).toEqual([
      ['other1', 'old msg via chathistory'],
      ['other1', 'old msg via chat'],
    ]);
  });

  test('says the frames of the real client, field for field', async () => {
    const { client, server, clients } = await replay('latest', 'latest');
    server.received.length = 0;
    const [hello] = clients.filter(({ type }) => type === 'chat');
    client.chat('hello');
    client.setData({ raisehand: true });
    client.userAction('other1', { kind: 'kick', value: 'bye now' });
    client.groupAction({ kind: 'lock', value: 'go away' });
    client.request({ '': ['audio', 'video'] });
    const like = (type: string) => clients.find((frame) => frame.type === type);
    expect(server.received).toEqual([
      hello,
      like('useraction'),
      clients.find(({ kind }) => kind === 'kick'),
      like('groupaction'),
      like('request'),
    ]);
  });
});
