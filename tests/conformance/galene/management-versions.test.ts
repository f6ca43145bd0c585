import { request } from 'node:http';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { authorization } from './support/galenectl.ts';
import { Installation, USERS } from './support/installation.ts';
import { CONFIG, managing, ROOT, status } from './support/managing.ts';

/** `spec/galene.md` 3.5: nobody's change is lost. */

let installation: Installation;
beforeAll(async () => {
  installation = await Installation.start({ config: CONFIG, groups: { zoo: USERS } });
});
afterAll(() => installation[Symbol.asyncDispose]());

const { ask, put, json } = managing(() => installation);

async function etagOf(path: string): Promise<string> {
  const etag = (await ask('HEAD', path)).headers.get('etag');
  if (!etag) throw new Error(`${path} has no version.`);
  return etag;
}

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
