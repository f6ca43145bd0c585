import { createHmac } from 'node:crypto';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'smol-toml';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { GaleneClient, type JoinOptions } from '../../../src/dialects/galene/client.ts';
import { startTestServer, type TestServer, type TestSettings } from '../../support/server.ts';
import { part } from './support/frames.ts';
import { authorization } from './support/galenectl.ts';
import { HOST, INVITED, PORTAL_KEY, snapshot, writeRealInstallation } from './support/real-installation.ts';

/** A whole installation of Galène's, with the settings that our page for its operators tells them to write. */

const ROOT = authorization({ username: 'root', password: 'hunter2' });
const page = new URL('../../../docs/galene.md', import.meta.url);

let folder: string;
let ca: string;
let server: TestServer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlour-real-'));
  ({ ca } = await writeRealInstallation(folder));
  server = await startTestServer({ settings: await documentedSettings() });
});
afterAll(async () => {
  await server.close();
  await rm(folder, { recursive: true, force: true });
});

/** The ports are of this test. */
async function documentedSettings(): Promise<TestSettings> {
  const [, toml = ''] = /```toml\n([\s\S]*?)```/.exec(await readFile(page, 'utf8')) ?? [];
  const { port, media, ...settings } = parse(toml.replaceAll('/opt/galene', folder));
  expect([port, media]).toEqual([8443, { port: 8000 }]);
  expect(JSON.stringify(settings).split(folder)).toHaveLength(7);
  return settings as TestSettings;
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;
  readonly text: string;
}

interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** By the name that people know the server by, unless the headers say another. */
function ask(path: string, { method = 'GET', headers = {}, body = '' }: Ask = {}): Promise<Answer> {
  const { port } = new URL(server.url);
  const options = { host: '127.0.0.1', port, path, method, ca, servername: 'localhost' };
  return new Promise((resolve, reject) => {
    const asked = request({ ...options, headers: { host: HOST, ...headers } }, (response) => {
      let text = '';
      response.on('data', (chunk) => {
        text += String(chunk);
      });
      response.on('end', () => resolve({ status: response.statusCode ?? 0, headers: response.headers, text }));
    });
    asked.on('error', reject);
    asked.end(body);
  });
}

function manage(method: string, path: string, { headers, body }: Ask = {}): Promise<Answer> {
  const json = { authorization: ROOT, 'content-type': 'application/json' };
  return ask(`/galene-api/v0/.groups/${path}`, { method, headers: { ...json, ...headers }, ...(body ? { body } : {}) });
}

async function enter(group: string, options: JoinOptions) {
  const trust = { ca, servername: 'localhost', perMessageDeflate: false };
  const connect = (url: string) => new WebSocket(url, [], trust);
  const client = await GaleneClient.connect({ url: server.wsUrl, connect: connect as never });
  return { client, result: await client.join(group, options) };
}

/** What becomes of a login: name and permissions, or why not. */
async function outcome(group: string, options: JoinOptions): Promise<unknown> {
  const { client, result } = await enter(group, options);
  await part(client);
  if (result.kind !== 'joined') return result.kind === 'failed' ? result.value : result;
  return [result.membership.username, ...[...result.membership.permissions].sort()];
}

const OPERATOR = ['caption', 'message', 'op', 'present', 'record', 'token'];

