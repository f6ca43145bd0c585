import { describe, expect, test } from 'vitest';
import { settled } from '../../support/barertc.ts';
import { API_KEY, claimsIn, signToken, WebsiteRoom } from '../../support/website.ts';

const ADMIN = [
  ['/api/authenticate', { Claims: { sub: 'alice' } }],
  ['/api/blocklist', { Username: 'alice', Blocklist: ['bob'] }],
  ['/api/block/now', { Usernames: ['alice', 'bob'] }],
  ['/api/disconnect/now', { Usernames: ['nobody'], Message: '', Kick: false }],
  ['/api/bans', {}],
  ['/api/bans/impose', { Username: 'troll', Hours: 2, Reason: 'spam' }],
] as const;

test.each(ADMIN)('56. %s: method, type, body and key are asked for', async (path, body) => {
  await using site = await WebsiteRoom.open();
  const right = { APIKey: API_KEY, ...body };
  const as = (headers: Record<string, string>) => site.api(path, right, { headers });
  for (const method of ['GET', 'PUT', 'DELETE', 'OPTIONS']) {
    expect((await site.api(path, undefined, { method, body: null })).status).toBe(400);
  }
  expect((await as({ 'content-type': 'text/plain' })).status).toBe(400);
  expect((await as({ 'content-type': 'application/x-www-form-urlencoded' })).status).toBe(400);
  for (const broken of ['', '{', '[]', 'null', '"text"', '{"APIKey":1}']) {
    const answer = await site.api(path, broken);
    expect([answer.status, answer.body.OK, typeof answer.body.Error]).toEqual([400, false, 'string']);
  }
  for (const key of ['', 'wrong', `${API_KEY} `, API_KEY.slice(0, -1)]) {
    const answer = await site.api(path, { ...right, APIKey: key });
    expect([answer.status, answer.body.OK]).toEqual([401, false]);
  }
  expect((await site.api(path, JSON.stringify({ ...right, filler: 'x'.repeat(1024 * 1024) }))).status).toBe(413);
  const good = await as({ 'content-type': 'application/json' });
  expect([good.status, good.body.OK]).toEqual([200, true]);
  // A * of the scenarios: the original refused a charset.
  expect((await as({ 'content-type': 'application/json; charset=utf-8' })).status).toBe(200);
});

test.each([
  ['/api/block/now', { Usernames: 'alice' }],
  ['/api/block/now', { Usernames: [1] }],
  ['/api/block/now', { Usernames: Array.from({ length: 101 }, (_, index) => `n${index}`) }],
  ['/api/disconnect/now', { Usernames: Array.from({ length: 10_001 }, (_, index) => `n${index}`) }],
  ['/api/blocklist', { Username: 5, Blocklist: [] }],
  ['/api/blocklist', { Blocklist: ['bob'] }],
  ['/api/disconnect/now', { Usernames: ['alice'], Kick: 'yes' }],
  ['/api/authenticate', { Claims: {} }],
  ['/api/authenticate', { Claims: { sub: '<>' } }],
  ['/api/authenticate', { Claims: [] }],
  ['/api/bans/impose', {}],
  ['/api/bans/impose', { Username: 'a', Addresses: '192.0.2.0/24' }],
  ['/api/bans/impose', { Addresses: '0.0.0.0/0' }],
  ['/api/bans/impose', { Username: 'a', Hours: -1 }],
])('56. %s with fields of the wrong kind (%j): 400, and what is wrong', async (path, body) => {
  await using site = await WebsiteRoom.open();
  const answer = await site.admin(path, body);
  expect([answer.status, answer.body.OK]).toEqual([400, false]);
  expect(String(answer.body.Error)).toMatch(/\.$/);
});

test('56. without a configured key, no key is right', async () => {
  await using site = await WebsiteRoom.open({ website: { api_key: '' } });
  expect((await site.api('/api/bans', { APIKey: '' })).status).toBe(401);
  expect((await site.api('/api/bans', {})).status).toBe(401);
});

