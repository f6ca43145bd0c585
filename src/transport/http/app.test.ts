import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Attachment } from '../../core/message.ts';
import type { Route, RouteRequest, RouteResponse } from '../../dialects/http.ts';
import { createHttpApp, type HttpAppOptions, type HttpServices, type UploadRequest } from './app.ts';

const ATTACHMENT: Attachment = { id: 'abc', mediaType: 'image/png', width: 2, height: 1, byteLength: 3 };
const BYTES = Uint8Array.of(1, 2, 3);

let folder = '';
let app: FastifyInstance;
let uploads: UploadRequest[] = [];
type Answer = Awaited<ReturnType<HttpServices['upload']>>;
let answer: () => Answer = () => ({ attachment: ATTACHMENT });

beforeAll(async () => {
  // A folder named like the one of the built files: what lies in it is not built for that.
  folder = await mkdtemp(join(tmpdir(), 'client-'));
  await mkdir(join(folder, 'dist', 'client'), { recursive: true });
  await mkdir(join(folder, 'front', 'sub'), { recursive: true });
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><head><title>Parlour</title></head>');
  await writeFile(join(folder, 'dist', 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'dist', 'client', 'app-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'dist', 'client', 'app-1a2b.js.br'), 'compressed');
  await writeFile(join(folder, 'front', 'theme.css'), 'body {}');
  await writeFile(join(folder, 'front', 'index.html'), 'a front page');
  await writeFile(join(folder, 'front', '.htpasswd'), 'secret');
  await writeFile(join(folder, 'secret.txt'), 'secret');
});
afterAll(() => rm(folder, { recursive: true }));

const routed: RouteRequest[] = [];
const failures: unknown[] = [];
let respond: (request: RouteRequest) => RouteResponse = () => ({ status: 200 });

const route = (path: string, bodyBytes = 100): Route => ({
  path,
  bodyBytes,
  handle: async (request) => {
    routed.push(request);
    return respond(request);
  },
});

function createApp(changes: Partial<HttpAppOptions> = {}): Promise<FastifyInstance> {
  return createHttpApp({
    webRoot: join(folder, 'dist'),
    folders: [{ prefix: '/static/', root: [join(folder, 'front')] }],
    routes: [route('/api/wire'), route('/poll', 1_000)],
    trustProxy: false,
    admits: async (token) => token === 'good.token-1',
    failed: (error) => void failures.push(error),
    imageBytes: 1_000,
    services: {
      bootstrap: async (room) => (room === undefined || room === 'lobby' ? { room: room ?? 'the default' } : undefined),
      mayUpload: (session) => session === 'session-secret',
      upload: async (request) => {
        uploads.push(request);
        return answer();
      },
      attachment: async (id) => (id === 'abc' ? { attachment: ATTACHMENT, bytes: BYTES } : undefined),
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'parlour_sessions 1\n' }),
    },
    ...changes,
  });
}

beforeEach(async () => {
  uploads = [];
  routed.length = 0;
  failures.length = 0;
  respond = () => ({ status: 200 });
  answer = () => ({ attachment: ATTACHMENT });
  app = await createApp();
});
afterEach(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });

test('it is healthy, and says how it is', async () => {
  expect((await get('/healthz')).json()).toEqual({ status: 'ok' });
  const metrics = await get('/metrics');
  expect(metrics.headers['content-type']).toContain('text/plain');
  expect(metrics.body).toBe('parlour_sessions 1\n');
});

describe('what a page starts with', () => {
  test('is that of its room, or of the default one; never kept', async () => {
    expect((await get('/api/bootstrap')).json()).toEqual({ room: 'the default' });
    expect((await get('/api/bootstrap?room=')).json()).toEqual({ room: 'the default' });
    const answered = await get('/api/bootstrap?room=lobby');
    expect(answered.json()).toEqual({ room: 'lobby' });
    expect(answered.headers['cache-control']).toBe('no-store');
  });

  test.each(['?room=nowhere', '?room=a&room=b'])('is nothing for %s', async (query) => {
    const answered = await get(`/api/bootstrap${query}`);
    expect(answered.statusCode).toBe(404);
    expect(answered.json()).toMatchObject({ error: { code: 'room-unknown' } });
  });
});

