import { expect, test } from 'vitest';
import { settled } from '../../support/barertc.ts';
import { API_KEY, WebhookReceiver, WebsiteRoom } from '../../support/website.ts';

const PHRASES = ['(?i)\\bfoo\\w*', 'b[a4]r'];

test('27. Filter with censor, not forwarded: its author sees it censored, with the response; others nothing', async () => {
  await using site = await WebsiteRoom.open({
    moderation: { filters: [{ phrases: PHRASES, response: 'Please watch your *language*.' }] },
  });
  const [alice, bob] = [await site.room.enter('alice'), await site.room.enter('bob')];
  const [alices, bobs] = [alice.tape(), bob.tape()];
  alice.send({ action: 'message', channel: 'lobby', message: 'what a Foolish thing' });
  await settled(alice, bob);
  expect(alices.of('message')).toMatchObject([{ channel: 'lobby', username: 'alice' }]);
  expect(String(alices.of('message')[0]?.message)).toContain('*******');
  expect(String(alices.of('message')[0]?.message)).not.toMatch(/foo/i);
  expect(alices.of('error')).toMatchObject([{ message: '<p>Please watch your <em>language</em>.</p>' }]);
  expect(bobs.frames).toEqual([]);
  // Nor does a newcomer.
  const carol = await site.room.enter('carol');
  expect(carol.of('echo')).toEqual([{ action: 'echo' }]);
});

test('27. Filter that forwards and reports', async () => {
  await using hooks = await WebhookReceiver.open();
  await using site = await WebsiteRoom.open({
    webhooks: { report: hooks.url('/report') },
    moderation: { filters: [{ phrases: PHRASES, forward: true, report: true }] },
  });
  const [alice, bob] = [await site.room.enter('alice'), await site.room.enter('bob')];
  bob.send({ action: 'message', channel: 'lobby', message: 'said before' });
  await settled(alice, bob);
  alice.send({ action: 'message', channel: 'lobby', message: 'to the b4r' });
  const got = await bob.next({ action: 'message', username: 'alice' });
  expect(String(got.message)).toContain('***');
  const hook = await hooks.next(({ body }) => body.Action === 'report');
  expect(hook.body).toMatchObject({
    APIKey: API_KEY,
    Report: {
      FromUsername: 'ChatServer',
      AboutUsername: 'alice',
      Channel: 'lobby',
      Reason: 'Server Side Message Filter',
    },
  });
  expect((hook.body.Report as { Message: string }).Message).toMatch(/^to the b4r[\s\S]*\[bob\] said before$/);
});

test('28. Link spam: the sixth partner gets nothing, its author is kicked; the next time, banned', async () => {
  await using site = await WebsiteRoom.open();
  const partners = [];
  for (let index = 0; index < 6; index++) partners.push(await site.room.enter(`partner${index}`));
  const witness = await site.room.enter('witness');
  const offend = async (from: number, to: number): Promise<Awaited<ReturnType<typeof site.room.enter>>> => {
    const alice = await site.room.enter('alice');
    for (let index = from; index < to; index++) {
      alice.send({
        action: 'message',
        channel: `@partner${index}`,
        message: `look: https://spam.example/${index < 0}`,
      });
    }
    return alice;
  };
  const tape = witness.tape();
  const first = await offend(0, 6);
  expect((await first.closed()).code).toBe(1001);
  expect(first.frames.slice(-2).map(({ action }) => action)).toEqual(['error', 'disconnect']);
  await settled(witness, ...partners);
  expect(partners.map((partner) => partner.of('message').length)).toEqual([1, 1, 1, 1, 1, 0]);
  expect(tape.of('presence').at(-1)).toMatchObject({ username: 'alice', message: 'has been kicked from the room!' });
  const second = await offend(5, 6);
  await second.closed();
  await settled(witness, ...partners);
  expect(tape.of('presence').at(-1)).toMatchObject({ username: 'alice', message: 'has been banned!' });
  expect(partners[5]?.of('message')).toEqual([]);
  const third = await site.room.connect('alice');
  third.client.login();
  await third.closed();
  expect(third.of('me')).toEqual([]);
});

