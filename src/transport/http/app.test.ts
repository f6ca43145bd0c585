import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { FastifyInstance } from 'fastify';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import type { Attachment } from '../../core/message.ts';
import { createHttpApp, type HttpServices, type UploadRequest } from './app.ts';

const ATTACHMENT: Attachment = { id: 'abc', mediaType: 'image/png', width: 2, height: 1, byteLength: 3 };
const BYTES = Uint8Array.of(1, 2, 3);

let folder = '';
let app: FastifyInstance;
let uploads: UploadRequest[] = [];
type Answer = Awaited<ReturnType<HttpServices['upload']>>;
let answer: () => Answer = () => ({ attachment: ATTACHMENT });

beforeAll(async () => {
  // A folder named like the one of the built files: what lies in it is not built for that.
  folder = await mkdtemp(join(tmpdir(), 'assets-'));
  await mkdir(join(folder, 'dist', 'assets'), { recursive: true });
  await writeFile(join(folder, 'dist', 'index.html'), '<!doctype html><title>Parlour</title>');
  await writeFile(join(folder, 'dist', 'icon.svg'), '<svg/>');
  await writeFile(join(folder, 'dist', 'assets', 'app-1a2b.js'), 'export {};');
  await writeFile(join(folder, 'dist', 'assets', 'app-1a2b.js.br'), 'compressed');
  await writeFile(join(folder, 'secret.txt'), 'secret');
});
afterAll(() => rm(folder, { recursive: true }));

beforeEach(async () => {
  uploads = [];
  answer = () => ({ attachment: ATTACHMENT });
  app = await createHttpApp({
    webRoot: join(folder, 'dist'),
    imageBytes: 1_000,
    services: {
      bootstrap: (room) => (room === undefined || room === 'lobby' ? { room: room ?? 'the default' } : undefined),
      mayUpload: (session) => session === 'session-secret',
      upload: async (request) => {
        uploads.push(request);
        return answer();
      },
      attachment: async (id) => (id === 'abc' ? { attachment: ATTACHMENT, bytes: BYTES } : undefined),
      metrics: async () => ({ contentType: 'text/plain; version=0.0.4', text: 'parlour_sessions 1\n' }),
    },
  });
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
    const url = '/assets/app-1a2b.js';
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
    const built = await get('/assets/app-1a2b.js');
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
    '/assets/../../secret.txt',
    '/assets/..%2f..%2fsecret.txt',
    '/assets/%252e%252e/secret.txt',
    '/..\\secret.txt',
    '//secret.txt',
    '/secret.txt%00',
    '/r/a/b',
    '/nothing',
    '/assets/',
    '/%zz',
  ])('%s is nothing, said in JSON', async (url) => {
    const answered = await get(url);
    expect([400, 404]).toContain(answered.statusCode);
    expect(answered.json()).toHaveProperty('error');
    expect(answered.body).not.toBe('secret');
  });
});