describe('an upload', () => {
  const upload = (changes: { headers?: Record<string, string>; payload?: Buffer | string } = {}) =>
    app.inject({
      method: 'POST',
      url: '/api/attachments',
      headers: { authorization: 'Bearer session-secret', 'content-type': 'image/png', ...changes.headers },
      payload: changes.payload ?? Buffer.from(BYTES),
    });

  test.each(['image/png', 'image/jpeg', 'application/octet-stream'])('of %s is stored', async (type) => {
    const answered = await upload({ headers: { 'content-type': type } });
    expect(answered.statusCode).toBe(201);
    expect(answered.json()).toEqual({ attachment: ATTACHMENT });
    expect(uploads).toMatchObject([{ session: 'session-secret' }]);
    expect([...(uploads[0]?.bytes ?? [])]).toEqual([...BYTES]);
  });

  test.each(['', 'Bearer', 'Bearer ', 'Basic abc', `Bearer ${'x'.repeat(257)}`, 'Bearer a b'])(
    'with the authorization %j is refused, before it is read',
    async (authorization) => {
      const answered = await upload({ headers: { authorization } });
      expect(answered.statusCode).toBe(401);
      expect(answered.json()).toMatchObject({ error: { code: 'not-joined' } });
      expect(uploads).toEqual([]);
    },
  );

  test.each(['application/json', 'text/plain', 'multipart/form-data', 'application/x-www-form-urlencoded'])(
    'of %s is refused',
    async (type) => {
      const answered = await upload({ headers: { 'content-type': type }, payload: '{}' });
      expect(answered.statusCode).toBe(415);
      expect(answered.json()).toHaveProperty('error.code');
      expect(uploads).toEqual([]);
    },
  );

  test('may be as large as it may be, and not larger', async () => {
    expect((await upload({ payload: Buffer.alloc(1_000) })).statusCode).toBe(201);
    const answered = await upload({ payload: Buffer.alloc(1_001) });
    expect(answered.statusCode).toBe(413);
    expect(answered.json()).toMatchObject({ error: { code: 'image-too-large' } });
    expect(uploads).toHaveLength(1);
  });

  test('that is refused says why', async () => {
    answer = () => ({ refusal: { code: 'too-fast' }, status: 429 });
    const answered = await upload();
    expect(answered.statusCode).toBe(429);
    expect(answered.json()).toEqual({
      error: { code: 'too-fast', message: 'You are sending too fast. Please wait a moment.' },
    });
  });

  test.each(['GET', 'PUT', 'DELETE'] as const)('by %s is no upload', async (method) => {
    expect((await app.inject({ method, url: '/api/attachments' })).statusCode).toBe(404);
  });

  test('that we fail at tells nothing of how', async () => {
    answer = () => {
      throw new Error('a path of ours');
    };
    const answered = await upload();
    expect(answered.statusCode).toBe(500);
    expect(answered.body).not.toContain('path');
    expect(answered.json()).toMatchObject({ error: { code: 'server-fault' } });
  });
});

describe('an attachment', () => {
  test('comes with its type, to be kept, and cannot become a page', async () => {
    const answered = await get('/attachments/abc');
    expect([...answered.rawPayload]).toEqual([...BYTES]);
    expect(answered.headers).toMatchObject({
      'content-type': 'image/png',
      'cache-control': 'private, max-age=31536000, immutable',
      'content-security-policy': "default-src 'none'; sandbox",
      'x-content-type-options': 'nosniff',
    });
  });

  test('that there is not is not found', async () => {
    const answered = await get('/attachments/nothing');
    expect(answered.statusCode).toBe(404);
    expect(answered.json()).toMatchObject({ error: { code: 'not-found' } });
  });
});

