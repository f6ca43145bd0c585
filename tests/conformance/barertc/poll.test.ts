import { expect, test } from 'vitest';
import { samplePng } from '../../support/images.ts';
import { signToken, WebsiteRoom } from '../../support/website.ts';

interface PollBody {
  readonly username?: string;
  readonly session_id?: string;
  readonly messages: readonly Readonly<Record<string, unknown>>[];
}

/** A client of the polling API (`spec/barertc.md` 2.3). */
class Poller {
  readonly #site: WebsiteRoom;
  username = '';
  session = '';

  constructor(site: WebsiteRoom) {
    this.#site = site;
  }

  async send(msg: object): Promise<{ readonly status: number; readonly body: PollBody }> {
    const { status, body } = await this.#site.api('/poll', { username: this.username, session_id: this.session, msg });
    const answer = body as unknown as PollBody;
    // As the original's client does after each response.
    this.username = answer.username ?? '';
    this.session = answer.session_id ?? '';
    return { status, body: answer };
  }

  async login(username: string, jwt = ''): Promise<PollBody> {
    return (await this.send({ action: 'login', username, jwt, dnd: false })).body;
  }

  async poll(): Promise<PollBody['messages']> {
    return (await this.send({ action: 'ping' })).body.messages;
  }
}

test('67. login: a session and the first frames; then only what is new', async () => {
  await using site = await WebsiteRoom.open();
  const bob = await site.room.enter('bob');
  const poller = new Poller(site);
  const first = await poller.login('alice');
  expect(first).toMatchObject({ username: 'alice', session_id: expect.stringMatching(/^\S{20,}$/) });
  expect(first.messages.slice(0, 4).map(({ action }) => action)).toEqual(['me', 'who', 'echo', 'presence']);
  expect(await poller.poll()).toEqual([]);
  bob.send({ action: 'message', channel: 'lobby', message: 'hello *alice*' });
  await bob.fence();
  expect(await poller.poll()).toMatchObject([
    { action: 'message', username: 'bob', message: '<p>hello <em>alice</em></p>' },
  ]);
  expect(await poller.poll()).toEqual([]);
  const { body } = await poller.send({ action: 'message', channel: 'lobby', message: 'hello bob' });
  expect(body.messages).toMatchObject([{ action: 'message', username: 'alice' }]);
  await bob.fence();
  expect(bob.of('message').at(-1)).toMatchObject({ username: 'alice', message: '<p>hello bob</p>' });
});

test('67. a picture, a token, and a refused login', async () => {
  await using site = await WebsiteRoom.open();
  const poller = new Poller(site);
  const refused = await poller.login('alice', 'nonsense');
  expect(refused.session_id).toBeUndefined();
  expect(refused.messages).toMatchObject([{ action: 'error' }]);
  const entered = await poller.login('testbot', await signToken({ sub: 'alice' }));
  expect(entered.username).toBe('alice');
  const bytes = [...(await samplePng({ width: 4, height: 4 }))];
  const { body } = await poller.send({ action: 'file', channel: 'lobby', message: 'dot.png', bytes });
  expect(body.messages).toMatchObject([{ action: 'message', message: expect.stringContaining('data:image/png') }]);
});

test('67. W3: a wrong session concerns nobody but who made it up', async () => {
  await using site = await WebsiteRoom.open();
  const bob = await site.room.enter('bob');
  const alice = new Poller(site);
  await alice.login('alice');
  // That she came is known to him by then.
  await bob.fence();
  const tape = bob.tape();
  const guesses = [
    { username: 'bob', session_id: 'made-up' },
    { username: 'alice', session_id: 'made-up' },
    { username: 'alice', session_id: '' },
    { username: '', session_id: alice.session },
    { username: 'bob', session_id: alice.session },
  ];
  for (const guess of guesses) {
    const { status, body } = await site.api('/poll', {
      ...guess,
      msg: { action: 'message', channel: 'lobby', message: 'x' },
    });
    expect(status).toBe(400);
    expect((body.messages as PollBody['messages']).map(({ action }) => action)).toEqual(['error', 'disconnect']);
  }
  await bob.fence();
  expect(tape.frames).toEqual([]);
  expect((await alice.send({ action: 'ping' })).status).toBe(200);
});

test.each([
  { username: '', session_id: '', msg: { action: 'message', channel: 'lobby', message: 'hi' } },
  { username: '', session_id: '', msg: { action: 'ping' } },
  { username: '', session_id: '' },
  { username: 5, session_id: '', msg: { action: 'login' } },
  { msg: 'login' },
  [],
])('67. anything but a login comes first, or nonsense (%j): 400 with an error', async (request) => {
  await using site = await WebsiteRoom.open();
  const { status, body } = await site.api('/poll', request);
  expect(status).toBe(400);
  expect((body.messages as PollBody['messages'])[0]).toMatchObject({ action: 'error' });
});

test('67. who is kicked hears of it at the next request, and then it is over', async () => {
  await using site = await WebsiteRoom.open();
  const bob = await site.room.enter('bob');
  const alice = new Poller(site);
  await alice.login('alice');
  await site.admin('/api/disconnect/now', { Usernames: ['alice'], Message: 'Enough.', Kick: true });
  await bob.whoIs((who) => who.length === 1);
  const session = { username: alice.username, session_id: alice.session };
  const told = await alice.poll();
  expect(told.slice(-2)).toMatchObject([{ action: 'error' }, { action: 'disconnect' }]);
  const later = await site.api('/poll', { ...session, msg: { action: 'ping' } });
  expect(later.status).toBe(400);
});

test('67. W11: a busy room does not throw out who asks every few seconds', async () => {
  await using site = await WebsiteRoom.open();
  const bob = await site.room.enter('bob');
  const alice = new Poller(site);
  await alice.login('alice');
  for (let index = 0; index < 500; index++) bob.send({ action: 'message', channel: 'lobby', message: `line ${index}` });
  await bob.fence();
  const lines = (await alice.poll()).filter(({ action }) => action === 'message').map(({ message }) => message);
  expect(lines).toEqual(Array.from({ length: 500 }, (_, index) => `<p>line ${index}</p>`));
});
