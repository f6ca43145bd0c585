import { existsSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Installation, USERS } from './support/installation.ts';
import { basic, recorded } from './support/recordings.ts';

/** `spec/galene.md` 3.2, and 7.1, 18: recordings are deleted by those who may record, and by nobody in their name. */

const VIMES = basic('vimes', 'sybil');
const FORM = { 'content-type': 'application/x-www-form-urlencoded' };

let installation: Installation;
let count = 0;

beforeAll(async () => {
  const watch = { ...USERS, 'allow-recording': true };
  installation = await Installation.start({ groups: { watch, other: watch, Palace: watch } });
});
afterAll(() => installation[Symbol.asyncDispose]());

interface File {
  readonly name: string;
  readonly path: string;
}

async function newFile(group = 'watch'): Promise<File> {
  const name = `2026-03-01T12-00-00-${String(++count).padStart(3, '0')}-fred & co.webm`;
  return { name, path: await recorded(installation, group, name) };
}

function remove(
  fields: Readonly<Record<string, string>>,
  headers: Readonly<Record<string, string>> = VIMES,
  group = 'watch',
): Promise<Response> {
  const body = new URLSearchParams({ q: 'delete', ...fields }).toString();
  return installation.fetch(`/recordings/${group}/`, { method: 'POST', body, headers: { ...FORM, ...headers } });
}

/** The field of the forms on the list that these see, and the cookie that came with it. */
async function formOf(headers: Readonly<Record<string, string>>, group = 'watch') {
  const response = await installation.fetch(`/recordings/${group}/`, { headers });
  const [, token = ''] = /name="token" value="([^"]+)"/.exec(await response.text()) ?? [];
  expect(token).not.toBe('');
  return { token, cookie: (response.headers.get('set-cookie') ?? '').split(';')[0] ?? '' };
}

const own = () => ({ origin: installation.server.url, 'sec-fetch-site': 'same-origin' });

describe('Galène: deleting a recording', () => {
  test('53. a program does it as ever', async () => {
    const file = await newFile();
    const response = await remove({ filename: file.name });
    expect([response.status, response.headers.get('location')]).toEqual([303, '/recordings/watch/']);
    expect(existsSync(file.path)).toBe(false);
    expect((await remove({ filename: file.name })).status).toBe(404);
  });

  test('53. it takes the right to record', async () => {
    const file = await newFile();
    for (const headers of [{}, basic('fred', 'pints'), basic('vimes', 'wrong')]) {
      expect((await remove({ filename: file.name }, headers)).status).toBe(401);
    }
    expect(existsSync(file.path)).toBe(true);
  });

  test('53. the form on the page does it, by password and by cookie', async () => {
    const [one, other] = [await newFile(), await newFile()];
    const { token, cookie } = await formOf(VIMES);
    expect((await remove({ filename: one.name, token }, { ...VIMES, ...own() })).status).toBe(303);
    expect((await remove({ filename: other.name, token }, { cookie, ...own() })).status).toBe(303);
    expect([existsSync(one.path), existsSync(other.path)]).toEqual([false, false]);
  });

  test('53. several at once', async () => {
    const files = [await newFile(), await newFile()];
    const body = new URLSearchParams([['q', 'delete'], ...files.map(({ name }) => ['filename', name])]);
    const headers = { ...FORM, ...VIMES };
    const sent = { method: 'POST', body: body.toString(), headers };
    expect((await installation.fetch('/recordings/watch/', sent)).status).toBe(303);
    expect(files.filter(({ path }) => existsSync(path))).toEqual([]);
  });

  test.each([
    ['of another site', { origin: 'https://evil.example', 'sec-fetch-site': 'cross-site' }],
    ['of another site, in an old browser', { origin: 'https://evil.example' }],
    ['of another host of the same site', { 'sec-fetch-site': 'same-site' }],
    ['that hides where it is', { origin: 'null' }],
  ])('53. a page %s does not, even with a field of ours', async (_, headers) => {
    const file = await newFile();
    const { token, cookie } = await formOf(VIMES);
    for (const known of [VIMES, { cookie }]) {
      expect((await remove({ filename: file.name, token }, { ...known, ...headers })).status).toBe(403);
      expect((await remove({ filename: file.name }, { ...known, ...headers })).status).toBe(403);
    }
    expect(existsSync(file.path)).toBe(true);
  });

  test('53. a form of ours needs its field: of this group, and of who sends it', async () => {
    const file = await newFile();
    await newFile('other');
    const { cookie } = await formOf(VIMES);
    const { token: elsewhere } = await formOf(VIMES, 'other');
    // What browsers add by themselves is no proof.
    expect((await remove({ filename: file.name }, { cookie })).status).toBe(403);
    for (const headers of [
      { ...VIMES, ...own() },
      { cookie, ...own() },
    ]) {
      expect((await remove({ filename: file.name }, headers)).status).toBe(403);
      expect((await remove({ filename: file.name, token: 'x.y.z' }, headers)).status).toBe(403);
      expect((await remove({ filename: file.name, token: elsewhere }, headers)).status).toBe(403);
    }
    const { token } = await formOf(VIMES);
    expect((await remove({ filename: file.name, token }, { ...basic('colon', 'pension'), ...own() })).status).toBe(403);
    expect(existsSync(file.path)).toBe(true);
  });

  test('53. a cookie is for its group alone', async () => {
    const { cookie } = await formOf(VIMES);
    expect((await installation.fetch('/recordings/watch/', { headers: { cookie } })).status).toBe(200);
    expect((await installation.fetch('/recordings/other/', { headers: { cookie } })).status).toBe(401);
    const { headers } = await installation.fetch('/recordings/Palace/', { headers: VIMES });
    expect(headers.get('set-cookie')).toMatch(
      /^recordings=\S+; Path=\/recordings\/Palace\/; .*HttpOnly; SameSite=Strict/,
    );
  });

  test.each(['../secret.webm', '..', '.hidden.webm', '/etc/passwd', 'a/b.webm', 'x\0.webm', '', 'nothing.webm'])(
    '53. %j is no file',
    async (filename) => {
      expect([403, 404]).toContain((await remove({ filename })).status);
    },
  );

  test('53. nothing else can be done', async () => {
    const file = await newFile();
    expect((await remove({ q: 'rename', filename: file.name })).status).toBe(400);
    expect((await remove({})).status).toBe(400);
    const put = await installation.fetch('/recordings/watch/', { method: 'PUT', headers: VIMES });
    expect([put.status, put.headers.get('allow')]).toEqual([405, 'GET, HEAD, POST']);
    const deleted = await installation.fetch(`/recordings/watch/${encodeURIComponent(file.name)}`, {
      method: 'DELETE',
      headers: VIMES,
    });
    expect([deleted.status, deleted.headers.get('allow')]).toEqual([405, 'GET, HEAD']);
    expect(existsSync(file.path)).toBe(true);
  });
});
