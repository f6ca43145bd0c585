import { expect, test } from 'vitest';
import { settled } from '../../support/barertc.ts';
import { claimsIn, signToken, WebsiteRoom } from '../../support/website.ts';

const EXPIRED = 'Your authentication is not valid or has expired. Please sign in again.';

test('4. JWT duplicate: the first is told, disconnected and closed; the second has the name, and nobody seems to go', async () => {
  await using site = await WebsiteRoom.open();
  const carol = await site.room.enter('carol');
  const first = await site.enter('alice');
  const tape = carol.tape();
  const second = await site.enter('alice');
  expect(second.of('me')[0]).toMatchObject({ username: 'alice' });
  const closed = await first.closed();
  expect(closed.code).toBe(1001);
  expect(first.frames.slice(-2).map(({ action }) => action)).toEqual(['error', 'disconnect']);
  await settled(carol, second);
  expect(tape.of('presence')).toEqual([]);
  expect(carol.whoNames).toEqual(['alice', 'carol']);
});

test('4. JWT duplicate: a guest who has the name gives way to the one whom it belongs to', async () => {
  await using site = await WebsiteRoom.open();
  const carol = await site.room.enter('carol');
  const guest = await site.room.enter('alice');
  const tape = carol.tape();
  const owner = await site.room.connect('alice', { jwt: await signToken({ sub: 'alice' }) });
  await owner.login();
  expect(owner.name).toBe('alice');
  await guest.closed();
  expect(guest.frames.slice(-2).map(({ action }) => action)).toEqual(['error', 'disconnect']);
  await settled(carol, owner);
  expect(tape.of('presence')).toEqual([{ action: 'presence', username: 'alice', message: 'has joined the room!' }]);
});

test.each([
  ['another secret', () => signToken({ sub: 'alice' }, { secret: 'guessed' })],
  ['another algorithm', () => signToken({ sub: 'alice' }, { algorithm: 'HS512' })],
  ['an expiry in the past', () => signToken({ sub: 'alice' }, { expiresIn: -1 })],
  ['no name', () => signToken({ op: true })],
  ['no signature', async () => `${(await signToken({ sub: 'alice' })).split('.').slice(0, 2).join('.')}.`],
  [
    'the algorithm "none"',
    async () =>
      `${Buffer.from('{"alg":"none"}').toString('base64url')}.${Buffer.from('{"sub":"alice","op":true}').toString('base64url')}.`,
  ],
  ['no token at all', async () => 'not a token'],
])('5. Bad token (%s): an error and nothing else; still not logged in', async (_, make) => {
  await using site = await WebsiteRoom.open();
  const guest = await site.room.connect('alice', { jwt: await make() });
  const refused = guest.next({ action: 'error' });
  guest.client.login();
  expect(await refused).toMatchObject({ username: 'ChatServer', message: EXPIRED });
  const tape = guest.tape();
  guest.send({ action: 'message', channel: 'lobby', message: 'hello' });
  await guest.fence();
  expect(tape.frames).toMatchObject([{ action: 'error', message: 'You must log in first.' }]);
  expect(guest.of('me', 'who', 'disconnect')).toEqual([]);
});

test('6. Strict mode, no token: an error, and in nobody’s who', async () => {
  await using site = await WebsiteRoom.open({ tokens: { strict: true } });
  const alice = await site.enter('alice');
  const guest = await site.room.connect('bob');
  const refused = guest.next({ action: 'error' });
  guest.client.login();
  expect((await refused).message).toContain('sign in');
  await settled(guest, alice);
  expect(guest.of('me', 'who')).toEqual([]);
  expect(alice.whoNames).toEqual(['alice']);
});

test('7. JWT name mismatch: the token counts', async () => {
  await using site = await WebsiteRoom.open();
  const bot = await site.enter('testbot', { sub: 'barebot' });
  expect(bot.of('me')[0]).toMatchObject({ username: 'barebot' });
});