describe('pages', () => {
  test('are made of scripts that lie there compressed, for those who take them so', async () => {
    const url = '/client/app-1a2b.js';
    const compressed = await app.inject({ method: 'GET', url, headers: { 'accept-encoding': 'gzip, br' } });
    expect(compressed.headers['content-encoding']).toBe('br');
    expect(compressed.headers['content-type']).toContain('javascript');
    expect(compressed.body).toBe('compressed');
    expect((await get(url)).body).toBe('export {};');
  });

  test.each(['/', '/r/lobby', '/r/any-room?invite=x'])(
    '%s is the web client, which trusts itself alone',
    async (url) => {
      const { body, headers, statusCode } = await get(url);
      expect(statusCode).toBe(200);
      expect(body).toContain('<title>Parlour</title>');
      const policy = String(headers['content-security-policy']);
      expect(policy).toContain("default-src 'self'");
      expect(policy).toContain("object-src 'none'");
      expect(policy).not.toMatch(/unsafe-eval|script-src[^;]*unsafe-inline/);
      expect(headers).toMatchObject({
        'cache-control': 'no-cache',
        'x-content-type-options': 'nosniff',
        'referrer-policy': 'same-origin',
      });
      expect(headers['permissions-policy']).toContain('camera=(self)');
    },
  );

  test('built files are kept for ever, the others are not', async () => {
    const built = await get('/client/app-1a2b.js');
    expect(built.statusCode).toBe(200);
    expect(built.headers['cache-control']).toContain('immutable');
    const icon = await get('/icon.svg');
    expect(icon.statusCode).toBe(200);
    expect(icon.headers['cache-control']).toBe('no-cache');
  });

  test('the page by its file name is under the same policy', async () => {
    const page = await get('/index.html');
    expect(page.statusCode).toBe(200);
    expect(page.headers['content-security-policy']).toBe((await get('/')).headers['content-security-policy']);
  });

  test.each([
    '/../secret.txt',
    '/%2e%2e/secret.txt',
    '/..%2fsecret.txt',
    '/client/../../secret.txt',
    '/client/..%2f..%2fsecret.txt',
    '/client/%252e%252e/secret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/secret.txt%00',
    '/r/a/b',
    '/nothing',
    '/client/',
    '/%zz',
  ])('%s is nothing, said in JSON', async (url) => {
    const answered = await get(url);
    expect([400, 404]).toContain(answered.statusCode);
    expect(answered.json()).toHaveProperty('error');
    expect(answered.body).not.toBe('secret');
  });
});

test('what says more of a path comes before what says less', async () => {
  const named = ['/group/*', '/group/**/.whip/:id', '/group/**/.whip'].map(
    (path): Route => ({
      path,
      bodyBytes: 100,
      handle: ({ parameters }) => ({ status: 200, body: `${path} ${parameters.id ?? ''}`.trim() }),
    }),
  );
  const other = await createApp({ routes: named });
  const answer = async (url: string) => (await other.inject({ method: 'POST', url })).body;
  const deep = Array.from({ length: 16 }, (_, index) => `g${index}`).join('/');
  try {
    for (const group of ['g', 'g/h', 'a%2fb', deep]) {
      expect(await answer(`/group/${group}/.whip`)).toBe('/group/**/.whip');
      expect(await answer(`/group/${group}/.whip/x1`)).toBe('/group/**/.whip/:id x1');
    }
    for (const rest of ['', 'g/', 'g/.status', '.whip', 'g/.whip/a/b', 'g/.whipped', `${deep}/h/.whip`]) {
      expect(await answer(`/group/${rest}`)).toBe('/group/*');
    }
  } finally {
    await other.close();
  }
});

describe('the client under another page', () => {
  test('is at /r/ alone, where a wire has a page at /', async () => {
    const other = await createApp({ routes: [route('/')] });
    respond = () => ({ status: 200, headers: { 'content-type': 'text/html' }, body: 'a front page' });
    try {
      for (const method of ['GET', 'POST'] as const) {
        expect((await other.inject({ method, url: '/?jwt=x' })).body).toBe('a front page');
      }
      expect(routed.map(({ path, query }) => [path, query.get('jwt')])).toEqual([
        ['/', 'x'],
        ['/', 'x'],
      ]);
      expect((await other.inject({ method: 'GET', url: '/r/lobby' })).body).toContain('<title>Parlour</title>');
    } finally {
      await other.close();
    }
  });
});