test('58. blocklist: whom the website says somebody blocks is out of their sight from the login on', async () => {
  await using site = await WebsiteRoom.open();
  const bob = await site.room.enter('bob');
  await site.admin('/api/blocklist', { Username: 'Alice', Blocklist: ['Bob', 'carol'] });
  const alice = await site.enter('alice');
  expect(alice.whoNames).toEqual(['alice']);
  expect(bob.whoNames).toEqual(['bob']);
  // Another list takes the place of the first, for the next visit.
  await site.admin('/api/blocklist', { Username: 'dora', Blocklist: ['bob'] });
  await site.admin('/api/blocklist', { Username: 'dora', Blocklist: [] });
  expect((await site.enter('dora')).whoNames).toEqual(['alice', 'bob', 'dora']);
});

test('59. block/now: both are told of the other, and do not see each other', async () => {
  await using site = await WebsiteRoom.open();
  const [alice, bob, carol] = [await site.enter('alice'), await site.room.enter('bob'), await site.room.enter('carol')];
  const tapes = [alice.tape(), bob.tape(), carol.tape()];
  expect((await site.admin('/api/block/now', { Usernames: ['alice', 'bob', 'absent'] })).body).toEqual({ OK: true });
  await alice.whoIs((who) => who.length === 2);
  await settled(alice, bob, carol);
  expect(tapes.map((tape) => tape.of('block'))).toEqual([
    [{ action: 'block', username: 'bob' }],
    [{ action: 'block', username: 'alice' }],
    [],
  ]);
  expect(alice.whoNames).toEqual(['alice', 'carol']);
  expect(bob.whoNames).toEqual(['bob', 'carol']);
  expect(carol.whoNames).toEqual(['alice', 'bob', 'carol']);
  bob.send({ action: 'message', channel: 'lobby', message: 'can you hear me' });
  await settled(alice, bob, carol);
  expect(alice.of('message')).toEqual([]);
});

test('60. disconnect/now with Message and Kick', async () => {
  await using site = await WebsiteRoom.open();
  const [alice, bob] = [await site.room.enter('alice'), await site.room.enter('bob')];
  const tape = bob.tape();
  const { body } = await site.admin('/api/disconnect/now', {
    Usernames: ['alice', 'nobody'],
    Message: 'Your account was closed.',
    Kick: true,
  });
  expect(body).toEqual({ OK: true, Removed: 1 });
  expect((await alice.closed()).code).toBe(1001);
  const last = alice.frames.slice(-2);
  expect(last[0]).toMatchObject({ action: 'error', message: expect.stringContaining('Your account was closed.') });
  expect(last[1]).toEqual({ action: 'disconnect' });
  await bob.whoIs((who) => who.length === 1);
  expect(tape.of('presence')).toEqual([
    { action: 'presence', username: 'alice', message: 'has been kicked from the room!' },
  ]);
});

test('60. disconnect/now without Kick: they have left', async () => {
  await using site = await WebsiteRoom.open();
  const [alice, bob] = [await site.room.enter('alice'), await site.room.enter('bob')];
  const tape = bob.tape();
  await site.admin('/api/disconnect/now', { Usernames: ['alice'] });
  await alice.closed();
  expect(alice.frames.at(-1)).toEqual({ action: 'disconnect' });
  await bob.whoIs((who) => who.length === 1);
  expect(tape.of('presence')).toEqual([{ action: 'presence', username: 'alice', message: 'has exited the room!' }]);
});