test('28. W2: a direct message with the same address twice is delivered, and so is the next', async () => {
  await using site = await WebsiteRoom.open();
  const [alice, bob] = [await site.room.enter('alice'), await site.room.enter('bob')];
  const address = 'https://example.org/page';
  alice.send({ action: 'message', channel: '@bob', message: `[${address}](${address}) and ${address}` });
  alice.send({ action: 'message', channel: '@bob', message: 'and on we go' });
  await settled(alice, bob);
  expect(bob.of('message')).toHaveLength(2);
});

test('29. Report: the seven keys reach the website, and its author hears so', async () => {
  await using hooks = await WebhookReceiver.open();
  await using site = await WebsiteRoom.open({ webhooks: { report: hooks.url('/report') } });
  const alice = await site.enter('alice');
  const told = alice.next({ action: 'error' });
  alice.send({
    action: 'report',
    channel: 'lobby',
    username: 'bob',
    timestamp: '2026-01-02T03:04:05Z',
    reason: 'Spam',
    message: '<p>buy now</p>',
    comment: 'again and again',
  });
  expect((await told).message).toContain('delivered');
  expect(hooks.received).toEqual([
    {
      path: '/report',
      body: {
        Action: 'report',
        APIKey: API_KEY,
        Report: {
          FromUsername: 'alice',
          AboutUsername: 'bob',
          Channel: 'lobby',
          Timestamp: '2026-01-02T03:04:05Z',
          Reason: 'Spam',
          Message: '<p>buy now</p>',
          Comment: 'again and again',
        },
      },
    },
  ]);
});

test('29. Report of a direct message: what was said before goes with it; "n/a" is no channel', async () => {
  await using hooks = await WebhookReceiver.open();
  await using site = await WebsiteRoom.open({ webhooks: { report: hooks.url('/report') } });
  const [alice, bob] = [await site.room.enter('alice'), await site.room.enter('bob')];
  bob.send({ action: 'message', channel: '@alice', message: 'something rude' });
  await settled(alice, bob);
  alice.send({ action: 'report', channel: '@bob', username: 'bob', reason: 'Rude', message: 'something rude' });
  alice.send({ action: 'report', channel: 'n/a', username: 'bob', reason: 'Kick', message: '' });
  const direct = await hooks.next(({ body }) => (body.Report as { Reason: string }).Reason === 'Rude');
  expect(direct.body.Report).toMatchObject({
    Channel: '@bob',
    Message: expect.stringContaining('[bob] something rude'),
  });
  const other = await hooks.next(({ body }) => (body.Report as { Reason: string }).Reason === 'Kick');
  expect(other.body.Report).toMatchObject({ Channel: 'n/a', AboutUsername: 'bob' });
});

test('29. Report that the website does not take, and without a website', async () => {
  await using hooks = await WebhookReceiver.open();
  hooks.answer = () => ({ status: 404 });
  await using site = await WebsiteRoom.open({ webhooks: { report: hooks.url('/report') } });
  const alice = await site.room.enter('alice');
  const told = alice.next({ action: 'error' });
  alice.send({ action: 'report', channel: 'lobby', username: 'bob', reason: 'Spam', message: 'x' });
  expect((await told).message).toContain('could not be delivered');
  await using silent = await WebsiteRoom.open();
  const carol = await silent.room.enter('carol');
  const off = carol.next({ action: 'error' });
  carol.send({ action: 'report', channel: 'lobby', username: 'bob', reason: 'Spam', message: 'x' });
  expect((await off).message).toContain('not enabled');
});

const PICTURE = [0x89, 0x50, 0x4e, 0x47];

