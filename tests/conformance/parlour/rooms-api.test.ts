import { describe, expect, test } from 'vitest';
import { enterNative } from '../../support/native.ts';
import { startTestServer, type TestServer, type TestSettings } from '../../support/server.ts';

const API_KEY = 'the-key-of-the-website';

interface Answer {
  readonly status: number;
  readonly headers: Headers;
  // biome-ignore lint/suspicious/noExplicitAny: whatever the server says, for the test to look at
  readonly body: any;
}

interface Call {
  readonly method?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
}

async function call({ url }: TestServer, path: string, { method = 'POST', body, headers }: Call = {}): Promise<Answer> {
  const type = { 'content-type': 'application/json' };
  const answer = await fetch(`${url}${path}`, {
    method,
    headers: headers ?? (body === undefined ? {} : type),
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await answer.text();
  return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
}

const KEYED = { 'content-type': 'application/json', authorization: `Bearer ${API_KEY}` };
const open = (settings: TestSettings = {}) =>
  startTestServer({ settings: { website: { api_key: API_KEY }, ...settings } });
const make = (server: TestServer, body: unknown) => call(server, '/api/rooms', { body });
const list = (server: TestServer) => call(server, '/api/rooms', { method: 'GET' });
const codeOf = ({ status, body }: Answer) => [status, body?.error?.code];

describe('POST /api/rooms', () => {
  test('makes a room, which is there to enter, and in the list if it is public', async () => {
    await using server = await open();
    const made = await make(server, { name: 'Night Owls', public: true, guest_limit: 5, password: 'hoot' });
    expect([made.status, made.body]).toEqual([201, { name: 'night-owls', url: '/r/night-owls' }]);
    expect((await make(server, { name: 'Hideout' })).status).toBe(201);
    const guest = await enterNative(server.wsUrl, { name: 'Ann', room: 'night-owls', roomPassword: 'hoot' });
    expect(guest.frames.find(({ type }) => type === 'room')).toMatchObject({ name: 'night-owls', title: 'Night Owls' });
    const { status, headers, body } = await list(server);
    expect([status, headers.get('content-type')]).toEqual([200, 'application/json; charset=utf-8']);
    expect(headers.get('cache-control')).toBe('no-store');
    expect(body.rooms).toEqual([
      {
        name: 'lobby',
        title: 'Lobby',
        members: 0,
        guestLimit: expect.any(Number),
        password: false,
        activeAt: expect.any(Number),
      },
      {
        name: 'night-owls',
        title: 'Night Owls',
        members: 1,
        guestLimit: 5,
        password: true,
        activeAt: expect.any(Number),
      },
    ]);
    expect((await fetch(`${server.url}/r/night-owls`)).status).toBe(200);
    guest.close();
  });

  test.each([
    ['no name', {}, 400, 'bad-frame'],
    ['a name that is none', { name: 5 }, 400, 'bad-frame'],
    ['an empty name', { name: '' }, 400, 'name-invalid'],
    ['a name of which nothing is left', { name: '!?' }, 400, 'name-invalid'],
    ['a name that is too long', { name: 'x'.repeat(65) }, 400, 'name-invalid'],
    ['a name that is taken', { name: 'LOBBY' }, 409, 'room-exists'],
    ['a password that is too long', { name: 'Den', password: 'x'.repeat(257) }, 400, 'password-unfit'],
    ['a list', [], 400, 'bad-frame'],
    ['nothing', null, 400, 'bad-frame'],
    ['no JSON', '{', 400, 'bad-frame'],
    ['an empty body', '', 400, 'bad-frame'],
    ['a body that is too large', { name: 'Den', filler: 'x'.repeat(16 * 1024) }, 413, undefined],
  ])('refuses %s', async (_, body, status, code) => {
    await using server = await open();
    const answer = await make(server, body);
    expect(answer.status).toBe(status);
    if (code === undefined) return;
    expect(answer.body).toEqual({ error: { code, message: expect.stringMatching(/\.$/) } });
    expect((await list(server)).body.rooms).toHaveLength(1);
  });

  test('takes fields of other kinds for what is not said', async () => {
    await using server = await open();
    const odd = { name: 'Den', password: 5, guest_limit: 'many', public: 'yes', unknown: true };
    expect((await make(server, odd)).status).toBe(201);
    expect((await list(server)).body.rooms).toHaveLength(1);
    const guest = await enterNative(server.wsUrl, { name: 'Ann', room: 'den' });
    expect(guest.client.state.kind).not.toBe('closed');
    guest.close();
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data', 'application/jsonp', ''])(
    'takes no body of type %j, which any page could send',
    async (type) => {
      await using server = await open();
      const body = JSON.stringify({ name: 'Den' });
      const answer = await call(server, '/api/rooms', { body, headers: type === '' ? {} : { 'content-type': type } });
      expect(answer.status).toBeGreaterThanOrEqual(400);
      expect((await call(server, '/api/rooms', { method: 'GET' })).body.rooms).toHaveLength(1);
      const headers = { 'content-type': 'Application/JSON; charset=utf-8' };
      expect((await call(server, '/api/rooms', { body, headers })).status).toBe(201);
    },
  );

  test('is not for everybody: where guests are not allowed, and where no rooms are made', async () => {
    await using guarded = await open({ guests: { allowed: false } });
    expect(codeOf(await make(guarded, { name: 'Den' }))).toEqual([403, 'token-required']);
    await using closed = await open({ made_rooms: { allowed: false } });
    expect(codeOf(await make(closed, { name: 'Den' }))).toEqual([403, 'rooms-closed']);
    expect((await list(closed)).status).toBe(200);
  });

  test('makes so many an hour', async () => {
    await using server = await open({ made_rooms: { per_hour_per_address: 2 } });
    const statuses = [];
    for (const name of ['One', 'Two', 'Three']) statuses.push(codeOf(await make(server, { name })));
    expect(statuses).toEqual([
      [201, undefined],
      [201, undefined],
      [429, 'too-fast'],
    ]);
  });

  test('is one of two methods', async () => {
    await using server = await open();
    for (const method of ['PUT', 'DELETE', 'PATCH']) {
      const answer = await call(server, '/api/rooms', { method });
      expect([...codeOf(answer), answer.headers.get('allow')]).toEqual([405, 'bad-request', 'GET, POST']);
    }
  });
});

describe('with the key of the website', () => {
  const CALLS = [
    ['POST', '/api/channels', { name: 'Night' }, 201],
    ['DELETE', '/api/channels', { id: 'night' }, 200],
    ['POST', '/api/announce', { text: 'Hello' }, 200],
  ] as const;

  test('channels come and go, and announcements arrive, for who is there', async () => {
    await using server = await open();
    const guest = await enterNative(server.wsUrl, { name: 'Ann' });
    const keyed = (path: string, body: unknown, method = 'POST') =>
      call(server, path, { method, body, headers: KEYED });
    const made = await keyed('/api/channels', { name: 'Night Shift', description: 'Late', photos: false, icon: '🌙' });
    expect([made.status, made.body]).toEqual([201, { id: 'night-shift' }]);
    await guest.until(() => guest.frames.some(({ type }) => type === 'channel'));
    expect(guest.frames.find(({ type }) => type === 'channel')).toMatchObject({
      channel: { id: 'night-shift', name: 'Night Shift', description: 'Late', icon: '🌙', photos: false, vip: false },
    });
    expect(codeOf(await keyed('/api/channels', { name: 'Night Shift' }))).toEqual([409, 'channel-exists']);
    expect((await keyed('/api/channels', { id: 'by-id' })).body).toEqual({ id: 'by-id' });
    expect((await keyed('/api/announce', { text: 'The kettle is hot.' })).status).toBe(200);
    await guest.until(() => guest.frames.some(({ type }) => type === 'notice'));
    expect(guest.frames.find(({ type }) => type === 'notice')).toMatchObject({ text: 'The kettle is hot.' });
    const gone = await keyed('/api/channels', { id: 'night-shift' }, 'DELETE');
    expect([gone.status, gone.body]).toEqual([200, { id: 'night-shift' }]);
    await guest.until(() => guest.frames.some(({ type }) => type === 'channel-gone'));
    expect(codeOf(await keyed('/api/channels', { id: 'night-shift' }, 'DELETE'))).toEqual([404, 'channel-unknown']);
    guest.close();
  });

  test('made channels are there after a restart, and another room has its own', async () => {
    await using server = await open();
    await make(server, { name: 'Den' });
    const inDen = { method: 'POST', body: { name: 'Night', room: 'den' }, headers: KEYED };
    expect((await call(server, '/api/channels', inDen)).status).toBe(201);
    await server.restart();
    const ids = async (room: string) => {
      const guest = await enterNative(server.wsUrl, { name: 'Ann', room });
      guest.close();
      const frame = guest.frames.find(({ type }) => type === 'room');
      return frame?.type === 'room' ? frame.channels.map(({ id }) => id) : [];
    };
    expect(await ids('den')).toEqual(['lobby', 'night']);
    expect(await ids('lobby')).not.toContain('night');
  });

  test.each([
    ['POST', '/api/channels', {}, 400, 'channel-invalid'],
    ['POST', '/api/channels', { name: 5 }, 400, 'channel-invalid'],
    ['POST', '/api/channels', { name: '!?' }, 400, 'channel-invalid'],
    ['POST', '/api/channels', { name: 'Night', id: 'a b' }, 400, 'channel-invalid'],
    ['POST', '/api/channels', { name: 'Night', room: 'nowhere' }, 404, 'room-unknown'],
    ['DELETE', '/api/channels', {}, 404, 'channel-unknown'],
    ['DELETE', '/api/channels', { id: 'lobby' }, 409, 'channel-fixed'],
    ['POST', '/api/announce', {}, 400, 'bad-frame'],
    ['POST', '/api/announce', { text: 5 }, 400, 'bad-frame'],
    ['POST', '/api/announce', { text: ' ' }, 400, 'message-empty'],
    ['POST', '/api/announce', { text: 'Hello', room: 'nowhere' }, 404, 'room-unknown'],
  ])('%s %s with %j is refused: %d %s', async (method, path, body, status, code) => {
    await using server = await open();
    expect(codeOf(await call(server, path, { method, body, headers: KEYED }))).toEqual([status, code]);
  });

  test.each(CALLS)('%s %s asks for the key, the type and a body', async (method, path, body) => {
    await using server = await open();
    const type = { 'content-type': 'application/json' };
    const wrong = ['', 'Bearer', 'Bearer wrong', `Bearer ${API_KEY.slice(0, -1)}`, `Basic ${API_KEY}`, API_KEY];
    for (const authorization of wrong) {
      const answer = await call(server, path, { method, body, headers: { ...type, authorization } });
      expect([authorization, ...codeOf(answer)]).toEqual([authorization, 401, 'not-permitted']);
    }
    expect(codeOf(await call(server, path, { method, body, headers: type }))).toEqual([401, 'not-permitted']);
    for (const broken of ['{', '[]', 'null', '"text"', '5']) {
      expect(codeOf(await call(server, path, { method, body: broken, headers: KEYED }))).toEqual([400, 'bad-frame']);
    }
    const plain = { ...KEYED, 'content-type': 'text/plain' };
    expect((await call(server, path, { method, body, headers: plain })).status).toBeGreaterThanOrEqual(400);
    for (const other of ['GET', 'PUT', 'PATCH']) {
      expect((await call(server, path, { method: other })).status).toBe(405);
    }
  });

  test('without a configured key, no key is right', async () => {
    await using server = await startTestServer();
    for (const authorization of ['', 'Bearer ', 'Bearer x']) {
      const headers = { 'content-type': 'application/json', authorization };
      expect((await call(server, '/api/announce', { body: { text: 'x' }, headers })).status).toBe(401);
    }
  });
});
