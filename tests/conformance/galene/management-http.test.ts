import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation, USERS } from './support/installation.ts';
import { CONFIG, JSON_TYPE, managing, status } from './support/managing.ts';

/** `spec/galene.md` 3.4 and 3.5: what the management API answers, to the letter of HTTP. */

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start({ config: CONFIG, groups: { zoo: USERS, 'auto/one': {} } });
});
afterAll(() => installation[Symbol.asyncDispose]());

const { ask, put, json } = managing(() => installation);

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