describe('Galène: an installation as it is', () => {
  test('everybody comes in as they did', async () => {
    expect(await outcome('tea', { username: 'vimes', password: 'sybil' })).toEqual(['vimes', ...OPERATOR]);
    expect(await outcome('tea', { username: 'fred', password: 'pints' })).toEqual([
      'fred',
      'message',
      'present',
      'token',
    ]);
    expect(await outcome('tea', { username: 'cheery', password: 'axe' })).toEqual(['cheery', 'caption', 'message']);
    expect(await outcome('tea', { username: 'nobody', password: '' })).toEqual(['nobody', 'message']);
    expect(await outcome('tea', { username: 'vimes', password: 'wrong' })).toBe('not authorised');
    expect(await outcome('tea', { token: INVITED })).toEqual(['nobby', 'message', 'present']);
    expect(await outcome('seed', { username: 'vimes', password: 'sybil' })).toContain('op');
    expect(await outcome('seed', { username: 'fred', password: 'pints' })).toEqual(['fred', 'message', 'present']);
    expect(await outcome('seed/below', { username: 'ann', password: '' })).toEqual(['ann', 'message']);
    expect(await outcome('night/watch', { username: 'vimes', password: 'sybil' })).toContain('op');
    expect(await outcome('night/watch/late', { username: 'vimes', password: 'sybil' })).toContain('op');
    expect(await outcome('night/watch', { username: 'ann', password: 'bucket' })).toMatch(/locked/);
    expect(await outcome('night', { username: 'vimes', password: 'sybil' })).toBe('group does not exist');
  });

  test('and who is signed in elsewhere', async () => {
    const claims = { sub: 'angua', permissions: ['present', 'message'] };
    const here = jwt({ ...claims, aud: `https://${HOST}/group/portal/` });
    expect(await outcome('portal', { token: here })).toEqual(['angua', 'message', 'present']);
    const elsewhere = jwt({ ...claims, aud: 'https://other.example.org/group/portal/' });
    expect(await outcome('portal', { token: elsewhere })).toBe('not authorised');
  });

  test('clients are told the servers that help them, and what they can do', async () => {
    const { client } = await enter('tea', { username: 'fred', password: 'pints' });
    const { iceServers = [] } = client.membership?.rtcConfiguration ?? {};
    expect(JSON.stringify(iceServers)).toMatch(/stun:stun\.example\.org.*turn:turn\.example\.org:443.*galene.*secret/);
    expect(client.membership?.status).toMatchObject({ displayName: 'Tea Time', canChangePassword: true });
    await part(client);
  });

  test('pages, files and what everybody may know are where they were', async () => {
    const { status, text } = await ask('/group/tea/');
    expect([status, text]).toEqual([200, expect.stringContaining('/galene.js')]);
    for (const file of ['/galene.js', '/stats.html', '/change-password.html'])
      expect((await ask(file)).status).toBe(200);
    const moved = await ask('/group/tea/?token=x', { headers: { host: 'localhost' } });
    expect([moved.status, moved.headers.location]).toEqual([301, `https://${HOST}/group/tea/?token=x`]);
    const told = JSON.parse((await ask('/group/tea/.status')).text) as object;
    expect(told).toMatchObject({
      location: `https://${HOST}/group/tea/`,
      endpoint: `wss://${HOST}/ws`,
      clientCount: 0,
    });
    const list = JSON.parse((await ask('/public-groups.json')).text) as readonly { readonly name: string }[];
    expect(list.map(({ name }) => name)).toContain('tea');
    expect((await ask('/group/portal/')).headers['content-security-policy']).toContain('https://auth.example.org');
  });

  test('recordings are for those who may record', async () => {
    const film = '/recordings/tea/2024-01-02T03%3A04%3A05.678-vimes.webm';
    expect((await ask(film)).status).toBe(401);
    const vimes = { authorization: authorization({ username: 'vimes', password: 'sybil' }) };
    const { status, text } = await ask(film, { headers: vimes });
    expect([status, text]).toEqual([200, 'a film']);
  });

  test('its administrators see the statistics, and the groups', async () => {
    const headers = { authorization: ROOT };
    expect((await ask('/galene-api/v0/.stats', { headers })).status).toBe(200);
    expect(JSON.parse((await manage('GET', '')).text)).toEqual(['night/watch', 'portal', 'seed', 'tea']);
    expect(JSON.parse((await manage('GET', 'seed')).text)).toEqual({ 'auto-subgroups': true, 'max-clients': 50 });
    const tea = JSON.parse((await manage('GET', 'tea')).text) as object;
    expect(tea).toMatchObject({ displayName: 'Tea Time', contact: 'vimes@example.org' });
    expect(JSON.stringify(tea)).not.toMatch(/users|password|vimes"/);
  });

  test('what nobody changes stays as it is, to the byte', async () => {
    const before = await snapshot(folder);
    await manage('GET', 'tea/.users/');
    await manage('PUT', 'tea', { body: '{"users":{}}' });
    await manage('PUT', 'tea', { headers: { 'if-match': '"x"' }, body: '{}' });
    await outcome('tea', { username: 'vimes', password: 'sybil' });
    expect(await snapshot(folder)).toEqual(before);
  });
});

describe('Galène: an installation that is managed', () => {
  test('changes what was asked for, and nothing else', async () => {
    const before = await snapshot(folder);
    const { ino } = await stat(join(folder, 'groups', 'tea.json'));
    const fred = {
      authorization: authorization({ username: 'fred', password: 'pints' }),
      'content-type': 'text/plain',
    };
    const own = await manage('POST', 'tea/.users/fred/.password', { headers: fred, body: 'stout' });
    const made = await manage('PUT', 'night/shift', { headers: { 'if-none-match': '*' }, body: '{"public":true}' });
    const invited = await manage('POST', 'tea/.tokens/', {
      body: JSON.stringify({ permissions: ['message'], username: 'ann', expires: '2100-01-01T00:00:00Z' }),
    });
    expect([own.status, made.status, invited.status]).toEqual([204, 201, 201]);
    expect(await outcome('tea', { username: 'fred', password: 'stout' })).toContain('present');
    expect(await outcome('tea', { token: String(invited.headers.location) })).toEqual(['ann', 'message']);
    expect(await outcome('tea', { token: INVITED })).toEqual(['nobby', 'message', 'present']);

    const after = await snapshot(folder);
    const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
    expect(changed.sort()).toEqual(['data/var/tokens.jsonl', 'groups/night/shift.json', 'groups/tea.json']);
    expect(Object.keys(before).filter((path) => !(path in after))).toEqual([]);
    expect(after['groups/night/shift.json']).toBe('600 {\n  "public": true\n}\n');
    expect((await stat(join(folder, 'groups', 'tea.json'))).ino).not.toBe(ino);
    const [was, is] = [before, after].map((files) => definitionIn(files['groups/tea.json'] ?? ''));
    expect(is?.users.fred?.password).toEqual({ type: 'bcrypt', key: expect.stringMatching(/^\$2a\$08\$/) });
    expect({ ...is, users: { ...is?.users, fred: was?.users.fred } }).toEqual(was);
    expect(Object.keys(is ?? {})).toEqual(Object.keys(was ?? {}));
    expect(after['groups/tea.json']?.slice(0, 4)).toBe('640 ');
  });

  test('and after a restart it is as it was left', async () => {
    await server.restart();
    expect(await outcome('tea', { username: 'fred', password: 'stout' })).toContain('present');
    expect(await outcome('tea', { username: 'vimes', password: 'sybil' })).toContain('op');
    expect((await manage('DELETE', 'night/shift')).status).toBe(204);
    expect(JSON.parse((await manage('GET', '')).text)).toEqual(['night/watch', 'portal', 'seed', 'tea']);
  });
});

function definitionIn(file: string) {
  return JSON.parse(file.slice(4)) as { readonly users: Readonly<Record<string, { readonly password: unknown }>> };
}

function jwt(claims: object): string {
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');
  const now = Math.floor(Date.now() / 1000);
  const text = `${encode({ alg: 'HS256', kid: '20240101' })}.${encode({ iat: now, exp: now + 600, ...claims })}`;
  return `${text}.${createHmac('sha256', PORTAL_KEY).update(text).digest('base64url')}`;
}
