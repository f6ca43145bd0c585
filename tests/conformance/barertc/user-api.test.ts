import { expect, test } from 'vitest';
import type { Guest } from '../../support/barertc.ts';
import { API_KEY, signToken, WebhookReceiver, WebsiteRoom } from '../../support/website.ts';

const USER = ['/api/profile', '/api/message/history', '/api/message/usernames', '/api/message/clear'] as const;

async function tell(from: Guest, to: string, ...lines: readonly string[]): Promise<void> {
  for (const line of lines) from.send({ action: 'message', channel: `@${to}`, message: line });
  await from.fence();
}

function numbered(count: number): string[] {
  return Array.from({ length: count }, (_, index) => `line ${index + 1}`);
}

interface HistoryItem {
  readonly username: string;
  readonly message: string;
  readonly msgID: number;
  readonly timestamp: string;
}

test.each(USER)('%s: method, type, body and token are asked for', async (path) => {
  await using site = await WebsiteRoom.open();
  const token = await signToken({ sub: 'alice' });
  const body = { JWTToken: token, Username: 'bob' };
  expect((await site.api(path, undefined, { method: 'GET', body: null })).status).toBe(400);
  expect((await site.api(path, body, { headers: { 'content-type': 'text/plain' } })).status).toBe(400);
  for (const broken of ['{', '[]', '{"JWTToken":5}']) expect((await site.api(path, broken)).status).toBe(400);
  for (const bad of ['', 'x', `${token}x`, await signToken({ sub: 'alice' }, { expiresIn: -1 })]) {
    const answer = await site.api(path, { ...body, JWTToken: bad });
    expect([answer.status, answer.body.OK, typeof answer.body.Error]).toEqual([400, false, 'string']);
  }
  expect((await site.api(path, JSON.stringify({ ...body, filler: 'x'.repeat(1024 * 1024) }))).status).toBe(413);
});

test.each(USER)('%s is closed where the website signs nobody in', async (path) => {
  await using site = await WebsiteRoom.open({ tokens: { enabled: false } });
  const answer = await site.api(path, { JWTToken: await signToken({ sub: 'alice' }), Username: 'bob' });
  expect(answer.status).toBe(400);
});

test('64. history: 45 direct messages come 20 at a time, the newest first', async () => {
  await using site = await WebsiteRoom.open();
  const alice = await site.enter('alice');
  const bob = await site.enter('bob');
  await tell(alice, 'bob', ...numbered(30));
  await tell(bob, 'alice', ...numbered(15).map((line) => `answer ${line}`));
  const JWTToken = await signToken({ sub: 'bob' });
  const page = async (BeforeID = 0) => {
    const { body } = await site.api('/api/message/history', { JWTToken, Username: 'Alice', BeforeID });
    return body as unknown as { readonly OK: true; readonly Messages: HistoryItem[]; readonly Remaining: number };
  };
  const first = await page();
  expect([first.OK, first.Messages.length, first.Remaining]).toEqual([true, 20, 25]);
  expect(first.Messages[0]).toEqual({
    username: 'bob',
    message: '<p>answer line 15</p>',
    msgID: expect.any(Number),
    timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
  });
  const second = await page(first.Messages.at(-1)?.msgID);
  expect([second.Messages.length, second.Remaining]).toEqual([20, 5]);
  const third = await page(second.Messages.at(-1)?.msgID);
  expect([third.Messages.length, third.Remaining]).toEqual([5, 0]);
  const all = [...first.Messages, ...second.Messages, ...third.Messages].map(({ msgID }) => msgID);
  expect(all).toEqual([...new Set(all)].sort((one, other) => other - one));
  expect(third.Messages.at(-1)?.message).toBe('<p>line 1</p>');
});

test('64. history: whoever asks must be in the room', async () => {
  await using site = await WebsiteRoom.open();
  for (const path of ['/api/message/history', '/api/message/usernames']) {
    const answer = await site.api(path, { JWTToken: await signToken({ sub: 'alice' }), Username: 'bob' });
    expect([answer.status, answer.body.OK]).toEqual([400, false]);
  }
});

test('64. W17: names with "_" and "%" are other names, and nobody else’s conversations', async () => {
  await using site = await WebsiteRoom.open();
  const bob = await site.enter('bob');
  const names = ['a_b', 'axb', 'a%b', '%', '_'];
  for (const name of names) await tell(await site.enter(name), 'bob', `I am ${name}`);
  const JWTToken = await signToken({ sub: 'bob' });
  for (const name of names) {
    const { body } = await site.api('/api/message/history', { JWTToken, Username: name });
    expect((body.Messages as HistoryItem[]).map(({ message }) => message)).toEqual([`<p>I am ${name}</p>`]);
  }
  const cleared = await site.admin('/api/message/clear', { Username: '_' });
  expect(cleared.body).toEqual({ OK: true, MessagesErased: 1 });
  await site.api('/api/message/clear', { JWTToken: await signToken({ sub: '%' }) });
  const { body } = await site.api('/api/message/usernames', { JWTToken, Sort: 'a-z' });
  expect(body.Usernames).toEqual(['a%b', 'a_b', 'axb']);
  await bob.fence();
});