test('a token’s claims are in the who list', async () => {
  await using site = await WebsiteRoom.open();
  await site.enter('alice', {
    op: true,
    vip: true,
    img: '/static/alice.png',
    url: '/u/alice',
    nick: 'Alice A.',
    emoji: '🇫🇮 Finland',
    gender: 'f',
  });
  const bob = await site.room.enter('bob');
  expect(bob.row('alice')).toMatchObject({
    op: true,
    vip: true,
    avatar: '/static/alice.png',
    profileURL: '/u/alice',
    nickname: 'Alice A.',
    emoji: '🇫🇮 Finland',
    gender: 'f',
  });
});

test('11. Ping: a JWT user gets the next token, and the five rules', async () => {
  await using site = await WebsiteRoom.open();
  const alice = await site.enter('alice', { rules: ['redcam', 'noimage'], nick: 'Al', iss: 'the site' });
  const ping = alice.next({ action: 'ping' });
  await site.admin('/api/amend-jwt', {
    Username: 'alice',
    JWTToken: await signToken({ sub: 'alice', rules: ['redcam', 'noimage'], nick: 'Al', iss: 'the site' }),
  });
  const { jwt, jwtRules } = await ping;
  expect(jwtRules).toEqual({
    IsNoVideoRule: false,
    IsNoImageRule: true,
    IsNoBroadcastRule: false,
    IsRedCamRule: true,
    IsNoDarkVideoRule: false,
  });
  const claims = claimsIn(String(jwt));
  expect(claims).toMatchObject({ sub: 'alice', op: false, vip: false, nick: 'Al', iss: 'the site' });
  expect(Number(claims.exp) - Math.floor(Date.now() / 1000)).toBeGreaterThan(290);
  expect(claims.iat).toBe(claims.nbf);
  alice.client.drop();
  const again = await site.room.enter('alice', { jwt: String(jwt) });
  expect(again.name).toBe('alice');
});

test('57. authenticate: its token is good for a login, and for the page', async () => {
  await using site = await WebsiteRoom.open({ tokens: { strict: true } });
  const { status, body } = await site.admin('/api/authenticate', {
    Claims: { sub: 'barebot', nick: 'BareBot', op: true, emoji: '🤖', unknown: 'lost' },
  });
  expect(status).toBe(200);
  expect(body).toEqual({ OK: true, JWT: expect.any(String) });
  const token = String(body.JWT);
  expect(claimsIn(token)).toMatchObject({ sub: 'barebot', nick: 'BareBot', op: true });
  expect(claimsIn(token)).not.toHaveProperty('unknown');
  const bot = await site.room.enter('testbot', { jwt: token });
  expect(bot.row('barebot')).toMatchObject({ op: true, nickname: 'BareBot', emoji: '🤖' });
  expect((await fetch(`${site.url}/?jwt=${token}`)).status).toBe(200);
  expect((await fetch(`${site.url}/?jwt=${token}x`)).status).toBe(403);
});

test('57. authenticate works for bots where people need no tokens', async () => {
  await using site = await WebsiteRoom.open({ tokens: { enabled: false, secret: '' } });
  const { body } = await site.admin('/api/authenticate', { Claims: { sub: 'barebot', op: true } });
  const bot = await site.room.enter('testbot', { jwt: String(body.JWT) });
  expect(bot.row('barebot')).toMatchObject({ op: true });
});

test('6.5. BareBot: its login, its commands without a channel, and its word with itself', async () => {
  await using site = await WebsiteRoom.open();
  const { body } = await site.admin('/api/authenticate', { Claims: { sub: 'barebot', op: true } });
  const bot = await site.room.enter('testbot', { jwt: String(body.JWT) });
  const tape = bot.tape();
  bot.send({ action: 'message', message: '/unmute-all' });
  await bot.fence();
  expect(tape.of('error')).toHaveLength(1);
  bot.send({ action: 'message', channel: '@barebot', message: 'deadlock watch' });
  await bot.next({ action: 'message', channel: '@barebot', username: 'barebot' });
  bot.send({ action: 'message', channel: 'barertc-debug', message: '/ban troll 2' });
  await bot.next((frame) => frame.action === 'error' && String(frame.message).includes('troll has been banned'));
});
