import { existsSync } from 'node:fs';
import { mkdir, symlink, utimes, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation, USERS } from './support/installation.ts';
import { basic, recorded, recordingsOf } from './support/recordings.ts';

/** `spec/galene.md` 2.15, 3.2 and 3.4: what was recorded, over HTTP. */

const WITH_RECORDING = { ...USERS, 'allow-recording': true };
const VIMES = basic('vimes', 'sybil');
const FILE = '2026-03-01T12-00-00-000-fred.webm';
const BYTES = '0123456789'.repeat(100);

let installation: Installation;

beforeAll(async () => {
  installation = await Installation.start({
    groups: {
      watch: WITH_RECORDING,
      guild: { ...WITH_RECORDING, 'auto-subgroups': true },
      Palace: WITH_RECORDING,
      deleting: WITH_RECORDING,
      guessing: WITH_RECORDING,
      leaving: WITH_RECORDING,
      scribes: {
        users: { moist: { password: 'gold', permissions: ['record'] }, fred: { password: 'pints', permissions: 'op' } },
      },
    },
  });
  await recorded(installation, 'watch', FILE, BYTES);
});
afterAll(() => installation[Symbol.asyncDispose]());

const list = (group: string, headers: Record<string, string> = VIMES) =>
  installation.fetch(`/recordings/${group}/`, { headers });

/** The path as it is, and headers that `fetch` does not let anybody say. */
function raw(path: string, headers: Readonly<Record<string, string>> = VIMES) {
  const { promise, resolve, reject } = Promise.withResolvers<{ readonly status: number; readonly text: string }>();
  const { hostname, port } = new URL(installation.server.url);
  const asked = request({ hostname, port, path, headers }, (response) => {
    let text = '';
    response.on('data', (chunk) => {
      text += String(chunk);
    });
    response.on('end', () => resolve({ status: response.statusCode ?? 0, text }));
  });
  asked.on('error', reject);
  asked.end();
  return promise;
}

describe('Galène: the addresses of recordings', () => {
  test('53. they have a slash, and are of a group', async () => {
    const plain = await installation.fetch('/recordings');
    expect([plain.status, plain.headers.get('location')]).toEqual([308, '/recordings/']);
    const bare = await installation.fetch('/recordings/');
    expect([bare.status, await bare.text()]).toEqual([400, expect.stringContaining('Bad group name')]);
    const group = await installation.fetch('/recordings/watch?page=2');
    expect([group.status, group.headers.get('location')]).toEqual([308, '/recordings/watch/?page=2']);
  });

  test('53. a group has one, as its definition is spelt; a group below another has its own', async () => {
    const palace = await installation.fetch('/recordings/palace/');
    expect([palace.status, palace.headers.get('location')]).toEqual([308, '/recordings/Palace/']);
    await recorded(installation, 'palace', '2026-03-01T12-00-00-000-vetinari.webm');
    expect(await (await list('Palace')).text()).toContain('vetinari');
    await recorded(installation, 'guild/thieves', '2026-03-01T12-00-00-000-boggis.webm');
    expect(await (await list('guild/thieves')).text()).toContain('boggis');
    expect(await (await list('guild')).text()).not.toContain('boggis');
  });

  test('53. there are none of a group that there is not', async () => {
    for (const path of ['/recordings/nobody/', '/recordings/nobody/x.webm', '/recordings/.hidden/']) {
      expect([path, (await installation.fetch(path, { headers: VIMES })).status]).toEqual([path, 404]);
    }
  });

  test('53. one canonical host has them', async () => {
    await using other = await Installation.start({
      config: { canonicalHost: 'galene.example.org' },
      groups: { watch: WITH_RECORDING },
    });
    const sent = await other.fetch('/recordings/watch/');
    expect(sent.status).toBe(301);
    expect(sent.headers.get('location')).toBe('https://galene.example.org/recordings/watch/');
  });
});

