import { mkdir, readdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { request } from 'node:http';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { authorization } from './support/galenectl.ts';
import { Installation, USERS } from './support/installation.ts';

/** Whatever an administrator sends: nothing outside of the folders is read or written, and nothing breaks. */

const SECRET = 'a word that stands outside of the groups';
let installation: Installation;
beforeAll(async () => {
  const users = { root: { password: 'hunter2', permissions: 'admin' } };
  installation = await Installation.start({
    config: { users, writableGroups: true },
    groups: { zoo: USERS, 'a/b': {} },
  });
  const { folder } = installation;
  // Definitions to be found by whoever gets out; and ways out that an operator may have made.
  const outside = JSON.stringify({ comment: SECRET, users: { [SECRET]: {} } });
  await mkdir(join(folder, 'outside'));
  await writeFile(join(folder, 'outside', 'zoo.json'), outside);
  await writeFile(join(folder, 'outside.json'), outside);
  await symlink(join(folder, 'outside'), join(folder, 'groups', 'away'));
  await symlink(join(folder, 'outside.json'), join(folder, 'groups', 'link.json'));
});
afterAll(() => installation[Symbol.asyncDispose]());

/** All files but the groups' own and the tokens, with what is in them. */
async function elsewhere(): Promise<Readonly<Record<string, string>>> {
  const entries = await readdir(installation.folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(installation.folder.length + 1))
    .filter((path) => !/^(groups\/(?!away)|data\/var\/)/.test(path));
  const contents = files.map(async (path) => [path, await readFile(join(installation.folder, path), 'utf8')] as const);
  return Object.fromEntries(await Promise.all(contents));
}

interface Answer {
  readonly status: number;
  readonly body: string;
}

/** The path as it is, which `fetch` would tidy. */
function ask(method: string, path: string, sent: { readonly type: string; readonly body: string }): Promise<Answer> {
  const { hostname, port } = new URL(installation.server.url);
  const root = authorization({ username: 'root', password: 'hunter2' });
  const headers = { 'content-type': sent.type, 'content-length': Buffer.byteLength(sent.body), authorization: root };
  return new Promise((resolve, reject) => {
    const asked = request({ hostname, port, path, method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk) => {
        body += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    asked.on('error', reject);
    asked.end(sent.body);
  });
}

const WORDS = [
  ...[
    'zoo',
    'a',
    'b',
    'away',
    'link',
    'new',
    'outside',
    '',
    '.',
    '..',
    '...',
    '.users',
    '.tokens',
    '.keys',
    '.password',
  ],
  ...[
    '.wildcard-user',
    '.empty-user',
    '.stats',
    '.groups',
    'vimes',
    '%2e%2e',
    '%2f',
    '%5c',
    '%00',
    '%',
    '%ff',
    '~',
    '\\',
  ],
  ...['__proto__', 'constructor', 'CON', 'zoo.json', '%E2%80%AE', 'x'.repeat(255), 'x'.repeat(300), 'é', '*', ' '],
];
const word = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...WORDS) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 20 }) },
);
/** What a program can write on the first line of a request. */
const segment = word.map((text) => text.replace(/[^\x21-\x7e]/gu, (other) => encodeURIComponent(toWellFormed(other))));
const toWellFormed = (text: string) => text.toWellFormed();
const path = fc
  .tuple(
    fc.constantFrom('.groups/', '.groups/zoo/', '.groups/zoo/.users/', '.groups/zoo/.tokens/', ''),
    fc.array(segment, { maxLength: 5 }),
  )
  .map(([start, parts]) => `/galene-api/v0/${start}${parts.join('/')}`);

const body = fc.oneof(
  fc.json({ maxDepth: 4 }),
  fc.string({ unit: 'binary', maxLength: 60 }),
  fc
    .record(
      {
        displayName: fc.jsonValue({ maxDepth: 1 }),
        codecs: fc.jsonValue({ maxDepth: 2 }),
        'max-clients': fc.jsonValue({ maxDepth: 1 }),
        redirect: fc.constantFrom('', 'https://a.example/', 'javascript:x', 1, null),
        permissions: fc.oneof(fc.constantFrom('op', 'admin', 'king', [], ['op'], null), fc.jsonValue({ maxDepth: 2 })),
        keys: fc.jsonValue({ maxDepth: 3 }),
        username: word,
        expires: fc.constantFrom('2030-01-01T00:00:00Z', 'soon', 5, null),
        type: fc.constantFrom('plain', 'bcrypt', 'wildcard', 'pbkdf2'),
        key: word,
        __proto__: fc.jsonValue({ maxDepth: 1 }),
      },
      { requiredKeys: [] },
    )
    .map((value) => JSON.stringify(value)),
);

test('64. nobody gets out of the folders, and nothing is a fault of ours', async () => {
  const before = await elsewhere();
  const types = ['application/json', 'application/json', 'text/plain', 'application/jwk-set+json'];
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom('GET', 'PUT', 'POST', 'DELETE'),
      path,
      fc.record({ type: fc.constantFrom(...types), body }),
      async (method, where, sent) => {
        const answer = await ask(method, where, sent);
        expect([200, 201, 204, 400, 404, 405, 409, 414, 415]).toContain(answer.status);
        expect(answer.body).not.toContain(SECRET);
      },
    ),
    { numRuns: 300 * (1 + Number(process.env.FUZZ ?? 0)) },
  );
  expect(await elsewhere()).toEqual(before);
  // The room that everything was thrown at is still one, unless it was closed.
  expect([200, 404]).toContain(
    (await ask('GET', '/galene-api/v0/.groups/zoo', { type: 'text/plain', body: '' })).status,
  );
});

test.each([
  'away/zoo',
  'away/new',
  'away/new/er',
  'link',
  '../outside',
  'zoo/../../outside',
  '%2e%2e/outside',
  '..%2Foutside',
])('64. %s is not there, and is not made', async (group) => {
  const before = await elsewhere();
  const at = `/galene-api/v0/.groups/${group}`;
  const none = { type: 'application/json', body: '' };
  expect((await ask('GET', at, none)).status).toBe(404);
  expect([400, 404, 409]).toContain((await ask('PUT', at, { type: 'application/json', body: '{}' })).status);
  expect((await ask('GET', `${at}/.users/`, none)).status).toBe(404);
  expect((await ask('PUT', `${at}/.users/ann`, { type: 'application/json', body: '{}' })).status).toBe(404);
  expect([400, 404]).toContain((await ask('DELETE', at, none)).status);
  expect(await elsewhere()).toEqual(before);
});
