import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { part, settled } from './support/frames.ts';
import { Installation, USERS } from './support/installation.ts';

/** `spec/galene.md` 3.1 to 3.4. */

const PAGE = '<!doctype html><title>Galène</title><script src="/galene.js"></script>';
/** No room of the server's own is in the list. */
const HIDDEN = { rooms: [{ name: 'lobby', public: false }] };

let statics: string;
let installation: Installation;

beforeAll(async () => {
  statics = await mkdtemp(join(tmpdir(), 'parlour-static-'));
  await mkdir(join(statics, 'third-party'));
  await writeFile(join(statics, 'galene.html'), PAGE);
  await writeFile(join(statics, 'galene.js'), "'use strict';");
  await writeFile(join(statics, 'galene.css'), 'body { margin: 0 }');
  await writeFile(join(statics, 'third-party', 'vision.mjs'), 'export {};');
  await writeFile(join(statics, 'third-party', 'vision.wasm'), new Uint8Array([0, 0x61, 0x73, 0x6d]));
  installation = await Installation.start({
    settings: { ...HIDDEN, galene: { frontend: statics } },
    groups: {
      zoo: { ...USERS, public: true, displayName: 'The Zoo', description: 'Animals.' },
      Ark: { ...USERS, public: true },
      watch: { ...USERS, public: true, displayName: 'The Watch' },
      'deep/er': { ...USERS, public: true, 'auto-subgroups': true },
      hidden: { ...USERS, displayName: 'Behind a curtain' },
      portal: { ...USERS, authServer: 'https://auth.example.org/', authPortal: 'https://portal.example.org/login' },
      moved: { ...USERS, redirect: 'https://elsewhere.example.org/group/new/', displayName: 'Moved' },
    },
  });
});
afterAll(async () => {
  await installation[Symbol.asyncDispose]();
  await rm(statics, { recursive: true, force: true });
});

async function status(group: string, on = installation): Promise<unknown> {
  const response = await on.fetch(`/group/${group}/.status`);
  expect(response.status).toBe(200);
  return response.json();
}

/** The path as it is, and headers that `fetch` does not let anybody say. */
function get(on: Installation, path: string, headers: Readonly<Record<string, string>>) {
  return new Promise<{ readonly status: number; readonly location: string | undefined; readonly text: string }>(
    (resolve, reject) => {
      const { hostname, port } = new URL(on.server.url);
      const asked = request({ hostname, port, path, headers }, (response) => {
        let text = '';
        response.on('data', (chunk) => {
          text += String(chunk);
        });
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, location: response.headers.location, text });
        });
      });
      asked.on('error', reject);
      asked.end();
    },
  );
}

/** The status of the answer to an upgrade: 101 where it is one. */
function upgrade(on: Installation, headers: Readonly<Record<string, string>>): Promise<number> {
  const { promise, resolve } = Promise.withResolvers<number>();
  const socket = new WebSocket(on.server.wsUrl, { headers });
  socket.on('open', () => {
    socket.close();
    resolve(101);
  });
  socket.on('unexpected-response', (asked, response) => {
    resolve(response.statusCode ?? 0);
    asked.destroy();
  });
  socket.on('error', () => {});
  return promise;
}

