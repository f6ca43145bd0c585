import { readFile, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorization, type Credentials } from './support/galenectl.ts';
import { type Definition, Installation, USERS } from './support/installation.ts';

/** `spec/galene.md` 3.4 and 3.5: what the management API answers, to the letter of HTTP. */

const ROOT = { username: 'root', password: 'hunter2' };
const FRIEND = 'https://admin.example.org';
const CONFIG: Definition = {
  users: { root: { password: 'hunter2', permissions: 'admin' }, mere: { password: 'x', permissions: 'op' } },
  writableGroups: true,
  allowAdminOrigin: [FRIEND],
};
const JSON_TYPE = { 'content-type': 'application/json' };

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start({ config: CONFIG, groups: { zoo: USERS, 'auto/one': {} } });
});
afterAll(() => installation[Symbol.asyncDispose]());

interface Ask {
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string | Blob;
  /** Root unless said; nobody where null. */
  readonly as?: Credentials | null;
  readonly on?: Installation;
}

function ask(method: string, path: string, { headers, body, as = ROOT, on = installation }: Ask = {}) {
  return on.fetch(`/galene-api/v0${path}`, {
    method,
    headers: { ...headers, ...(as ? { authorization: authorization(as) } : {}) },
    ...(body === undefined ? {} : { body }),
  });
}

const put = (path: string, value: unknown, more: Ask = {}) =>
  ask('PUT', path, { ...more, headers: { ...JSON_TYPE, ...more.headers }, body: JSON.stringify(value) });

async function status(response: Promise<Response>): Promise<number> {
  return (await response).status;
}

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

describe('Galène: the management API knows its methods', () => {
  test.each([
    ['/.stats', 'HEAD, GET'],
    ['/.groups/', 'HEAD, GET'],
    ['/.groups', 'HEAD, GET'],
    ['/.groups/zoo', 'HEAD, GET, PUT, DELETE'],
    ['/.groups/zoo/', 'HEAD, GET, PUT, DELETE'],
    ['/.groups/zoo/.keys', 'PUT, DELETE'],
    ['/.groups/zoo/.users/', 'HEAD, GET'],
    ['/.groups/zoo/.users/vimes', 'HEAD, GET, PUT, DELETE'],
    ['/.groups/zoo/.users/vimes/.password', 'PUT, POST, DELETE'],
    ['/.groups/zoo/.empty-user', 'HEAD, GET, PUT, DELETE'],
    ['/.groups/zoo/.wildcard-user', 'HEAD, GET, PUT, DELETE'],
    ['/.groups/zoo/.wildcard-user/.password', 'PUT, POST, DELETE'],
    ['/.groups/zoo/.tokens/', 'HEAD, GET, POST'],
    ['/.groups/.tokens/', 'HEAD, GET, POST'],
    ['/.groups/zoo/.tokens/t', 'HEAD, GET, PUT, DELETE'],
  ])('64. %s has %s', async (path, allowed) => {
    for (const method of ['GET', 'HEAD', 'PUT', 'POST', 'DELETE', 'PATCH']) {
      if (allowed.split(', ').includes(method)) continue;
      const response = await ask(method, path);
      expect([method, response.status, response.headers.get('allow')]).toEqual([method, 405, allowed]);
    }
  });

  test('64. HEAD is GET without what is told', async () => {
    for (const path of ['/.stats', '/.groups/', '/.groups/zoo', '/.groups/zoo/.users/', '/.groups/zoo/.tokens/']) {
      const [head, get] = [await ask('HEAD', path), await ask('GET', path)];
      expect([path, head.status, await head.text()]).toEqual([path, 200, '']);
      for (const name of ['etag', 'content-type', 'cache-control']) {
        expect(head.headers.get(name)).toBe(get.headers.get(name));
      }
      expect(get.headers.get('content-type')).toMatch(/^application\/json/);
      expect(get.headers.get('cache-control')).toBe('no-cache');
    }
  });

  test.each([
    '/.groups/nothing',
    '/.groups/nothing/.users/',
    '/.groups/zoo/.users/nobody',
    '/.groups/zoo/.empty-user',
    '/.groups/zoo/.tokens/none',
    '/.groups/auto/one/x',
    '/.groups/auto',
  ])('64. 404 for %s', async (path) => {
    for (const method of ['GET', 'HEAD', 'DELETE']) {
      if (path.endsWith('/') && method === 'DELETE') continue;
      expect([method, await status(ask(method, path))]).toEqual([method, 404]);
    }
  });

  test.each(['', '/', '/.other', '/.stats/more', '/.groups/zoo/.other', '/.groups/zoo/.keys/x', '/.groups/.users/'])(
    '64. nothing is at "%s", for anybody',
    async (path) => {
      expect([await status(ask('GET', path)), await status(ask('GET', path, { as: null }))]).toEqual([404, 404]);
    },
  );

  test('64. what was made is 201, and what was changed 204', async () => {
    const path = '/.groups/made';
    const made: readonly (() => Promise<Response>)[] = [
      () => put(path, {}),
      () => put(path, { comment: 'again' }),
      () => put(`${path}/.users/ann`, {}),
      () => put(`${path}/.users/ann`, { permissions: 'op' }),
      () => put(`${path}/.users/ann/.password`, 'first'),
      () => put(`${path}/.tokens/mine`, { permissions: [] }),
      () => put(`${path}/.tokens/mine`, { permissions: ['op'] }),
    ];
    const statuses: number[] = [];
    for (const make of made) statuses.push(await status(make()));
    expect(statuses).toEqual([201, 204, 201, 204, 204, 201, 204]);
    const gone = ['/.tokens/mine', '/.users/ann/.password', '/.users/ann', '/.keys', ''];
    for (const rest of gone) expect([rest, await status(ask('DELETE', path + rest))]).toEqual([rest, 204]);
    expect(await status(ask('DELETE', path))).toBe(404);
  });
});