describe('Galène: who may see recordings', () => {
  test('53. who says no name is asked for one', async () => {
    for (const path of ['/recordings/watch/', `/recordings/watch/${FILE}`]) {
      const response = await installation.fetch(path);
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^basic realm="[^"]+"/);
      expect(await response.text()).not.toContain('fred');
    }
  });

  test.each([
    ['vimes', 'sybil', 200],
    ['vimes', 'wrong', 401],
    ['vimes', '', 401],
    // Without `record`, a right password is as good as none.
    ['fred', 'pints', 401],
    ['cheery', 'axe', 401],
    ['somebody', 'anything', 401],
  ])('53. %s with the password "%s" gets %i', async (name, password, status) => {
    expect((await list('watch', basic(name, password))).status).toBe(status);
    const file = await installation.fetch(`/recordings/watch/${FILE}`, { headers: basic(name, password) });
    expect(file.status).toBe(status);
    await file.text();
  });

  test('53. operators do where they may record, and whoever may, operator or not', async () => {
    const plain = installation.plainGroup();
    expect((await list(plain)).status).toBe(401);
    expect((await list('scribes', basic('moist', 'gold'))).status).toBe(200);
    expect((await list('scribes', basic('fred', 'pints'))).status).toBe(401);
  });

  test('53. a password of another group is none, and a token never is', async () => {
    expect((await list('watch', basic('moist', 'gold'))).status).toBe(401);
    const vimes = await installation.enter('watch', 'vimes');
    vimes.groupAction({
      kind: 'maketoken',
      value: { group: 'watch', permissions: ['op', 'record'], expires: 3600_000 },
    });
    const { value } = await vimes.next({ type: 'usermessage', kind: 'token' });
    const { token } = value as { readonly token: string };
    expect(token).toEqual(expect.any(String));
    expect((await list('watch', { authorization: `Bearer ${token}` })).status).toBe(401);
    expect((await list('watch', basic('', token))).status).toBe(401);
    expect((await installation.fetch(`/recordings/watch/?token=${token}`)).status).toBe(401);
    await vimes.close();
  });

  test('53. who lost the right has no use of their cookie, and others go on by their password', async () => {
    const cookieOf = (response: Response) => (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
    const cookie = cookieOf(await list('leaving'));
    expect((await list('leaving', { cookie })).status).toBe(200);
    await installation.group({ users: {} }, 'leaving');
    await expect.poll(async () => (await list('leaving', { cookie })).status).toBe(401);
    await installation.group(WITH_RECORDING, 'leaving');
    await expect.poll(async () => (await list('leaving')).status).toBe(200);
    expect((await list('leaving', { cookie: cookieOf(await list('leaving')) })).status).toBe(200);
  });

  test('53. wrong passwords are counted', async () => {
    await using other = await Installation.start({ groups: { watch: WITH_RECORDING } });
    const guess = (password: string) =>
      other.fetch('/recordings/watch/', { headers: basic('vimes', password) }).then(({ status }) => status);
    const statuses = await Promise.all(Array.from({ length: 25 }, (_, index) => guess(`guess ${index}`)));
    expect(statuses).toContain(429);
    expect(await guess('sybil')).toBe(429);
  });
});