describe('a page with a token of the website', () => {
  const post = (payload: string, url = '/', type = 'application/x-www-form-urlencoded') =>
    app.inject({ method: 'POST', url, headers: { 'content-type': type }, payload });

  test.each(['/', '/r/lobby'])('%s is there for a good one, and for none', async (url) => {
    for (const query of ['', '?jwt=', '?jwt=good.token-1']) expect((await get(`${url}${query}`)).statusCode).toBe(200);
  });

  test.each(['/?jwt=bad', '/r/lobby?jwt=bad'])('%s is refused, in words', async (url) => {
    const answered = await get(url);
    expect(answered.statusCode).toBe(403);
    expect(answered.headers['content-type']).toContain('text/plain');
    expect(answered.body).toContain('sign-in has expired');
  });

  test.each(['/', '/r/lobby'])(
    'that a form sends to %s stands in the page, and in no address or cache',
    async (url) => {
      const answered = await post('jwt=good.token-1&other=x', url);
      expect(answered.statusCode).toBe(200);
      expect(answered.body).toContain('<head><meta name="parlour-jwt" content="good.token-1">');
      expect(answered.headers).toMatchObject({
        'content-type': 'text/html; charset=utf-8',
        'cache-control': 'no-store',
        'content-security-policy': (await get('/')).headers['content-security-policy'],
        'referrer-policy': 'same-origin',
      });
    },
  );

  test('that a form sends is refused where it is bad; without one the page is as ever', async () => {
    expect((await post('jwt=bad')).statusCode).toBe(403);
    for (const form of ['', 'jwt=', 'other=x']) {
      const answered = await post(form);
      expect(answered.statusCode).toBe(200);
      expect(answered.body).not.toContain('parlour-jwt');
    }
  });

  test('cannot break out of the page, whatever is taken for good', async () => {
    const lenient = await createApp({ admits: async () => true });
    try {
      const payload = new URLSearchParams({ jwt: '"><script>alert(1)</script>$&' }).toString();
      const headers = { 'content-type': 'application/x-www-form-urlencoded' };
      const { body } = await lenient.inject({ method: 'POST', url: '/', headers, payload });
      expect(body).toContain('content="scriptalert1script"');
      expect(body).not.toContain('<script>');
    } finally {
      await lenient.close();
    }
  });

  test('is sent by forms of a sensible size, of the type of forms', async () => {
    expect((await post(`jwt=${'x'.repeat(70_000)}`)).statusCode).toBe(413);
    expect((await post('{"jwt":"good.token-1"}', '/', 'text/xml')).statusCode).toBe(415);
    expect((await post('jwt=x', '/api/bootstrap')).statusCode).toBe(404);
    // JSON is for the wire that has something on this page, whatever stands in it.
    for (const json of ['{"jwt":"bad"}', '"&jwt=bad&"', 'no json']) {
      expect((await post(json, '/', 'application/json')).statusCode).toBe(200);
    }
  });
});

describe('folders of others', () => {
  test('are served as they are', async () => {
    const answered = await get('/static/theme.css');
    expect(answered.statusCode).toBe(200);
    expect(answered.headers['content-type']).toContain('css');
    expect(answered.headers['x-content-type-options']).toBe('nosniff');
    expect(answered.body).toBe('body {}');
  });

  test.each([
    '/static/',
    '/static/sub',
    '/static/sub/',
    '/static/.htpasswd',
    '/static/%2ehtpasswd',
    '/static/nothing.css',
    '/static/../secret.txt',
    '/static/..%2fsecret.txt',
    '/static/%2e%2e/secret.txt',
    '/static/..%5csecret.txt',
  ])('W30: %s is no list and no secret', async (url) => {
    const answered = await get(url);
    expect(answered.statusCode).toBeGreaterThanOrEqual(400);
    expect(answered.statusCode).toBeLessThan(500);
    expect(answered.body).not.toContain('theme.css');
    expect(answered.body).not.toBe('secret');
  });
});

