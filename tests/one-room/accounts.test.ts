import { afterAll, beforeAll, expect, test } from 'vitest';
import { GaleneClient } from '../../src/dialects/galene/client.ts';
import { Camus, GC } from '../support/camus.ts';
import { enterNative, startNative } from '../support/native.ts';
import { PASSWORD, Rwci } from '../support/rwci.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { enterBy, enterParlour, WIRES } from './support/people.ts';

/** An account is the same on every wire; a name that is one's own is nobody else's. */

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
  await (await Rwci.enter(server, 'alice')).client.close();
});
afterAll(() => server.close());

function refusal(guest: ReturnType<typeof startNative>): string | undefined {
  const { state } = guest.client;
  return state.kind === 'closed' && state.reason.kind === 'refused' ? state.reason.refusal.code : undefined;
}

test('an account made on RWCI’s wire is a login for our client', async () => {
  const wrong = startNative(server.wsUrl, { name: 'Alice', password: 'not it' });
  await wrong.until(() => refusal(wrong) !== undefined);
  expect(refusal(wrong)).toBe('login-failed');
  const alice = await enterNative(server.wsUrl, { name: 'Alice', password: PASSWORD });
  const room = alice.frames.find((frame) => frame.type === 'room');
  expect(room?.self).toMatchObject({ name: 'Alice', account: true });
  alice.close();
});

test('a password changed in our client is the one for RWCI’s wire', async () => {
  await (await Rwci.enter(server, 'carol')).client.close();
  const carol = await enterNative(server.wsUrl, { name: 'carol', password: PASSWORD });
  await expect(carol.client.ask({ type: 'password', current: 'not it', password: 'next' })).rejects.toThrow();
  await carol.client.ask({ type: 'password', current: PASSWORD, password: 'another horse' });
  carol.close();
  await server.restart();
  const before = await Rwci.connect(server, 'carol');
  before.auth();
  await before.closed();
  expect(before.of('auth')).toMatchObject([{ success: false }]);
  const after = await Rwci.connect(server, 'carol');
  after.auth('carol', 'another horse');
  await after.received({ type: 'join', username: 'carol' });
  await after.client.close();
});

test('a name that a guest of our client made their own is an account on RWCI’s wire', async () => {
  const dora = await enterNative(server.wsUrl, { name: 'dora' });
  await dora.client.ask({ type: 'password', password: PASSWORD });
  await dora.until(() => dora.frames.some((frame) => frame.type === 'self' && frame.self.account === true));
  dora.close();
  const rwci = await Rwci.enter(server, 'dora');
  expect(rwci.client.isNewAccount).toBe(false);
  await rwci.client.close();
});

test('on Galène’s wire, where everybody says a password, an account’s name asks for its own', async () => {
  const guest = await GaleneClient.connect({ url: server.wsUrl });
  const guessed = await guest.join('lobby', { username: 'alice', password: 'not it' });
  expect(guessed).toMatchObject({ kind: 'failed', value: 'not authorised' });
  const stranger = await guest.join('lobby', { username: 'alice', password: '' });
  expect(stranger).toMatchObject({ kind: 'joined', membership: { username: 'alice 2' } });
  await guest.leave();
  const outcome = await guest.join('lobby', { username: 'alice', password: PASSWORD });
  expect(outcome).toMatchObject({ kind: 'joined', membership: { username: 'alice' } });
  await guest.close();
});

const WITHOUT_PASSWORDS = WIRES.filter((wire) => wire !== 'rwci' && wire !== 'galene');

test.each(WITHOUT_PASSWORDS)('a guest on the wire of %s cannot have the name', async (wire) => {
  if (wire === 'camus') {
    const guest = await Camus.enter(server, 'lobby');
    guest.send(GC, 'profile', { username: 'alice' });
    await guest.until(() => guest.names.includes('alice 2'));
    expect(guest.names).not.toContain('alice');
    await guest.bye();
    return;
  }
  const watcher = await enterParlour(server, `watcher of ${wire}`);
  const guest = await enterBy[wire](server, 'alice');
  await watcher.until((noticed) => noticed.what === 'came' && noticed.from === 'alice 2');
  for (const one of [guest, watcher]) await one.leave();
});

test('nobody is sent out by who registers their name', async () => {
  const eve = await enterParlour(server, 'eve');
  const squatter = await Rwci.connect(server, 'eve');
  squatter.auth();
  await squatter.closed();
  expect(squatter.of('auth')).toMatchObject([{ success: false }]);
  await eve.fence();
  await eve.leave();
});

test('who comes by password on another wire takes over, and the RWCI connection is closed', async () => {
  const rwci = await Rwci.enter(server, 'frida');
  const native = await enterNative(server.wsUrl, { name: 'frida', password: PASSWORD });
  await rwci.closed();
  expect(rwci.of('broadcast').map(({ message }) => message)).toContain('You signed in from somewhere else.');
  native.close();
});
