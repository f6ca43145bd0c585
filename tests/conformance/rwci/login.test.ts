import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { PASSWORD, Rwci, settled } from '../../support/rwci.ts';
import { startTestServer, type TestServer } from '../../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startTestServer();
});
afterAll(() => server.close());

describe('RWCI: logins', () => {
  test('1. a new name registers, and is told everything in order', async () => {
    const alice = await Rwci.enter(server, 'alice');
    expect(alice.packets).toEqual([
      { type: 'auth', success: true, status: 'Registered and logged in ok', new_account: true },
      { type: 'user_list', users: ['alice'] },
      { type: 'channel_list', channels: ['lobby', 'offtopic'] },
      { type: 'default_channel', channel: 'lobby' },
      { type: 'join', username: 'alice' },
    ]);
    expect(alice.client.isNewAccount).toBe(true);
    await alice.client.close();
  });

  test('2. who comes again is known', async () => {
    await (await Rwci.enter(server, 'again')).client.close();
    const again = await Rwci.enter(server, 'again');
    expect(again.of('auth')).toEqual([{ type: 'auth', success: true, status: 'Logged in ok', new_account: false }]);
    await again.client.close();
  });

  test('2. accounts outlive a restart, and their passwords are nowhere in clear', async () => {
    await using other = await startTestServer();
    await (await Rwci.enter(other, 'lasting')).client.close();
    await other.restart();
    const lasting = await Rwci.enter(other, 'lasting');
    expect(lasting.client.isNewAccount).toBe(false);
    await lasting.client.close();
    const wrong = await Rwci.connect(other, 'lasting');
    wrong.auth('lasting', 'another');
    await wrong.closed();
    expect(wrong.of('auth')).toMatchObject([{ success: false }]);
  });

  test('3. a wrong password is refused, the connection closed, and nobody hears of it', async () => {
    await (await Rwci.enter(server, 'victim')).client.close();
    const witness = await Rwci.enter(server, 'witness');
    const intruder = await Rwci.connect(server, 'victim');
    intruder.auth('victim', 'wrong');
    expect((await intruder.closed()).code).toBe(1000);
    expect(intruder.packets).toEqual([{ type: 'auth', success: false, status: 'Login failed', new_account: false }]);
    await witness.fence();
    expect(witness.packets.filter(({ type }) => type === 'join' || type === 'quit')).toEqual([
      { type: 'join', username: 'witness' },
    ]);
    await witness.client.close();
  });

  test('4. a second login of somebody connected is refused, and the first is untouched', async () => {
    const first = await Rwci.enter(server, 'twice');
    const witness = await Rwci.enter(server, 'witness4');
    const second = await Rwci.connect(server, 'twice');
    second.auth();
    await second.closed();
    expect(second.packets).toMatchObject([{ type: 'auth', success: false }]);
    first.client.say('still here');
    await witness.received({ type: 'message', author: 'twice', message: 'still here' });
    expect(witness.of('quit')).toEqual([]);
    for (const one of [first, witness]) await one.client.close();
  });

  test('5. one join to everybody else, and one to oneself; lists have all', async () => {
    const ann = await Rwci.enter(server, 'ann5');
    const bob = await Rwci.enter(server, 'bob5');
    await ann.received({ type: 'join', username: 'bob5' });
    await settled(ann, bob);
    expect(ann.of('join').map(({ username }) => username)).toEqual(['ann5', 'bob5']);
    expect(bob.of('join').map(({ username }) => username)).toEqual(['bob5']);
    expect(bob.of('user_list')).toEqual([{ type: 'user_list', users: ['ann5', 'bob5'] }]);
    for (const one of [ann, bob]) await one.client.close();
  });

  test('16. a second auth on a live connection fails, and harms nothing; extra fields are ignored', async () => {
    const ann = await Rwci.connect(server, 'ann16');
    ann.send({ type: 'auth', username: 'ann16', password: PASSWORD, version: 3, extra: { a: [] } });
    await ann.received({ type: 'join', username: 'ann16' });
    ann.clear();
    ann.auth('somebody', 'else');
    ann.send({ type: 'message', message: 'me still', channel: 'lobby', author: 'root', extra: true });
    expect(await ann.received({ type: 'message' })).toMatchObject({ author: 'ann16', message: 'me still' });
    expect(ann.of('auth')).toMatchObject([{ success: false }]);
    await ann.client.close();
  });

  test.each([
    ['a name of 33 characters', 'x'.repeat(33), 'pw'],
    ['a name with a newline', 'new\nline', 'pw'],
    ['an empty name', '', 'pw'],
    ['no name', undefined, 'pw'],
    ['a name that is no text', 7, 'pw'],
    ['a name of markup', '<b>bold</b>', 'pw'],
    ['a name with blanks around it', ' blank ', 'pw'],
    ['a name with two blanks together', 'a  b', 'pw'],
    ['a name with what is said otherwise in HTML', 'x&y', 'pw'],
    ['a name with what is not seen', 'a\u200bb', 'pw'],
    ['a name that begins as a mention', '@ann', 'pw'],
    ['a name that begins as a command', '/ann', 'pw'],
    ['a reserved name', 'ChatServer', 'pw'],
    ['an empty password', 'nopassword', ''],
    ['no password', 'nopassword', undefined],
    ['a password that is no text', 'nopassword', ['pw']],
    ['an endless password', 'nopassword', 'x'.repeat(257)],
  ])('22. %s is no login, and the connection is closed', async (_what, username, password) => {
    const nobody = await Rwci.connect(server, 'nobody');
    nobody.send({ type: 'auth', username, password });
    await nobody.closed();
    expect(nobody.packets).toMatchObject([{ type: 'auth', success: false }]);
  });

  test('22. 32 characters are a name', async () => {
    const long = await Rwci.enter(server, 'é'.repeat(32));
    expect(long.of('join')).toEqual([{ type: 'join', username: 'é'.repeat(32) }]);
    await long.client.close();
  });

  test('22. a name whose letters come in parts is the one with them whole, and its client reads it as it wrote it', async () => {
    const written = 'Zoë'.normalize('NFD');
    const zoe = await Rwci.enter(server, written);
    const witness = await Rwci.enter(server, 'witness22');
    expect(zoe.of('user_list')).toEqual([{ type: 'user_list', users: [written] }]);
    expect(zoe.of('join')[0]).toEqual({ type: 'join', username: written });
    expect(witness.of('user_list')[0]?.users).toContain('Zoë');
    zoe.client.say('hello');
    await witness.received({ type: 'message', author: 'Zoë' });
    await zoe.received({ type: 'message', author: written });
    witness.client.direct(written, 'psst');
    await zoe.received({ type: 'direct_message', author: 'witness22' });
    zoe.client.direct('Zoë', 'note to self');
    await zoe.received({ type: 'direct_message', author: written });
    zoe.send({ type: 'user_list' });
    await expect.poll(() => zoe.of('user_list').at(-1)?.users).toEqual(['witness22', written]);
    await zoe.client.close();
    await witness.received({ type: 'quit', username: 'Zoë' });
    const whole = await Rwci.enter(server, 'Zoë');
    expect(whole.client.isNewAccount).toBe(false);
    expect(whole.of('join')).toEqual([{ type: 'join', username: 'Zoë' }]);
    for (const one of [whole, witness]) await one.client.close();
  });

  test.each(['/', '/x/y', '/chat', '/any/path/at/all?with=query', '/ws'])('23. the path %s will do', async (path) => {
    const ann = await Rwci.enter(server, 'ann23', { path });
    await ann.client.close();
  });

  test('24. names that differ in case are one account, which comes as it is written', async () => {
    const lower = await Rwci.enter(server, 'case24');
    const second = await Rwci.connect(server, 'CASE24');
    second.auth();
    await second.closed();
    expect(second.of('auth')).toMatchObject([{ success: false }]);
    await lower.client.close();
    const upper = await Rwci.enter(server, 'CASE24');
    expect(upper.client.isNewAccount).toBe(false);
    expect(upper.of('user_list')[0]?.users).toContain('CASE24');
    upper.client.direct('case24', 'to myself');
    await upper.received({ type: 'direct_message', author: 'CASE24', message: 'to myself' });
    await upper.client.close();
  });

  test('nobody registers where the operator does not want it', async () => {
    await using closed = await startTestServer({ settings: { accounts: { registration: false } } });
    const ann = await Rwci.connect(closed, 'ann');
    ann.auth();
    await ann.closed();
    expect(ann.of('auth')).toMatchObject([{ success: false }]);
  });

  test('one address makes so many accounts in an hour, and those that are there go on', async () => {
    await using small = await startTestServer({ settings: { accounts: { per_hour_per_address: 2 } } });
    for (const name of ['one', 'two']) await (await Rwci.enter(small, name)).client.close();
    const third = await Rwci.connect(small, 'three');
    third.auth();
    await third.closed();
    expect(third.of('auth')).toMatchObject([{ success: false }]);
    await (await Rwci.enter(small, 'one')).client.close();
  });

  test('many wrong passwords, and no more are heard from there for a while', async () => {
    await using other = await startTestServer();
    await (await Rwci.enter(other, 'target')).client.close();
    for (let attempt = 0; attempt < 20; attempt++) {
      const guess = await Rwci.connect(other, 'target');
      guess.auth('target', `guess ${attempt}`);
      await guess.closed();
    }
    const right = await Rwci.connect(other, 'target');
    right.auth();
    await right.closed();
    expect(right.of('auth')).toMatchObject([{ success: false }]);
  });
});