describe('the route of a wire', () => {
  const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

  test.each(METHODS)('hears of %s, and answers in its own words', async (method) => {
    respond = () => ({
      status: 418,
      headers: { 'x-tea': 'yes', 'content-type': 'application/json' },
      body: '{"OK":1}',
    });
    const answered = await app.inject({ method, url: '/api/wire?a=1&b=%26&a=2' });
    expect(answered.statusCode).toBe(418);
    expect(answered.headers).toMatchObject({ 'x-tea': 'yes', 'x-content-type-options': 'nosniff' });
    expect(answered.body).toBe(method === 'HEAD' ? '' : '{"OK":1}');
    expect(routed).toHaveLength(1);
    expect(routed[0]).toMatchObject({ method, path: '/api/wire', body: '', address: '127.0.0.1' });
    expect([...(routed[0]?.query ?? [])]).toEqual([
      ['a', '1'],
      ['b', '&'],
      ['a', '2'],
    ]);
  });

  test.each([
    'application/json',
    'application/json; charset=utf-8',
    'APPLICATION/JSON',
    'text/plain',
    'application/x-www-form-urlencoded',
    'image/png',
    'multipart/form-data; boundary=x',
  ])('gets a body of the type %s as it is', async (type) => {
    const payload = '{"APIKey": not json ☃';
    await app.inject({ method: 'POST', url: '/api/wire', headers: { 'content-type': type }, payload });
    expect(routed).toMatchObject([{ body: payload, headers: { 'content-type': type } }]);
  });

  describe('sends bytes as they come', () => {
    /** So many chunks of a mebibyte; who ends it early is noted. */
    const chunks = (count: number, fails = false) => {
      const noted = { sent: 0, ended: 0 };
      const body: AsyncIterableIterator<Uint8Array> = {
        [Symbol.asyncIterator]: () => body,
        next: async () => {
          if (fails && noted.sent > 0) throw new Error('the disk');
          if (noted.sent === count) return { done: true, value: undefined };
          noted.sent++;
          return { done: false, value: Buffer.alloc(1024 * 1024, 'x') };
        },
        return: async () => {
          noted.ended++;
          return { done: true, value: undefined };
        },
      };
      return { noted, body };
    };

    test('all of them', async () => {
      const { noted, body } = chunks(3);
      respond = () => ({ status: 206, headers: { 'content-type': 'video/webm', 'content-length': '3145728' }, body });
      const answered = await get('/api/wire');
      expect(answered.statusCode).toBe(206);
      expect(answered.headers).toMatchObject({ 'content-type': 'video/webm', 'content-length': '3145728' });
      expect(answered.rawPayload.length).toBe(3 * 1024 * 1024);
      expect(noted.sent).toBe(3);
    });

    test('until nobody wants more: what is behind them is told so, and has not been read to its end', async () => {
      const address = await app.listen({ port: 0, host: '127.0.0.1' });
      const { noted, body } = chunks(1000);
      respond = () => ({ status: 200, body });
      const abort = new AbortController();
      const answered = await fetch(`${address}/api/wire`, { signal: abort.signal });
      await answered.body?.getReader().read();
      abort.abort();
      await expect.poll(() => noted.ended).toBeGreaterThan(0);
      expect(noted.sent).toBeLessThan(1000);
    });

    test('until we fail: the connection ends, and nobody takes a part for the whole', async () => {
      const address = await app.listen({ port: 0, host: '127.0.0.1' });
      const { noted, body } = chunks(3, true);
      respond = () => ({ status: 200, headers: { 'content-length': '3145728' }, body });
      const answered = await fetch(`${address}/api/wire`);
      await expect(answered.arrayBuffer()).rejects.toThrow();
      expect(noted.ended).toBeGreaterThan(0);
    });
  });

  test('gets a body without a type, too', async () => {
    const answered = await app.inject({ method: 'POST', url: '/api/wire', payload: Buffer.from('hello') });
    expect(answered.statusCode).toBe(200);
    expect(routed).toMatchObject([{ body: 'hello' }]);
  });

  test('gets bodies as large as it takes, in bytes; more is refused in the words of its wire', async () => {
    const post = (payload: string, url = '/api/wire') =>
      app.inject({ method: 'POST', url, headers: { 'content-type': 'application/json' }, payload });
    expect((await post('x'.repeat(100))).statusCode).toBe(200);
    for (const large of ['x'.repeat(101), '☃'.repeat(34)]) {
      const answered = await post(large);
      expect(answered.statusCode).toBe(413);
      expect(answered.json()).toMatchObject({ OK: false, Error: expect.stringMatching(/large/) });
    }
    expect((await post('x'.repeat(1_000), '/poll')).statusCode).toBe(200);
    expect(routed).toHaveLength(2);
  });

  test('that takes no body is reached without one', async () => {
    const other = await createApp({ routes: [route('/none', 0)] });
    try {
      expect((await other.inject({ method: 'POST', url: '/none' })).statusCode).toBe(200);
      expect((await other.inject({ method: 'POST', url: '/none', payload: 'xx' })).statusCode).toBe(413);
    } finally {
      await other.close();
    }
  });

  test('that fails tells the log, and nobody else, how', async () => {
    respond = () => {
      throw new Error('a path of ours');
    };
    const answered = await app.inject({ method: 'POST', url: '/api/wire', payload: '{}' });
    expect(answered.statusCode).toBe(500);
    expect(answered.json()).toEqual({ OK: false, Error: 'Something went wrong.' });
    expect(failures).toEqual([new Error('a path of ours')]);
  });

  test('is that path alone', async () => {
    for (const url of ['/api/wire/', '/api/wires', '/API/WIRE', '/api/wire/x']) {
      expect((await get(url)).statusCode).toBe(404);
    }
    expect(routed).toEqual([]);
  });

  test.each([
    [false, '127.0.0.1'],
    [true, '203.0.113.9'],
  ])('W30: knows whose request it is, as far as the proxy is trusted: %s', async (trustProxy, address) => {
    const other = await createApp({ trustProxy });
    try {
      const headers = { 'x-forwarded-for': '198.51.100.1, 203.0.113.9' };
      await other.inject({ method: 'GET', url: '/api/wire', headers });
      expect(routed).toMatchObject([{ address }]);
    } finally {
      await other.close();
    }
  });
});