describe('Galène: the management API minds what it is sent', () => {
  test.each([
    ['PUT', '/.groups/zoo', 'application/json'],
    ['PUT', '/.groups/zoo/.users/vimes', 'application/json'],
    ['PUT', '/.groups/zoo/.users/vimes/.password', 'application/json'],
    ['POST', '/.groups/zoo/.users/vimes/.password', 'text/plain'],
    ['PUT', '/.groups/zoo/.keys', 'application/jwk-set+json'],
    ['POST', '/.groups/zoo/.tokens/', 'application/json'],
    ['PUT', '/.groups/zoo/.tokens/t', 'application/json'],
  ])('64. %s %s takes %s alone', async (method, path, accept) => {
    for (const type of ['application/xml', 'text/json', 'application/json-seq', undefined]) {
      const headers: Record<string, string> = type === undefined ? {} : { 'content-type': type };
      const response = await ask(method, path, { headers, body: new Blob(['{}']) });
      expect([type, response.status, response.headers.get('accept')]).toEqual([type, 415, accept]);
    }
  });

  test('64. a type may have parameters, in any case of letters', async () => {
    const headers = { 'content-type': 'Application/JSON; charset=UTF-8' };
    expect(await status(ask('PUT', '/.groups/typed', { headers, body: '{}' }))).toBe(201);
  });

  test('64. 400 for what is no JSON, and for what is too deep', async () => {
    for (const body of [
      '',
      '{',
      'nothing',
      `${'['.repeat(50_000)}`,
      `{"comment":${'['.repeat(60)}${']'.repeat(60)}}`,
    ]) {
      expect(await status(ask('PUT', '/.groups/zoo', { headers: JSON_TYPE, body }))).toBe(400);
    }
    expect(await json('/.groups/zoo')).toEqual({});
  });

  test.each<[string, string, unknown]>([
    ['a description that is none', '/.groups/zoo', [1]],
    ['a field of another type', '/.groups/zoo', { public: 'yes' }],
    ['a time that is none', '/.groups/zoo', { expires: 'tomorrow' }],
    ['users', '/.groups/zoo', { users: {} }],
    ['whoever else comes', '/.groups/zoo', { 'wildcard-user': {} }],
    ['keys', '/.groups/zoo', { authKeys: [] }],
    ['users of 2021', '/.groups/zoo', { op: [{}] }],
    ['users in other letters', '/.groups/zoo', { USERS: {} }],
    ['a right that nobody knows', '/.groups/zoo/.users/vimes', { permissions: 'king' }],
    ['rights that are no words', '/.groups/zoo/.users/vimes', { permissions: [1] }],
    ['a user with a password', '/.groups/zoo/.users/vimes', { permissions: 'op', password: 'x' }],
    ['a name that is none', '/.groups/zoo/.users/a%5Cb', {}],
    ['a password of no known form', '/.groups/zoo/.users/vimes/.password', { type: 'md5', key: 'x' }],
    ['no password', '/.groups/zoo/.users/vimes/.password', {}],
    ['null for a password', '/.groups/zoo/.users/vimes/.password', null],
    [
      'a hash that would take a day',
      '/.groups/zoo/.users/vimes/.password',
      { type: 'bcrypt', key: `$2a$31$${'a'.repeat(53)}` },
    ],
    ['a token with a name of its own', '/.groups/zoo/.tokens/t', { token: 't', permissions: [] }],
    ['a token with a group of its own', '/.groups/zoo/.tokens/t', { group: 'zoo', permissions: [] }],
    ['a token for an odd name', '/.groups/zoo/.tokens/t', { username: '../x', permissions: [] }],
    ['a token with an odd time', '/.groups/zoo/.tokens/t', { expires: 'soon', permissions: [] }],
    ['a group of no name', '/.groups/a%5Cb', {}],
    ['a group of too long a name', `/.groups/${'x'.repeat(300)}`, {}],
    ['a group too deep', `/.groups/${'x/'.repeat(20)}x`, {}],
  ])('64. 400 for %s, and nothing is changed', async (_what, path, value) => {
    const before = await readFile(join(installation.folder, 'groups', 'zoo.json'), 'utf8');
    const response = await put(path, value);
    expect([response.status, await response.text()]).toEqual([
      400,
      expect.stringMatching(/^That makes no sense: .+\.\n$/),
    ]);
    expect(await readFile(join(installation.folder, 'groups', 'zoo.json'), 'utf8')).toBe(before);
    expect(await json('/.groups/zoo/.tokens/')).toEqual([]);
  });

  test('64. 400 for keys that are no set, and for passwords that are too short or long', async () => {
    const headers = { 'content-type': 'application/jwk-set+json' };
    for (const body of ['[]', '{}', '{"keys":[1]}', '{"keys":{}}']) {
      expect(await status(ask('PUT', '/.groups/zoo/.keys', { headers, body }))).toBe(400);
    }
    const text = { 'content-type': 'text/plain' };
    for (const body of ['', 'x'.repeat(73), 'é'.repeat(40)]) {
      expect(await status(ask('POST', '/.groups/zoo/.users/vimes/.password', { headers: text, body }))).toBe(400);
    }
  });

  test('64. 413 for more than a mebibyte', async () => {
    const body = JSON.stringify({ comment: 'x'.repeat(1024 * 1024) });
    expect(await status(ask('PUT', '/.groups/zoo', { headers: JSON_TYPE, body }))).toBe(413);
    expect(await json('/.groups/zoo')).toEqual({});
  });

  test('64. 409 for a token that another group has', async () => {
    expect(await status(put('/.groups/made-here/.tokens/theirs', { permissions: [] }))).toBe(201);
    expect(await status(put('/.groups/zoo/.tokens/theirs', { permissions: ['op'] }))).toBe(409);
    expect(await status(ask('GET', '/.groups/zoo/.tokens/theirs'))).toBe(404);
    expect(await status(ask('DELETE', '/.groups/zoo/.tokens/theirs'))).toBe(404);
    expect(await json('/.groups/made-here/.tokens/theirs')).toEqual({ token: '', group: '', permissions: [] });
  });

  test('64. a definition that makes no sense is said to make none, and can be replaced', async () => {
    await using other = await Installation.start({ config: CONFIG });
    const group = await other.group({ frobnicate: true });
    const response = await ask('GET', `/.groups/${group}`, { on: other });
    expect([response.status, await response.text()]).toEqual([500, expect.stringContaining('frobnicate')]);
    expect(await status(put(`/.groups/${group}`, { displayName: 'Mended' }, { on: other }))).toBe(204);
    expect(await json(`/.groups/${group}/.users/`, other)).toContain('vimes');
    await writeFile(join(other.folder, 'groups', `${group}.json`), '{ no JSON');
    expect(await status(put(`/.groups/${group}`, {}, { on: other }))).toBe(500);
    expect(await status(ask('DELETE', `/.groups/${group}`, { on: other }))).toBe(204);
    // Its operator is told, which no other test expects.
    await expect(other[Symbol.asyncDispose]()).rejects.toThrow('a group is not available');
  });
});

