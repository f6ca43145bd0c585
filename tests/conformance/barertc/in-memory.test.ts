import { expect, test } from 'vitest';
import { WiredHub } from '../../support/wired-hub.ts';

/** Scenarios that need time to pass, what only tokens give, or one order of frames over several connections. */

const VIP = { permissions: ['vip'] } as const;

test('11. Ping: every 30 s to everybody, logged in or not, with nothing else in it', async () => {
  await using hub = await WiredHub.open();
  const guest = await hub.enter('alice');
  const visitor = hub.connect('visitor');
  visitor.receive({ action: 'blocklist', usernames: ['bob'] });
  guest.take();
  hub.pass(29_999);
  expect([...guest.take(), ...visitor.take()]).toEqual([]);
  hub.pass(1);
  expect(guest.take()).toEqual([{ action: 'ping' }]);
  expect(visitor.take()).toEqual([{ action: 'ping' }]);
  for (let second = 0; second < 29; second++) hub.pass(1000);
  expect(guest.take()).toEqual([]);
  hub.pass(1000);
  expect(guest.take()).toEqual([{ action: 'ping' }]);
});

test('11. Ping: who never logs in is not kept for ever', async () => {
  await using hub = await WiredHub.open();
  const visitor = hub.connect('visitor');
  visitor.receive({ action: 'ping' });
  hub.pass(100_000);
  expect(visitor.open).toBe(true);
  hub.pass(100_000);
  expect(visitor.closeCode).toBe(1008);
});

test('10. Logout: who stopped answering has timed out', async () => {
  await using hub = await WiredHub.open();
  const alice = await hub.enter('alice');
  const bob = await hub.enter('bob');
  alice.take();
  bob.end({ code: 1006, silent: true });
  await hub.until(() => alice.row('alice') !== undefined && alice.row('bob') === undefined);
  expect(alice.take()).toEqual([
    { action: 'presence', username: 'bob', message: 'has timed out!' },
    { action: 'who', whoList: [expect.objectContaining({ username: 'alice' })] },
  ]);
});

test('26. VIP channel: delivered to VIPs and operators, and not to others', async () => {
  await using hub = await WiredHub.open({ claims: { vic: VIP, vera: VIP, olga: { permissions: ['op'] } } });
  const [vic, vera, olga, alice] = [
    await hub.enter('vic'),
    await hub.enter('vera'),
    await hub.enter('olga'),
    await hub.enter('alice'),
  ];
  hub.sent.length = 0;
  vic.receive({ action: 'message', channel: 'vip', message: 'among us' });
  alice.receive({ action: 'message', channel: 'lobby', message: 'for all' });
  await hub.until(() => hub.sent.some(({ frame }) => frame.channel === 'lobby'));
  const readers = hub.sent.filter(({ frame }) => frame.channel === 'vip').map(({ to }) => to);
  expect(readers.sort()).toEqual(['olga', 'vera', 'vic']);
  expect([vera.open, olga.open]).toEqual([true, true]);

  hub.sent.length = 0;
  alice.receive({ action: 'message', channel: 'vip', message: 'me too' });
  await hub.until(() => hub.sent.length > 0);
  expect(hub.sent).toEqual([
    { to: 'alice', frame: { action: 'error', username: 'ChatServer', message: expect.any(String) } },
  ]);
});

test('44. VipOnly: a VIP sees the flags and may open, others see a camera that is off', async () => {
  await using hub = await WiredHub.open({ claims: { vic: VIP } });
  const alice = await hub.enter('alice');
  const vic = await hub.enter('vic');
  const bob = await hub.enter('bob');
  alice.receive({ action: 'me', video: 65, status: 'online', dnd: false });
  await hub.until(() => vic.row('alice')?.video === 65);
  expect(bob.row('alice')).toMatchObject({ video: 0, videoActive: false });
  expect(alice.row('alice')).toMatchObject({ video: 65 });
  hub.sent.length = 0;
  vic.receive({ action: 'open', username: 'alice' });
  bob.receive({ action: 'open', username: 'alice' });
  expect(hub.sent.map(({ to, frame }) => [to, frame.action])).toEqual([
    ['alice', 'ring'],
    ['vic', 'open'],
    ['bob', 'error'],
  ]);
});

test.each([
  [false, true],
  [true, undefined],
])('44. VIP: told to guests unless that is a secret among VIPs (%s)', async (vipMutuallySecret, toGuests) => {
  await using hub = await WiredHub.open({ claims: { vic: VIP, vera: VIP }, vipMutuallySecret });
  const bob = await hub.enter('bob');
  const vera = await hub.enter('vera');
  const vic = await hub.enter('vic');
  await hub.until(() => bob.row('vic') !== undefined && vera.row('vic') !== undefined);
  expect(bob.row('vic')?.vip).toBe(toGuests);
  expect(vera.row('vic')?.vip).toBe(true);
  expect(vic.row('vic')?.vip).toBe(true);
  expect(bob.row('bob')).not.toHaveProperty('vip');
});

test('48. Open: ring is sent before open, over both connections', async () => {
  await using hub = await WiredHub.open();
  const alice = await hub.enter('alice');
  const bob = await hub.enter('bob');
  alice.receive({ action: 'me', video: 1, status: 'online', dnd: false });
  await hub.until(() => bob.row('alice')?.video === 1);
  hub.sent.length = 0;
  bob.receive({ action: 'open', username: 'alice' });
  expect(hub.sent).toEqual([
    { to: 'alice', frame: { action: 'ring', username: 'bob', openSecret: expect.any(String) } },
    { to: 'bob', frame: { action: 'open', username: 'alice', openSecret: expect.any(String) } },
  ]);
});

test.each(['no-broadcast', 'no-video'] as const)(
  '53. Rule %s: cut and error on going live, and the list says off',
  async (rule) => {
    await using hub = await WiredHub.open({ claims: { alice: { rules: [rule] } } });
    const bob = await hub.enter('bob');
    const alice = await hub.enter('alice');
    alice.take();
    alice.receive({ action: 'me', video: 1, status: 'busy', dnd: false });
    await hub.until(() => bob.row('alice')?.status === 'busy');
    expect(bob.row('alice')).toMatchObject({ video: 0, status: 'busy' });
    expect(alice.row('alice')).toMatchObject({ video: 0, status: 'busy' });
    expect(
      alice
        .take()
        .map(({ action }) => action)
        .filter((action) => action !== 'who'),
    ).toEqual(['cut', 'error']);
  },
);

test('53. Rule for explicit cameras: error, who with the bit, then me with the bit', async () => {
  await using hub = await WiredHub.open({ claims: { alice: { rules: ['camera-explicit'] } } });
  const bob = await hub.enter('bob');
  const alice = await hub.enter('alice');
  alice.take();
  alice.receive({ action: 'me', video: 1, status: 'online', dnd: false });
  await hub.until(() => bob.row('alice')?.video === 3);
  const frames = alice.take();
  expect(frames.map(({ action }) => action)).toEqual(['error', 'who', 'me']);
  expect(frames.at(-1)).toMatchObject({ username: 'alice', video: 3, nsfw: true });
});