describe('61. amend-jwt', () => {
  test('ping with new rules, me, who with the new nickname, in this order', async () => {
    await using site = await WebsiteRoom.open();
    const alice = await site.enter('alice');
    const bob = await site.room.enter('bob');
    const tape = alice.tape();
    const token = await signToken({ sub: 'alice', nick: 'Alice in W.', rules: ['novideo'], vip: true });
    expect((await site.admin('/api/amend-jwt', { Username: 'alice', JWTToken: token })).body).toEqual({ OK: true });
    await bob.whoIs((who) => who.some((row) => row.nickname === 'Alice in W.' && row.vip === true));
    await settled(alice, bob);
    expect(tape.of('ping', 'me', 'who').map(({ action }) => action)).toEqual(['ping', 'me', 'who']);
    expect(tape.of('ping')[0]?.jwtRules).toMatchObject({ IsNoVideoRule: true, IsNoBroadcastRule: true });
    expect(claimsIn(String(tape.of('ping')[0]?.jwt))).toMatchObject({ nick: 'Alice in W.', vip: true });
  });

  test('a bad token: 401; nobody, or a guest, of that name: 404', async () => {
    await using site = await WebsiteRoom.open();
    await site.room.enter('guest');
    const token = await signToken({ sub: 'alice' });
    expect((await site.admin('/api/amend-jwt', { Username: 'alice', JWTToken: `${token}x` })).status).toBe(401);
    expect((await site.admin('/api/amend-jwt', { Username: 'alice', JWTToken: token })).status).toBe(404);
    expect((await site.admin('/api/amend-jwt', { Username: 'guest', JWTToken: token })).status).toBe(404);
  });
});

test('62. statistics: who is there, and cameras; the hidden are not; CORS for those who are allowed', async () => {
  await using site = await WebsiteRoom.open({ moderation: { permit_explicit: true } });
  const [bob, alice, olga] = [
    await site.room.enter('bob'),
    await site.enter('alice'),
    await site.enter('olga', { op: true }),
  ];
  bob.send({ action: 'me', video: 1, status: 'online', dnd: false });
  alice.send({ action: 'me', video: 3, status: 'online', dnd: false });
  olga.send({ action: 'me', video: 0, status: 'hidden', dnd: false });
  await bob.whoIs((who) => who.length === 2);
  const read = (method: string, origin?: string) =>
    site.api('/api/statistics', undefined, { method, body: null, headers: origin ? { origin } : {} });
  const plain = await read('GET');
  expect([plain.status, plain.body]).toEqual([
    200,
    { UserCount: 2, Usernames: ['alice', 'bob'], Cameras: { Blue: 1, Red: 1 } },
  ]);
  expect(plain.headers.get('access-control-allow-origin')).toBeNull();
  expect((await read('POST')).body.UserCount).toBe(2);
  const allowed = await read('GET', 'https://www.example.com');
  expect(allowed.headers.get('access-control-allow-origin')).toBe('https://www.example.com');
  expect(allowed.headers.get('vary')).toContain('origin');
  const foreign = await read('GET', 'https://www.example.com.evil.example');
  expect(foreign.headers.get('access-control-allow-origin')).toBeNull();
  // Only statistics have CORS.
  const other = await site.api('/api/bans', {}, { headers: { origin: 'https://www.example.com' } });
  expect(other.headers.get('access-control-allow-origin')).toBeNull();
});

test('shutdown: everybody is told, and the server is ended by those who run it', async () => {
  await using site = await WebsiteRoom.open();
  const alice = await site.room.enter('alice');
  const told = alice.next({ action: 'error' });
  expect((await site.admin('/api/shutdown')).body).toEqual({ OK: true });
  expect((await told).message).toContain('restarted');
});

test('bans are listed, imposed and lifted by the website', async () => {
  await using site = await WebsiteRoom.open();
  const alice = await site.enter('alice');
  const imposed = await site.admin('/api/bans/impose', { Username: 'alice', Hours: 2, Reason: 'spam' });
  expect(imposed.body).toEqual({ OK: true, ExpiresAt: expect.any(String) });
  await alice.closed();
  await site.admin('/api/bans/impose', { Addresses: '192.0.2.7/24', Hours: 5 });
  expect((await site.admin('/api/bans')).body.Bans).toMatchObject([
    { Username: 'alice', Addresses: '', Reason: 'spam', By: 'the website' },
    { Username: '', Addresses: '192.0.2.0/24', Reason: '', By: 'the website' },
  ]);
  expect((await site.admin('/api/bans/lift', { Username: 'ALICE' })).body).toEqual({ OK: true });
  expect((await site.admin('/api/bans/lift', { Addresses: '192.0.2.99/24' })).body).toEqual({ OK: true });
  expect((await site.admin('/api/bans')).body.Bans).toEqual([]);
  expect((await site.admin('/api/bans/lift', { Username: 'alice' })).status).toBe(404);
});