describe('Galène: a recorded file', () => {
  const get = (headers: Record<string, string> = {}, method = 'GET') =>
    installation.fetch(`/recordings/watch/${FILE}`, { method, headers: { ...VIMES, ...headers } });

  test('53. comes as it is, with its type', async () => {
    const response = await get();
    expect([response.status, await response.text()]).toEqual([200, BYTES]);
    expect(response.headers.get('content-type')).toBe('video/webm');
    expect(response.headers.get('content-length')).toBe('1000');
    expect(response.headers.get('accept-ranges')).toBe('bytes');
    expect(response.headers.get('etag')).toMatch(/^"1000-\d+"$/);
    expect(Date.parse(response.headers.get('last-modified') ?? '')).toBeLessThan(Date.now() - 3_590_000);
    expect(response.headers.get('cache-control')).toBe('private, no-cache');
    expect(response.headers.get('cross-origin-resource-policy')).toBe('same-origin');
    await recorded(installation, 'watch', '2026-03-01T12-00-01-000-fred.mkv');
    const other = await installation.fetch('/recordings/watch/2026-03-01T12-00-01-000-fred.mkv', { headers: VIMES });
    expect([other.headers.get('content-type'), await other.text()]).toEqual(['video/x-matroska', 'pictures']);
  });

  test('53. says the same of itself to HEAD', async () => {
    const [whole, head] = [await get(), await get({}, 'HEAD')];
    await whole.text();
    for (const name of ['content-type', 'content-length', 'etag', 'last-modified', 'cache-control']) {
      expect([name, head.headers.get(name)]).toEqual([name, whole.headers.get(name)]);
    }
    expect([head.status, await head.text()]).toEqual([200, '']);
  });

  test.each([
    ['bytes=0-9', 206, 'bytes 0-9/1000', '0123456789'],
    ['bytes=995-', 206, 'bytes 995-999/1000', '56789'],
    ['bytes=-3', 206, 'bytes 997-999/1000', '789'],
    ['bytes=990-5000', 206, 'bytes 990-999/1000', '0123456789'],
    ['bytes=1000-', 416, 'bytes */1000', ''],
    ['bytes=-0', 416, 'bytes */1000', ''],
    ['bytes=0-1,5-6', 200, null, BYTES],
    ['words=0-1', 200, null, BYTES],
  ])('53. of %s it is %i', async (range, status, contentRange, text) => {
    const response = await get({ range });
    expect([response.status, response.headers.get('content-range')]).toEqual([status, contentRange]);
    expect(await response.text()).toBe(text);
    expect(response.headers.get('content-length')).toBe(String(text.length));
  });

  test('53. is not sent twice, and not in pieces of two different files', async () => {
    const first = await get();
    await first.text();
    const etag = first.headers.get('etag') ?? '';
    expect((await raw(`/recordings/watch/${FILE}`, { ...VIMES, 'if-none-match': etag })).status).toBe(304);
    const since = first.headers.get('last-modified') ?? '';
    expect((await raw(`/recordings/watch/${FILE}`, { ...VIMES, 'if-modified-since': since })).status).toBe(304);
    const part = (condition: string) =>
      raw(`/recordings/watch/${FILE}`, { ...VIMES, range: 'bytes=0-4', 'if-range': condition });
    expect(await part(etag)).toEqual({ status: 206, text: '01234' });
    expect(await part('"another"')).toEqual({ status: 200, text: BYTES });
  });

  test('53. is not kept by anybody while it may be growing', async () => {
    const path = await recorded(installation, 'watch', '2026-03-01T12-00-02-000-fred.webm', 'a part');
    await utimes(path, new Date(), new Date());
    const growing = () => installation.fetch('/recordings/watch/2026-03-01T12-00-02-000-fred.webm', { headers: VIMES });
    const first = await growing();
    expect([first.headers.get('cache-control'), await first.text()]).toEqual(['no-store', 'a part']);
    const large = `a part and more${'.'.repeat(2_000_000)}`;
    await writeFile(path, large);
    const second = await growing();
    expect(await second.text()).toBe(large);
    const played = { ...VIMES, 'sec-fetch-dest': 'video', range: 'bytes=0-' };
    expect((await raw('/recordings/watch/2026-03-01T12-00-02-000-fred.webm', played)).text).toBe(large);
    // In pieces where it is said how far it goes: they are of one file, whatever is written behind that.
    const excerpt = () =>
      installation.fetch('/recordings/watch/2026-03-01T12-00-02-000-fred.webm?bytes=1500000', {
        headers: { ...VIMES, ...played },
      });
    const piece = await excerpt();
    expect([piece.headers.get('content-range'), piece.headers.get('last-modified')]).toEqual([
      'bytes 0-1048575/1500000',
      null,
    ]);
    await writeFile(path, `${large}and more`);
    expect((await excerpt()).headers.get('etag')).toBe(piece.headers.get('etag'));
    expect(second.headers.get('etag')).not.toBe(first.headers.get('etag'));
  });

  test('53. can be larger than memory cares for: who stops reading leaves nothing open', async () => {
    await recorded(installation, 'watch', '2026-03-01T12-00-03-000-fred.webm', new Uint8Array(64 * 1024 * 1024));
    const abort = new AbortController();
    const path = '/recordings/watch/2026-03-01T12-00-03-000-fred.webm';
    const response = await installation.fetch(path, { headers: VIMES, signal: abort.signal });
    const reader = response.body?.getReader();
    expect((await reader?.read())?.value?.byteLength).toBeGreaterThan(0);
    abort.abort();
    await reader?.read().catch(() => undefined);
    await expect.poll(() => openFiles('12-00-03')).toBe(0);
    // What a browser plays comes in pieces, since it would hold a connection for each file; downloads do not.
    const part = async (headers: Record<string, string>) => {
      const gone = new AbortController();
      const answer = await installation.fetch(path, { headers: { ...VIMES, ...headers }, signal: gone.signal });
      gone.abort();
      return [answer.status, answer.headers.get('content-length')];
    };
    const played = { 'sec-fetch-dest': 'video' };
    expect(await part({ ...played, range: 'bytes=0-' })).toEqual([206, '1048576']);
    expect(await part({ ...played, range: 'bytes=-100' })).toEqual([206, '100']);
    expect(await part({ range: 'bytes=0-' })).toEqual([206, '67108864']);
    expect(await part(played)).toEqual([200, '67108864']);
    // Some of them go before they are answered.
    const many = Array.from({ length: 40 }, async (_, index) => {
      const gone = new AbortController();
      const asked = installation.fetch(path, { headers: VIMES, signal: gone.signal });
      setTimeout(() => gone.abort(), index);
      await asked.then((each) => each.arrayBuffer()).catch(() => undefined);
    });
    await Promise.all(many);
    await expect.poll(() => openFiles('12-00-03')).toBe(0);
  });

  test.each([
    '/recordings/watch/../watch/secret.webm',
    '/recordings/watch/..%2Fsecret.webm',
    '/recordings/watch/%2e%2e%2fsecret.webm',
    '/recordings/watch/..%5Csecret.webm',
    '/recordings/watch/.secret.webm',
    '/recordings/watch/x%00.webm',
    '/recordings/watch%2F..%2F..%2Fsecret.webm',
    '/recordings/%2Fetc/secret.webm',
    '/recordings//secret.webm',
    '/recordings/watch/link.webm',
    '/recordings/watch/folder.webm',
    '/recordings/watch/pipe.webm/',
    '/recordings/watch/notes.txt',
    '/recordings/watch/nothing.webm',
  ])('53. %s is none', async (path) => {
    const folder = recordingsOf(installation, 'watch');
    await writeFile(join(folder, '..', 'secret.webm'), 'secret');
    await writeFile(join(folder, '.secret.webm'), 'secret');
    await writeFile(join(folder, 'notes.txt'), 'secret');
    await mkdir(join(folder, 'folder.webm'), { recursive: true });
    await symlink(join(folder, '..', 'secret.webm'), join(folder, 'link.webm')).catch(() => undefined);
    const { status, text } = await raw(path);
    expect([308, 400, 404]).toContain(status);
    expect(text).not.toContain('secret');
  });
});

