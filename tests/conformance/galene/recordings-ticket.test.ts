import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterNative, type NativeGuest } from '../../support/native.ts';
import { Installation, USERS } from './support/installation.ts';
import { basic, recorded } from './support/recordings.ts';

/** Members of our own client see recordings without a password: their session says who they are. */

const FILE = '2026-03-01T12-00-00-000-fred.webm';

let installation: Installation;

beforeAll(async () => {
  const watch = { ...USERS, 'allow-recording': true };
  installation = await Installation.start({ groups: { watch, Palace: watch } });
  await recorded(installation, 'watch', FILE);
  await recorded(installation, 'lobby', FILE);
});
afterAll(() => installation[Symbol.asyncDispose]());

const enter = (name: string, password: string, room = 'watch') =>
  enterNative(installation.server.wsUrl, { name, password, room });

function secretOf(guest: NativeGuest): string {
  const session = guest.welcomes.at(-1)?.session ?? '';
  expect(session).not.toBe('');
  return session;
}

function ask(room: string, body: unknown, headers: Readonly<Record<string, string>> = {}): Promise<Response> {
  return installation.fetch(`/recordings/${room}/.ticket`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  });
}

/** The cookie of the page that their session leads to. */
async function cookieOf(guest: NativeGuest, room = 'watch'): Promise<string> {
  const asked = await ask(room, { session: secretOf(guest) });
  expect([asked.status, asked.headers.get('cache-control')]).toEqual([200, 'no-store']);
  const { url } = (await asked.json()) as { readonly url: string };
  expect(url).toMatch(new RegExp(`^/recordings/${room}/\\?ticket=`));
  const entered = await installation.fetch(url);
  expect([entered.status, entered.headers.get('location')]).toEqual([303, `/recordings/${room}/`]);
  expect(entered.headers.get('referrer-policy')).toBe('no-referrer');
  const cookie = entered.headers.get('set-cookie') ?? '';
  expect(cookie).toMatch(new RegExp(`; Path=/recordings/${room}/; Max-Age=3600; HttpOnly; SameSite=Strict$`));
  return cookie.split(';')[0] ?? '';
}

const list = (cookie: string, room = 'watch') => installation.fetch(`/recordings/${room}/`, { headers: { cookie } });

describe('Galène: recordings for members of our own client', () => {
  test('53. a session that may record leads to them', async () => {
    const vimes = await enter('vimes', 'sybil');
    const cookie = await cookieOf(vimes);
    const response = await list(cookie);
    const html = await response.text();
    expect([response.status, html.includes('fred')]).toEqual([200, true]);
    const file = await installation.fetch(`/recordings/watch/${FILE}`, { headers: { cookie } });
    expect([file.status, await file.text()]).toEqual([200, 'pictures']);
    // As long as they may, they are given more time.
    expect(response.headers.get('set-cookie')).toMatch(/Max-Age=3600/);
    const [, token = ''] = /name="token" value="([^"]+)"/.exec(html) ?? [];
    await recorded(installation, 'watch', '2026-03-02T12-00-00-000-fred.webm');
    const deleted = await installation.fetch('/recordings/watch/', {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/x-www-form-urlencoded', origin: installation.server.url },
      body: new URLSearchParams({ q: 'delete', filename: '2026-03-02T12-00-00-000-fred.webm', token }).toString(),
    });
    expect(deleted.status).toBe(303);
    vimes.close();
  });

  test('53. operators of the whole server see those of rooms without a definition', async () => {
    const olga = await enterNative(installation.server.wsUrl, {
      name: 'Olga',
      room: 'lobby',
      invitation: installation.server.invitationToken,
    });
    const response = await list(await cookieOf(olga, 'lobby'), 'lobby');
    expect([response.status, (await response.text()).includes('fred')]).toEqual([200, true]);
    // And, once they have an account, by its password.
    await olga.client.ask({ type: 'password', password: 'a good password' });
    const byAccount = await installation.fetch('/recordings/lobby/', { headers: basic('Olga', 'a good password') });
    expect(byAccount.status).toBe(200);
    expect((await installation.fetch('/recordings/lobby/', { headers: basic('Olga', 'another') })).status).toBe(401);
    olga.close();
  });

  test.each([
    ['of somebody who may not record', async () => enter('fred', 'pints')],
    ['of another room', async () => enter('vimes', 'sybil', 'palace')],
  ])('53. a session %s does not', async (_, come) => {
    const guest = await come();
    const asked = await ask('watch', { session: secretOf(guest) });
    expect([asked.status, await asked.json()]).toMatchObject([403, { error: { code: 'not-permitted' } }]);
    guest.close();
  });

  test.each([
    ['nobody’s secret', { session: 'x'.repeat(40) }, {}, 403],
    ['an empty one', { session: '' }, {}, 400],
    ['none', {}, {}, 400],
    ['no object', 'session', {}, 400],
    ['nothing', null, {}, 400],
    ['what a form of another page can send', { session: 'x' }, { 'content-type': 'text/plain' }, 400],
  ])('53. %s does not', async (_, body, headers, status) => {
    expect((await ask('watch', body, headers)).status).toBe(status);
  });

  test('53. a room’s address is the one of its definition', async () => {
    const response = await ask('palace', { session: 'x' });
    expect([response.status, response.headers.get('location')]).toEqual([308, '/recordings/Palace/.ticket']);
    expect((await ask('nowhere', { session: 'x' })).status).toBe(404);
    const got = await installation.fetch('/recordings/watch/.ticket');
    expect([got.status, got.headers.get('allow')]).toEqual([405, 'POST']);
  });

  test('53. a ticket is no cookie, a cookie is no ticket, and neither can be made up', async () => {
    const vimes = await enter('vimes', 'sybil');
    const cookie = await cookieOf(vimes);
    const { url } = (await (await ask('watch', { session: secretOf(vimes) })).json()) as { readonly url: string };
    const ticket = new URL(url, installation.server.url).searchParams.get('ticket') ?? '';
    expect((await list(`recordings=${ticket}`)).status).toBe(401);
    for (const word of [cookie.replace('recordings=', ''), 'x.y.z', '']) {
      const entered = await installation.fetch(`/recordings/watch/?ticket=${word}`);
      expect([entered.status, entered.headers.get('set-cookie')]).toEqual([303, null]);
    }
    const other = await installation.fetch(`/recordings/Palace/?ticket=${ticket}`);
    expect(other.headers.get('set-cookie')).toBeNull();
    vimes.close();
  });

  test('53. who may record no more sees them no more, as long as they are there', async () => {
    const [vimes, colon] = [await enter('vimes', 'sybil'), await enter('colon', 'pension')];
    const cookie = await cookieOf(colon);
    expect((await list(cookie)).status).toBe(200);
    await vimes.client.ask({ type: 'grant', name: 'colon', permission: 'op', on: false });
    expect((await list(cookie)).status).toBe(401);
    expect((await ask('watch', { session: secretOf(colon) })).status).toBe(403);
    vimes.close();
    colon.close();
  });

  test('53. who has left sees them until the hour is over, and is not given more', async () => {
    const vimes = await enter('vimes', 'sybil');
    const cookie = await cookieOf(vimes);
    vimes.close();
    await expect.poll(async () => (await list(cookie)).headers.get('set-cookie')).toBeNull();
    expect((await list(cookie)).status).toBe(200);
  });
});