describe('Galène: the status of a group', () => {
  test('61. of a public one, with who is there', async () => {
    const { url, wsUrl } = installation.server;
    const zoo = { name: 'zoo', displayName: 'The Zoo', description: 'Animals.' };
    const places = { location: `${url}/group/zoo/`, endpoint: wsUrl };
    expect(await status('zoo')).toEqual({ ...zoo, ...places, clientCount: 0 });
    const vimes = await installation.enter('zoo', 'vimes');
    vimes.groupAction({ kind: 'lock' });
    await settled(vimes);
    expect(await status('zoo')).toEqual({ ...zoo, ...places, clientCount: 1, locked: true });
    vimes.groupAction({ kind: 'unlock' });
    await settled(vimes);
    await part(vimes);
    await expect.poll(() => status('zoo')).toEqual({ ...zoo, ...places, clientCount: 0 });
  });

  test('61. of another, without', async () => {
    const vimes = await installation.enter('hidden', 'vimes');
    vimes.groupAction({ kind: 'lock' });
    await settled(vimes);
    const { url, wsUrl } = installation.server;
    expect(await status('hidden')).toEqual({
      ...{ name: 'hidden', displayName: 'Behind a curtain' },
      ...{ location: `${url}/group/hidden/`, endpoint: wsUrl },
    });
    await part(vimes);
  });

  test('61. of one in a folder, and of one that is on demand', async () => {
    expect(await status('deep/er')).toMatchObject({
      name: 'deep/er',
      location: expect.stringMatching(/\/deep\/er\/$/),
    });
    const below = await status('deep/er/x');
    expect(below).toMatchObject({ name: 'deep/er/x' });
    expect(below).not.toHaveProperty('clientCount');
  });

  test('61. with where to prove who one is', async () => {
    expect(await status('portal')).toMatchObject({
      ...{ authServer: 'https://auth.example.org/', authPortal: 'https://portal.example.org/login' },
    });
  });

  test('61. of one that is elsewhere, hardly anything', async () => {
    const redirect = 'https://elsewhere.example.org/group/new/';
    expect(await status('moved')).toEqual({ name: 'moved', displayName: 'Moved', redirect });
  });

  test('61. nobody keeps it, and HEAD is as good', async () => {
    for (const method of ['GET', 'HEAD']) {
      const response = await installation.fetch('/group/zoo/.status', { method });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toMatch(/^application\/json/);
      expect(response.headers.get('cache-control')).toBe('no-cache');
      if (method === 'HEAD') expect(await response.text()).toBe('');
    }
  });

  test('61. by its name of before', async () => {
    for (const method of ['GET', 'HEAD']) {
      const response = await installation.fetch('/group/zoo/.status.json', { method });
      expect([response.status, response.headers.get('location')]).toEqual([308, '/group/zoo/.status']);
    }
    const followed = await installation.fetch('/group/zoo/.status.json', { redirect: 'follow' });
    expect(await followed.json()).toMatchObject({ name: 'zoo', endpoint: installation.server.wsUrl });
  });

  test.each([
    '/group/nobody/.status',
    '/group/nobody/',
    '/group/zoo/.other',
    '/group/zoo/.nothing/',
    '/group/.hidden/',
    '/group/zoo//',
    '/group/',
    '/group//',
    '/group/a%5Cb/',
  ])('61. there is no %s', async (path) => {
    const response = await installation.fetch(path);
    expect(response.status).toBe(404);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
  });

  test('61. there is nothing above it', async () => {
    for (const path of [
      '/group/%2e%2e/',
      '/group/../zoo/',
      '/group/zoo/%2e%2e%2f.status',
      '/group/a%2F..%2Fzoo/.status',
    ]) {
      expect([path, (await get(installation, path, {})).status]).toEqual([path, 404]);
    }
    expect((await get(installation, '/group/%E0%A4%A/', {})).status).toBe(400);
  });

  test('61. nothing is posted there', async () => {
    const response = await installation.fetch('/group/zoo/.status', { method: 'POST' });
    expect(response.status).toBe(405);
    expect(response.headers.get('allow')).toBe('GET, HEAD');
  });
});

describe('Galène: the page of a group', () => {
  test('61. it has a slash, and keeps its query', async () => {
    const plain = await installation.fetch('/group/zoo');
    expect([plain.status, plain.headers.get('location')]).toEqual([308, '/group/zoo/']);
    const token = await installation.fetch('/group/zoo?token=abc&x=1');
    expect([token.status, token.headers.get('location')]).toEqual([308, '/group/zoo/?token=abc&x=1']);
  });

  test('61. it is the front end’s own, which loads nothing from elsewhere', async () => {
    const response = await installation.fetch('/group/zoo/');
    expect([response.status, await response.text()]).toEqual([200, PAGE]);
    const { headers } = response;
    expect(headers.get('content-type')).toMatch(/^text\/html/);
    expect(headers.get('referrer-policy')).toBe('no-referrer');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("connect-src ws: wss: 'self'");
    expect(policy).toContain("script-src 'unsafe-eval' 'self'");
    expect(policy).toContain("default-src 'self'");
  });

  test('61. but from where people prove who they are', async () => {
    const { headers } = await installation.fetch('/group/portal/');
    expect(headers.get('content-security-policy')).toMatch(
      /connect-src https:\/\/auth\.example\.org\/? ws: wss: 'self'/,
    );
  });

  test('61. one that is elsewhere is there', async () => {
    const response = await installation.fetch('/group/moved/');
    const { headers } = response;
    expect([response.status, headers.get('location')]).toEqual([308, 'https://elsewhere.example.org/group/new/']);
  });

  test.each([
    ['/galene.js', /^(text|application)\/javascript/],
    ['/galene.css', /^text\/css/],
    ['/third-party/vision.mjs', /^(text|application)\/javascript/],
    ['/third-party/vision.wasm', /^application\/wasm/],
  ])('61. %s is what it is, and is not sent twice', async (path, type) => {
    const response = await installation.fetch(path);
    expect(response.status).toBe(200);
    expect(response.headers.get('content-type')).toMatch(type);
    const etag = response.headers.get('etag') ?? '';
    expect(etag).not.toBe('');
    // `fetch` says that it wants it anew.
    expect((await get(installation, path, { 'if-none-match': etag })).status).toBe(304);
  });

  test('61. what is not there is asked for by HEAD', async () => {
    const response = await installation.fetch('/third-party/tasks-vision/vision_bundle.mjs', { method: 'HEAD' });
    expect(response.status).toBe(404);
  });

  test('61. without its front end, it is our own client’s', async () => {
    await using other = await Installation.start({ groups: { zoo: USERS } });
    const response = await other.fetch('/group/zoo/?token=abc');
    expect([response.status, response.headers.get('location')]).toEqual([302, '/r/zoo?token=abc']);
  });
});

