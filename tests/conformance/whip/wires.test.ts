import { afterAll, beforeAll, expect, test } from 'vitest';
import { Guest } from '../../support/barertc.ts';
import { enterNative, type NativeGuest } from '../../support/native.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';
import { offer } from './support/offers.ts';

const HOUR_MS = 3_600_000;

let server: TestServer;
let pass: string | undefined;

beforeAll(async () => {
  server = await startTestServer({ settings: { rooms: [{ name: 'lobby' }, { name: 'studio', password: 'sesame' }] } });
  const olga = await enterNative(server.wsUrl, { name: 'Olga', invitation: server.invitationToken });
  pass = olga.welcomes[0]?.token;
  olga.close();
});
afterAll(() => server.close());

async function operator(room: string): Promise<NativeGuest> {
  return enterNative(server.wsUrl, { name: 'Olga', room, ...(pass === undefined ? {} : { token: pass }) });
}

function post(room: string, token?: string): Promise<Response> {
  const headers = { 'content-type': 'application/sdp', ...bearer(token) };
  return fetch(`${server.url}/group/${room}/.whip`, { method: 'POST', headers, body: offer() });
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

async function remove(begun: Response, token?: string): Promise<number> {
  const url = new URL(begun.headers.get('location') ?? '', server.url);
  return (await fetch(url, { method: 'DELETE', headers: bearer(token) })).status;
}

test('a room with a password takes who has a link with the right to present', async () => {
  const olga = await operator('studio');
  const link = async (permissions: string[]) => {
    const { tokens = [] } = await olga.client.ask({ type: 'make-token', permissions, expires: Date.now() + HOUR_MS });
    return tokens[0]?.token;
  };
  expect((await post('studio')).status).toBe(401);
  expect((await post('studio', await link(['message']))).status).toBe(403);
  const token = await link(['present']);
  const begun = await post('studio', token);
  expect(begun.status).toBe(201);
  expect(await remove(begun, token)).toBe(200);
  olga.close();
});

test('on other wires they are seen like anybody, and can be sent out', async () => {
  const olga = await operator('lobby');
  const bea = await (await Guest.connect(server.wsUrl, 'Bea')).login();
  const begun = await post('lobby');
  expect(begun.status).toBe(201);
  await bea.whoIs((who) => who.some(({ username }) => username === 'whip'));
  await olga.client.ask({ type: 'kick', name: 'whip', reason: '' });
  await bea.whoIs((who) => who.every(({ username }) => username !== 'whip'));
  expect(await remove(begun)).toBe(404);
  bea.socket.close();
  olga.close();
});