test('65. usernames: four orders, nine to a page, and numbers that agree', async () => {
  await using site = await WebsiteRoom.open();
  const alice = await site.enter('alice');
  const names = Array.from({ length: 11 }, (_, index) => `user${String.fromCharCode(107 - index)}`);
  for (const name of names) {
    await site.room.enter(name);
    // One to whom alice wrote counts as well as one who wrote to her.
    await tell(alice, name, 'hello');
  }
  const JWTToken = await signToken({ sub: 'alice' });
  const page = async (Sort: string, Page: number) =>
    (await site.api('/api/message/usernames', { JWTToken, Sort, Page })).body;
  expect(await page('newest', 1)).toEqual({ OK: true, Usernames: names.toReversed().slice(0, 9), Count: 11, Pages: 2 });
  expect((await page('newest', 2)).Usernames).toEqual(names.toReversed().slice(9));
  expect((await page('oldest', 1)).Usernames).toEqual(names.slice(0, 9));
  expect((await page('a-z', 1)).Usernames).toEqual(names.toSorted().slice(0, 9));
  expect((await page('z-a', 2)).Usernames).toEqual(names.toSorted().toReversed().slice(9));
  expect((await page('nonsense', 0)).Usernames).toEqual(names.toReversed().slice(0, 9));
  expect((await page('newest', 3)).Usernames).toEqual([]);
});

test('65. usernames: nobody yet', async () => {
  await using site = await WebsiteRoom.open();
  await site.enter('alice');
  const { body } = await site.api('/api/message/usernames', { JWTToken: await signToken({ sub: 'alice' }) });
  expect(body).toEqual({ OK: true, Usernames: [], Count: 0, Pages: 1 });
});

test('66. clear: by oneself, and by the website for one of its users; both directions', async () => {
  await using site = await WebsiteRoom.open();
  const [alice, bob, carol] = [await site.enter('alice'), await site.enter('bob'), await site.enter('carol')];
  await tell(alice, 'bob', 'one', 'two');
  await tell(bob, 'alice', 'three');
  await tell(bob, 'carol', 'four');
  await tell(carol, 'alice', 'five');
  const tokens = { alice: await signToken({ sub: 'alice' }), bob: await signToken({ sub: 'bob' }) };
  expect((await site.api('/api/message/clear', { APIKey: 'wrong', Username: 'alice' })).status).toBe(401);
  expect((await site.api('/api/message/clear', { JWTToken: tokens.alice })).body).toEqual({
    OK: true,
    MessagesErased: 4,
  });
  const left = await site.api('/api/message/history', { JWTToken: tokens.bob, Username: 'alice' });
  expect(left.body).toEqual({ OK: true, Messages: [], Remaining: 0 });
  expect((await site.api('/api/message/clear', { APIKey: API_KEY, Username: 'carol' })).body.MessagesErased).toBe(1);
});

test('direct messages that are not to be kept are not there', async () => {
  await using site = await WebsiteRoom.open({ messages: { keep_direct: false } });
  const alice = await site.enter('alice');
  await site.enter('bob');
  await tell(alice, 'bob', 'between us');
  const answer = await site.api('/api/message/history', {
    JWTToken: await signToken({ sub: 'alice' }),
    Username: 'bob',
  });
  expect([answer.status, answer.body.OK]).toEqual([400, false]);
});

test('63. profile: what the website says, and what happens when it does not', async () => {
  await using hooks = await WebhookReceiver.open();
  await using site = await WebsiteRoom.open({ webhooks: { profile: hooks.url('/profile') } });
  const JWTToken = await signToken({ sub: 'alice' });
  hooks.answer = ({ body }) => ({
    status: 200,
    body: {
      StatusCode: 200,
      Data:
        body.Username === 'bob'
          ? { OK: true, Headline: 'I am Bob', ProfileFields: [{ Name: 'Age', Value: '42' }] }
          : { OK: false, Error: 'No such user.' },
    },
  });
  const ask = (Username: string) => site.api('/api/profile', { JWTToken, Username });
  expect((await ask('bob')).body).toEqual({
    OK: true,
    Headline: 'I am Bob',
    ProfileFields: [{ Name: 'Age', Value: '42' }],
  });
  expect(hooks.received[0]).toEqual({
    path: '/profile',
    body: { Action: 'profile', APIKey: API_KEY, Username: 'bob' },
  });
  expect((await ask('nobody')).body).toEqual({ OK: false, Error: 'No such user.' });
  hooks.answer = () => ({ status: 503 });
  const failed = await ask('carol');
  expect([failed.status, failed.body.OK]).toEqual([500, false]);
});

test('63. profile: off', async () => {
  await using site = await WebsiteRoom.open();
  const answer = await site.api('/api/profile', { JWTToken: await signToken({ sub: 'alice' }), Username: 'bob' });
  expect([answer.status, answer.body.OK]).toEqual([400, false]);
});