test.each([
  ['the settings', { moderation: { rules: [{ username: 'Alice', no_image: true }] } }, {}],
  ['the token', {}, { rules: ['noimage'] }],
])('37. Under the noimage rule of %s: an error, in the operator’s words', async (_, settings, claims) => {
  await using site = await WebsiteRoom.open({
    ...settings,
    barertc: { strings: { no_image: 'No <b>pictures</b> from you.' } },
  });
  const alice = await site.enter('alice', claims);
  const told = alice.next({ action: 'error' });
  alice.send({ action: 'file', channel: 'lobby', message: 'x.png', bytes: PICTURE });
  expect((await told).message).toBe('No <b>pictures</b> from you.');
});

test('44. VipOnly: who is no VIP sees a camera that is off and cannot open it; VIPs can', async () => {
  await using site = await WebsiteRoom.open();
  const vera = await site.enter('vera', { vip: true });
  const vic = await site.enter('vic', { vip: true });
  const alice = await site.room.enter('alice');
  vera.send({ action: 'me', video: 65, status: 'online', dnd: false });
  await vic.whoIs((who) => who.some((row) => row.username === 'vera' && row.video === 65));
  await settled(alice, vic, vera);
  expect(alice.row('vera')?.video).toBe(0);
  alice.send({ action: 'open', username: 'vera' });
  await settled(alice, vera);
  expect(vera.of('ring')).toEqual([]);
  expect(alice.of('open')).toEqual([]);
  vic.send({ action: 'open', username: 'vera' });
  await vic.next({ action: 'open', username: 'vera' });
});

test('26. VIP channel: read by VIPs and operators; written by nobody else; its greeting is theirs', async () => {
  await using site = await WebsiteRoom.open({
    rooms: [{ name: 'lobby', channels: [{ id: 'lobby' }, { id: 'vip', vip: true, welcome: ['Among us.'] }] }],
  });
  const [vera, olga, alice] = [
    await site.enter('vera', { vip: true }),
    await site.enter('olga', { op: true }),
    await site.room.enter('alice'),
  ];
  expect(alice.of('error')).toEqual([]);
  vera.send({ action: 'message', channel: 'vip', message: 'hush' });
  alice.send({ action: 'message', channel: 'vip', message: 'may I' });
  await settled(vera, olga, alice);
  expect(olga.of('message')).toMatchObject([{ channel: 'vip', username: 'vera' }]);
  expect(alice.of('message')).toEqual([]);
  const late = await site.room.enter('late');
  expect(JSON.stringify(late.of('echo'))).not.toContain('hush');
});

test.each([
  ['NoBroadcast', { no_broadcast: true }],
  ['NoVideo', { no_video: true }],
])('53. Moderation rule %s: cut and an error, and who shows a camera that is off', async (_, rule) => {
  await using site = await WebsiteRoom.open({ moderation: { rules: [{ username: 'alice', ...rule }] } });
  const [alice, bob] = [await site.room.enter('alice'), await site.room.enter('bob')];
  const tape = alice.tape();
  alice.send({ action: 'me', video: 1, status: 'online', dnd: false });
  await settled(alice, bob);
  expect(tape.of('cut', 'error').map(({ action }) => action)).toEqual(['cut', 'error']);
  expect(bob.row('alice')?.video).toBe(0);
});

test('53. redcam: an error, who with the explicit bit, then me with it', async () => {
  await using site = await WebsiteRoom.open();
  const alice = await site.enter('alice', { rules: ['redcam'] });
  const bob = await site.room.enter('bob');
  const tape = alice.tape();
  alice.send({ action: 'me', video: 1, status: 'online', dnd: false });
  await bob.whoIs((who) => who.some((row) => row.username === 'alice' && row.video === 3));
  await settled(alice, bob);
  expect(tape.frames.map(({ action }) => action)).toEqual(['error', 'who', 'me']);
  expect(tape.of('me')[0]).toMatchObject({ video: 3, nsfw: true });
});
