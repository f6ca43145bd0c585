import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation, USERS } from './support/installation.ts';
import { CONFIG, FRIEND, JSON_TYPE, managing, ROOT, status } from './support/managing.ts';

/** `spec/galene.md` 3.3 to 3.5: who may ask what of the management API, and from where. */

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start({ config: CONFIG, groups: { zoo: USERS } });
});
afterAll(() => installation[Symbol.asyncDispose]());

const { ask, put, json } = managing(() => installation);

describe('Galène: the management API asks who it is', () => {
  const PATHS = [
    '/.stats',
    '/.groups/',
    '/.groups/zoo',
    '/.groups/nothing',
    '/.groups/.tokens/',
    '/.groups/zoo/.users/x',
  ];

  test.each(PATHS)('64. 401 for nobody at %s, and for who says something wrong', async (path) => {
    for (const as of [null, { username: 'vimes', password: 'sybil' }, { token: 'guessed' }]) {
      const response = await ask('GET', path, { as });
      expect(response.status).toBe(401);
      expect(response.headers.get('www-authenticate')).toMatch(/^basic realm="/);
    }
  });

  test.each(['', 'Basic', 'Basic !!!', 'Basic cm9vdA==', 'Bearer', 'Digest x', `Basic ${'A'.repeat(5000)}`])(
    '64. 401 for "%s"',
    async (text) => {
      const response = await installation.fetch('/galene-api/v0/.stats', { headers: { authorization: text } });
      expect(response.status).toBe(401);
    },
  );

  test('64. 401 comes before whatever else is wrong, and tells nothing of what is there', async () => {
    const as = null;
    const answers = await Promise.all([
      ask('PATCH', '/.groups/zoo', { as }),
      ask('PUT', '/.groups/zoo', { as, body: '{', headers: { 'content-type': 'text/html' } }),
      ask('DELETE', '/.groups/nothing', { as, headers: { 'if-match': '"x"' } }),
      ask('GET', '/.groups/zoo/.users/nobody', { as }),
      ask('GET', '/.groups/zoo/.users/vimes', { as }),
    ]);
    expect(answers.map((response) => response.status)).toEqual([401, 401, 401, 401, 401]);
    const texts = await Promise.all(answers.map((response) => response.text()));
    expect(new Set(texts).size).toBe(1);
  });

  test('64. a user of the installation who is none of its administrators', async () => {
    expect(await status(ask('GET', '/.groups/', { as: { username: 'mere', password: 'x' } }))).toBe(401);
  });

  test('64. who guesses too often waits, also with the right one', async () => {
    await using other = await Installation.start({ config: CONFIG });
    const guess = (password: string) => status(ask('GET', '/.groups/', { on: other, as: { ...ROOT, password } }));
    const first = await Promise.all(Array.from({ length: 20 }, (_, index) => guess(`guess ${index}`)));
    expect(new Set(first)).toEqual(new Set([401]));
    expect(await guess('another')).toBe(429);
    expect(await guess(ROOT.password)).toBe(429);
  });

  test('64. who says nothing waits, too', async () => {
    const settings = { limits: { requests_per_minute_per_address: 3 } };
    await using other = await Installation.start({ config: CONFIG, settings });
    const statuses: number[] = [];
    for (let count = 0; count < 5; count++)
      statuses.push(await status(ask('GET', '/.groups/', { on: other, as: null })));
    expect(statuses).toEqual([401, 401, 401, 429, 429]);
    for (let count = 0; count < 5; count++) expect(await status(ask('GET', '/.groups/', { on: other }))).toBe(200);
    const own = { on: other, as: { username: 'fred', password: 'pints' } };
    expect(await status(put(`/.groups/${other.plainGroup()}/.users/fred/.password`, 'stout', own))).toBe(429);
  });
});

describe('Galène: where nothing can be changed', () => {
  const WRITES = (on: Installation): readonly Promise<Response>[] => [
    put('/.groups/zoo', {}, { on }),
    put('/.groups/new', {}, { on }),
    ask('DELETE', '/.groups/zoo', { on }),
    put('/.groups/zoo/.users/vimes', {}, { on }),
    put('/.groups/zoo/.users/vimes/.password', 'x', { on }),
    ask('POST', '/.groups/zoo/.users/fred/.password', {
      on,
      as: { username: 'fred', password: 'pints' },
      headers: { 'content-type': 'text/plain' },
      body: 'stout',
    }),
    ask('DELETE', '/.groups/zoo/.keys', { on }),
    ask('POST', '/.groups/zoo/.tokens/', { on, headers: JSON_TYPE, body: '{"permissions":[]}' }),
  ];

  test('64. without writableGroups everything is read, and nothing written', async () => {
    await using other = await Installation.start({
      config: { ...CONFIG, writableGroups: false },
      groups: { zoo: USERS },
    });
    const before = await readFile(join(other.folder, 'groups', 'zoo.json'), 'utf8');
    for (const write of WRITES(other)) {
      const response = await write;
      expect([response.status, await response.text()]).toEqual([401, expect.stringContaining('writable')]);
    }
    expect(await json('/.groups/zoo', other)).toEqual({});
    expect(await json('/.groups/zoo/.users/', other)).toContain('vimes');
    expect(await readFile(join(other.folder, 'groups', 'zoo.json'), 'utf8')).toBe(before);
  });

  test('64. without a folder of groups there are none, but tokens of rooms', async () => {
    await using other = await Installation.start({ config: CONFIG, folders: 'data' });
    expect(await json('/.groups/', other)).toEqual([]);
    expect(await status(put('/.groups/new', {}, { on: other }))).toBe(404);
    expect(await status(ask('GET', '/.groups/lobby', { on: other }))).toBe(404);
    const made = await ask('POST', '/.groups/Lobby/.tokens/', {
      on: other,
      headers: JSON_TYPE,
      body: JSON.stringify({ permissions: ['message'], username: 'ann', expires: '2100-01-01T00:00:00Z' }),
    });
    const token = made.headers.get('location') ?? '';
    expect(await json('/.groups/lobby/.tokens/', other)).toEqual([token]);
    const client = await other.connect();
    expect(await client.join('lobby', { token })).toMatchObject({ kind: 'joined', membership: { username: 'ann' } });
    await client.close();
  });

  test('64. without an installation nobody administers', async () => {
    await using other = await Installation.start({ folders: 'groups', groups: { zoo: USERS } });
    for (const write of WRITES(other)) expect((await write).status).toBe(401);
    expect(await status(ask('GET', '/.groups/zoo', { on: other }))).toBe(401);
  });
});

describe('Galène: pages of other sites', () => {
  const from = (origin: string) => ({ headers: { origin } });

  test('64. those of allowAdminOrigin may read and change, and see versions and tokens', async () => {
    const { headers } = await ask('GET', '/.groups/zoo', from(FRIEND));
    expect(headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(headers.get('vary')).toMatch(/origin/i);
    expect(headers.get('access-control-expose-headers')?.toLowerCase()).toContain('etag');
    expect(await status(put('/.groups/by-a-friend', {}, from(FRIEND)))).toBe(201);
    const { url } = installation.server;
    expect(await status(put('/.groups/by-our-own-page', {}, from(url)))).toBe(201);
    expect((await ask('GET', '/.groups/zoo', from(url))).headers.get('access-control-allow-origin')).toBe(url);
  });

  test('64. others may not, whatever their browser knows', async () => {
    for (const origin of ['https://stranger.example.org', 'null', `${FRIEND}.example.com`]) {
      const reading = await ask('GET', '/.groups/zoo', from(origin));
      expect(reading.headers.get('access-control-allow-origin')).toBeNull();
      expect(reading.headers.get('vary')).toMatch(/origin/i);
      expect(await status(put('/.groups/by-a-stranger', {}, from(origin)))).toBe(403);
      const body = { headers: { origin, 'content-type': 'text/plain' }, body: 'owned' };
      expect(await status(ask('POST', '/.groups/zoo/.users/vimes/.password', body))).toBe(403);
    }
    expect(await status(ask('GET', '/.groups/by-a-stranger'))).toBe(404);
  });

  test('64. browsers are told what they may ask, before anybody proves anything', async () => {
    const options = { as: null, headers: { origin: FRIEND, 'access-control-request-method': 'PUT' } };
    const { status: code, headers } = await ask('OPTIONS', '/.groups/zoo', options);
    expect(code).toBe(204);
    expect(headers.get('access-control-allow-origin')).toBe(FRIEND);
    expect(headers.get('access-control-allow-methods')).toBe('OPTIONS, HEAD, GET, PUT, DELETE');
    const allowed = headers.get('access-control-allow-headers')?.toLowerCase().split(', ');
    expect(allowed).toEqual(expect.arrayContaining(['authorization', 'content-type', 'if-match', 'if-none-match']));
    const strange = await ask('OPTIONS', '/.groups/zoo', { as: null, ...from('https://stranger.example.org') });
    expect(strange.headers.get('access-control-allow-origin')).toBeNull();
    expect(strange.headers.get('access-control-allow-methods')).toBeNull();
  });
});