describe('Galène: public groups', () => {
  test('62. they are listed in order, with who is there', async () => {
    const ann = await installation.enter('watch', 'ann');
    const response = await installation.fetch('/public-groups.json');
    expect(response.headers.get('cache-control')).toBe('no-cache');
    const list = (await response.json()) as readonly { readonly name: string; readonly clientCount: number }[];
    expect(list.map(({ name, clientCount }) => [name, clientCount])).toEqual([
      ['Ark', 0],
      ['deep/er', 0],
      ['watch', 1],
      ['zoo', 0],
    ]);
    expect(list[2]).toEqual({
      ...{ name: 'watch', displayName: 'The Watch', clientCount: 1 },
      ...{ location: `${installation.server.url}/group/watch/`, endpoint: installation.server.wsUrl },
    });
    await part(ann);
  });

  test('62. where there are none, the list is empty', async () => {
    await using other = await Installation.start({ settings: HIDDEN });
    const response = await other.fetch('/public-groups.json');
    expect([response.status, await response.text()]).toEqual([200, '[]']);
  });
});

describe('Galène: where it is reached', () => {
  test('63. at its canonical host alone', async () => {
    await using other = await Installation.start({
      config: { canonicalHost: 'galene.example.org' },
      groups: { zoo: { ...USERS, public: true } },
    });
    const wrong = { host: 'other.example.org' };
    const right = { host: 'galene.example.org' };
    expect(await get(other, '/group/zoo/?token=x', wrong)).toMatchObject({
      status: 301,
      location: 'https://galene.example.org/group/zoo/?token=x',
    });
    expect((await get(other, '/group/zoo/.status', right)).status).toBe(200);
    expect((await get(other, '/public-groups.json', wrong)).status).toBe(200);
    expect(await upgrade(other, wrong)).toBe(101);
  });

  test('63. behind a proxy, by the address that the installation says', async () => {
    await using other = await Installation.start({
      settings: HIDDEN,
      config: { proxyURL: 'https://galene.example.org/' },
      groups: { zoo: { ...USERS, public: true } },
    });
    const places = {
      location: 'https://galene.example.org/group/zoo/',
      endpoint: 'wss://galene.example.org/ws',
    };
    expect(await status('zoo', other)).toMatchObject(places);
    expect(await (await other.fetch('/public-groups.json')).json()).toEqual([expect.objectContaining(places)]);
  });

  test('63. by programs, by its own pages, and by those of the hosts that the installation allows', async () => {
    await using other = await Installation.start({ config: { allowOrigin: ['https://friend.example.org'] } });
    const { host } = new URL(other.server.url);
    expect(await upgrade(other, {})).toBe(101);
    expect(await upgrade(other, { origin: `http://${host}` })).toBe(101);
    expect(await upgrade(other, { origin: 'https://friend.example.org' })).toBe(101);
    expect(await upgrade(other, { origin: 'https://stranger.example.org' })).toBe(403);
    expect(await upgrade(other, { origin: 'null' })).toBe(403);
  });

  test('63. what everybody may know, pages of those hosts may read', async () => {
    await using other = await Installation.start({
      config: { allowOrigin: ['https://friend.example.org'] },
      groups: { zoo: USERS },
    });
    const allowed = async (origin: string) => {
      const { headers } = await other.fetch('/group/zoo/.status', { headers: { origin } });
      expect(headers.get('vary')).toMatch(/origin/i);
      return headers.get('access-control-allow-origin');
    };
    expect(await allowed('https://friend.example.org')).toBe('https://friend.example.org');
    expect(await allowed('https://stranger.example.org')).toBeNull();
  });
});