async function json(path: string, on = installation): Promise<unknown> {
  const response = await ask('GET', path, { on });
  expect(response.status).toBe(200);
  return response.json();
}

async function etagOf(path: string): Promise<string> {
  const etag = (await ask('HEAD', path)).headers.get('etag');
  if (!etag) throw new Error(`${path} has no version.`);
  return etag;
}

describe('Galène: versions', () => {
  test('64. who reads, changes and writes loses nobody’s change', async () => {
    await put('/.groups/loop', { comment: '1' });
    const first = await etagOf('/.groups/loop');
    const change = (etag: string, comment: string) =>
      put('/.groups/loop', { comment }, { headers: { 'if-match': etag } });
    expect(await status(change(first, '2'))).toBe(204);
    expect(await status(change(first, '3'))).toBe(412);
    expect(await json('/.groups/loop')).toEqual({ comment: '2' });
    expect(await status(change(await etagOf('/.groups/loop'), '3'))).toBe(204);
    expect(await json('/.groups/loop')).toEqual({ comment: '3' });
  });

  test('64. of many who write at once, one does', async () => {
    await put('/.groups/race', { comment: 'start' });
    const etag = await etagOf('/.groups/race');
    const words = Array.from({ length: 10 }, (_, index) => `writer ${index}`);
    const statuses = await Promise.all(
      words.map((comment) => status(put('/.groups/race', { comment }, { headers: { 'if-match': etag } }))),
    );
    expect(statuses.filter((one) => one === 204)).toHaveLength(1);
    expect(statuses.filter((one) => one === 412)).toHaveLength(9);
    expect(await json('/.groups/race')).toEqual({ comment: words[statuses.indexOf(204)] });
  });

  test('64. of many who make the same group, one does; and of many users none is lost', async () => {
    const made = Array.from({ length: 8 }, (_, index) =>
      status(put(index % 2 ? '/.groups/Same' : '/.groups/same', {}, { headers: { 'if-none-match': '*' } })),
    );
    expect((await Promise.all(made)).sort()).toEqual([201, ...Array.from({ length: 7 }, () => 412)]);
    const names = Array.from({ length: 20 }, (_, index) => `user${index}`);
    const added = await Promise.all(names.map((name) => status(put(`/.groups/same/.users/${name}`, {}))));
    expect(new Set(added)).toEqual(new Set([201]));
    expect(await json('/.groups/same/.users/')).toEqual([...names].sort());
  });

  test('64. conditions on what is there, and on what is not', async () => {
    const path = '/.groups/conditions';
    const conditional = (method: 'PUT' | 'DELETE', rest: string, headers: Readonly<Record<string, string>>) =>
      status(method === 'PUT' ? put(path + rest, {}, { headers }) : ask('DELETE', path + rest, { headers }));
    expect(await conditional('PUT', '', { 'if-match': '*' })).toBe(412);
    expect(await conditional('DELETE', '', { 'if-match': '"x"' })).toBe(412);
    expect(await conditional('PUT', '', { 'if-none-match': '*' })).toBe(201);
    expect(await conditional('PUT', '', { 'if-none-match': '*' })).toBe(412);
    expect(await conditional('PUT', '', { 'if-match': '*' })).toBe(204);
    expect(await conditional('PUT', '/.users/ann', { 'if-match': '*' })).toBe(412);
    expect(await conditional('PUT', '/.users/ann', { 'if-none-match': '*' })).toBe(201);
    expect(await conditional('PUT', '/.users/ann', { 'if-none-match': '*' })).toBe(412);
    expect(await conditional('DELETE', '/.users/ann', { 'if-match': '"other"' })).toBe(412);
    expect(await conditional('PUT', '/.tokens/t', { 'if-match': '*' })).toBe(412);
    expect(await conditional('PUT', '/.tokens/t', { 'if-none-match': '*' })).toBe(201);
    expect(await conditional('DELETE', '/.tokens/t', { 'if-match': '"other"' })).toBe(412);
    expect(await conditional('DELETE', '/.tokens/t', { 'if-match': await etagOf(`${path}/.tokens/t`) })).toBe(204);
    const etag = await etagOf(path);
    expect(await conditional('DELETE', '', { 'if-match': `W/${etag}` })).toBe(412);
    expect(await conditional('DELETE', '', { 'if-match': `"one", ${etag} ,"two"` })).toBe(204);
  });

  test('64. a group and its users have one version, and it is another one after each change', async () => {
    await put('/.groups/versions', {});
    await put('/.groups/versions/.users/ann', {});
    const [group, user] = [await etagOf('/.groups/versions'), await etagOf('/.groups/versions/.users/ann')];
    expect([await etagOf('/.groups/versions/.users/'), user]).toEqual([group, group]);
    await put('/.groups/versions/.users/ann/.password', 'sesame');
    expect(await etagOf('/.groups/versions')).not.toBe(group);
  });

  test('64. 304 for who has it already', async () => {
    for (const path of ['/.groups/zoo', '/.groups/zoo/.users/', '/.groups/zoo/.users/vimes', '/.groups/zoo/.tokens/']) {
      const etag = await etagOf(path);
      for (const list of [etag, `W/${etag}`, `"x", ${etag}`, '*']) {
        // `fetch` says that it wants it anew.
        expect([path, list, await plainStatus(path, { 'if-none-match': list })]).toEqual([path, list, 304]);
      }
      expect(await plainStatus(path, { 'if-none-match': '"x"' })).toBe(200);
      expect(await plainStatus(path, { 'if-match': '"x"' })).toBe(412);
      expect(await plainStatus(path, { 'if-match': etag })).toBe(200);
    }
  });

  test('64. an operator’s own change is another version, and is kept', async () => {
    await put('/.groups/edited', { comment: 'by the API' });
    const etag = await etagOf('/.groups/edited');
    await installation.group({ users: { ann: { password: 'x' } }, comment: 'by hand' }, 'edited');
    expect(await status(put('/.groups/edited', {}, { headers: { 'if-match': etag } }))).toBe(412);
    expect(await status(put('/.groups/edited', { displayName: 'Both' }))).toBe(204);
    expect(await json('/.groups/edited/.users/')).toEqual(['ann']);
  });
});

function plainStatus(path: string, headers: Readonly<Record<string, string>>): Promise<number> {
  const { hostname, port } = new URL(installation.server.url);
  const options = { hostname, port, path: `/galene-api/v0${path}` };
  return new Promise((resolve, reject) => {
    request({ ...options, headers: { ...headers, authorization: authorization(ROOT) } }, (response) =>
      resolve(response.resume().statusCode ?? 0),
    )
      .on('error', reject)
      .end();
  });
}

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