describe('Galène: the list of recordings', () => {
  test('53. HEAD is as good, and nobody keeps it', async () => {
    const response = await installation.fetch('/recordings/watch/', { method: 'HEAD', headers: VIMES });
    expect([response.status, await response.text()]).toEqual([200, '']);
    expect(response.headers.get('content-type')).toMatch(/^text\/html/);
    expect(response.headers.get('cache-control')).toBe('no-store');
    expect(response.headers.get('content-security-policy')).toMatch(/default-src 'none'.*script-src 'self'/);
    expect(response.headers.get('content-security-policy')).not.toContain('unsafe');
  });

  test('53. what is in names of files is text', async () => {
    const name = `2026-03-01T12-00-00-000-"><img src=x onerror='alert(1)'>&amp;.webm`;
    await recorded(installation, 'guild', name);
    const html = await (await list('guild')).text();
    expect(html).not.toContain('<img');
    expect(html).toContain('&#62;&#38;amp;.webm');
    const [, session = ''] = /\?session=([^"]+)"/.exec(html) ?? [];
    const player = await installation.fetch(`/recordings/guild/?session=${session}`, { headers: VIMES });
    expect(player.status).toBe(200);
    expect(await player.text()).not.toContain('<img');
  });

  test('53. what does not lie there is not played', async () => {
    expect((await installation.fetch('/recordings/watch/?session=other', { headers: VIMES })).status).toBe(404);
  });

  test('53. a link to another folder is no group’s', async () => {
    await symlink(recordingsOf(installation, 'watch'), recordingsOf(installation, 'deleting')).catch(() => undefined);
    // Within the folder of all recordings, it is the operator’s own.
    expect((await list('deleting')).status).toBe(200);
    const outside = await Installation.start({ groups: { watch: WITH_RECORDING } });
    try {
      await mkdir(join(outside.server.data, 'recordings'), { recursive: true });
      await writeFile(join(outside.folder, FILE), 'secret');
      await symlink(outside.folder, recordingsOf(outside, 'watch'));
      const response = await outside.fetch(`/recordings/watch/${FILE}`, { headers: VIMES });
      expect(response.status).toBe(404);
      expect(await (await outside.fetch('/recordings/watch/', { headers: VIMES })).text()).not.toContain('fred');
    } finally {
      await outside[Symbol.asyncDispose]();
    }
  });
});

/** How many files of such a name this process has open. */
async function openFiles(part: string): Promise<number> {
  const { readdir, readlink } = await import('node:fs/promises');
  const folder = '/proc/self/fd';
  if (!existsSync(folder)) return 0;
  const links = await Promise.all((await readdir(folder)).map((fd) => readlink(join(folder, fd)).catch(() => '')));
  return links.filter((link) => link.includes(part)).length;
}
