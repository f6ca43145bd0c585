import { describe, expect, test } from 'vitest';
import { type Guest, settled, TestRoom } from '../../support/barertc.ts';

async function told(operator: Guest, command: string): Promise<string> {
  const answer = operator.next({ action: 'error' });
  operator.client.say('lobby', command);
  return String((await answer).message);
}

describe('54. Commands', () => {
  test.each(['/kick bob', '/kick @bob', '/kick "bob"', '/kick BOB', "/kick @'bob' being rude"])(
    '54. %s: presence to all, error and disconnect to the target, whose socket the server closes',
    async (command) => {
      await using room = await TestRoom.open();
      const olga = await room.enterAsOperator('olga');
      const alice = await room.enter('alice');
      const bob = await room.enter('bob');
      const [alices, bobs, olgas] = [alice.tape(), bob.tape(), olga.tape()];
      olga.client.say('lobby', command);
      const { code } = await bob.closed();
      await settled(olga, alice);
      expect(code).toBe(1001);
      const kicked = { action: 'presence', username: 'bob', message: 'has been kicked from the room!' };
      expect(bobs.frames).toEqual([
        kicked,
        { action: 'error', username: 'ChatServer', message: expect.stringMatching(/kicked/) },
        { action: 'disconnect' },
      ]);
      if (command.includes('rude')) expect(bobs.frames[1]?.message).toContain('being rude');
      expect(alices.frames).toEqual([kicked, { action: 'who', whoList: expect.any(Array) }]);
      expect(alice.whoNames).toEqual(['alice', 'olga']);
      // Told to the operator last; the command itself is seen by nobody.
      expect(olgas.frames.map((frame) => frame.action)).toEqual(['presence', 'who', 'error']);
      // Kicked is not banned.
      expect((await room.enter('bob')).name).toBe('bob');
    },
  );

  test('54. Kick: what the target sent after it, on the same socket, has no effect', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const alice = await room.enter('alice');
    const bob = await room.enter('bob');
    const alices = alice.tape();
    const dismissed = bob.next({ action: 'disconnect' });
    olga.client.say('lobby', '/kick bob');
    await dismissed;
    bob.socket.send(JSON.stringify({ action: 'login', username: 'bob', jwt: '' }));
    bob.socket.send(JSON.stringify({ action: 'message', channel: 'lobby', message: 'I am back' }));
    await bob.closed();
    await settled(olga, alice);
    expect(alices.of('message')).toEqual([]);
    expect(alices.of('presence')).toHaveLength(1);
  });

  test.each(['/kick bob', '/ban bob', '/op mallory', '/cut bob', '/nsfw bob', '/kickall', '/bans', '/help'])(
    '54. %s of somebody who is no operator is words',
    async (command) => {
      await using room = await TestRoom.open();
      const mallory = await room.enter('mallory');
      const bob = await room.enter('bob');
      const bobs = bob.tape();
      mallory.client.say('lobby', command);
      await settled(mallory, bob);
      expect(bobs.frames).toEqual([expect.objectContaining({ action: 'message', message: `<p>${command}</p>` })]);
      expect(bob.whoNames).toEqual(['bob', 'mallory']);
      expect(bob.row('mallory')).toMatchObject({ op: false });
    },
  );

  test('54. /ban: presence, error and disconnect; the name is refused until /unban; /bans lists it', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const bob = await room.enter('Big Bob');
    const [bobs, olgas] = [bob.tape(), olga.tape()];
    olga.client.say('@nobody', '/ban "@Big Bob" 2 spam, again');
    expect((await bob.closed()).code).toBe(1001);
    expect(bobs.frames).toEqual([
      { action: 'presence', username: 'Big Bob', message: 'has been banned!' },
      { action: 'error', username: 'ChatServer', message: expect.stringMatching(/banned.*spam, again/) },
      { action: 'disconnect' },
    ]);
    await olga.fence();
    expect(olgas.of('presence', 'error').map((frame) => frame.action)).toEqual(['presence', 'error']);
    expect(await told(olga, '/bans')).toMatch(/Big Bob, until \d{4}-\d\d-\d\dT[\d:.]+Z, by olga: spam, again/);

    const refused = await room.connect('big bob');
    refused.client.login();
    expect((await refused.closed()).code).toBe(1001);
    expect(refused.frames).toEqual([
      { action: 'error', username: 'ChatServer', message: expect.stringMatching(/banned.*(2h0m0s|1h59m\d+s)/) },
      { action: 'disconnect' },
    ]);

    expect(await told(olga, '/unban "Big Bob"')).toMatch(/no longer banned/);
    expect(await told(olga, '/unban "Big Bob"')).toMatch(/not banned/);
    expect(await told(olga, '/bans')).toBe('Nobody is banned.');
    expect((await room.enter('Big Bob')).name).toBe('Big Bob');
  });

  test('54. /ban of somebody offline holds, also after a restart, for 24 hours unless said', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    expect(await told(olga, '/ban bob')).toMatch(/^bob has been banned/);
    await Promise.all([olga.closed(), room.server.restart()]);
    const bob = await room.connect('bob');
    bob.client.login();
    await bob.closed();
    expect(bob.frames[0]?.message).toMatch(/(24h0m0s|23h59m\d+s)/);
  });

  test('54. /op and /deop: the list says so, and so do the powers', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const bob = await room.enter('bob');
    await room.enter('eve');
    await told(olga, '/op @bob');
    await settled(olga, bob);
    expect(bob.row('bob')).toMatchObject({ op: true });
    expect(olga.row('bob')).toMatchObject({ op: true });
    expect(await told(bob, '/kick eve')).toMatch(/eve has been kicked/);
    await told(olga, '/deop bob');
    await settled(olga, bob);
    expect(bob.row('bob')).toMatchObject({ op: false });
    const olgas = olga.tape();
    bob.client.say('lobby', '/kick olga');
    await settled(bob, olga);
    expect(olgas.frames.map((frame) => frame.action)).toEqual(['message']);
  });

  test.each([
    ['/kick nobody', /nobody is not in the room/],
    ['/kick olga', /yourself/],
    ['/ban olga', /yourself/],
    ['/op nobody', /nobody is not in the room/],
    ['/cut nobody', /nobody is not in the room/],
    ['/nsfw nobody', /nobody is not in the room/],
    ['/unban nobody', /nobody is not banned/],
    ['/ban bob many', /Usage: /],
    ['/help', /\/kick NAME/],
    ['/help-advanced', /\/op NAME/],
  ])('54. %s: the operator alone is told', async (command, words) => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const bob = await room.enter('bob');
    const bobs = bob.tape();
    expect(await told(olga, command)).toMatch(words);
    await settled(olga, bob);
    expect(bobs.frames).toEqual([]);
  });

  test.each(['/dance bob', '/kick "bob', '/ kick bob'])('54. %s: no command, so a message', async (text) => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const bob = await room.enter('bob');
    const heard = bob.next({ action: 'message', username: 'olga' });
    olga.client.say('lobby', text);
    expect((await heard).message).toMatch(/^<p>\/ ?\w+ /);
    expect(bob.client.closed).toBeUndefined();
  });
});

describe('55. Arguments', () => {
  test.each(['/nsfw', '/cut', '/kick', '/ban', '/unban', '/op', '/deop', '/nsfw  ', '/cut @'])(
    '55. %j without a name: how it is used, and the server is alive',
    async (command) => {
      await using room = await TestRoom.open();
      const olga = await room.enterAsOperator('olga');
      expect(await told(olga, command)).toMatch(/^Usage: \//);
      const bob = await room.enter('bob');
      const heard = bob.next({ action: 'message' });
      olga.client.say('lobby', 'alive');
      await heard;
    },
  );

  test('55. /kickall: error and disconnect to all, the operator too', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const bob = await room.enter('bob', { generation: 'seed-2023-03' });
    const carol = await room.enter('carol', { generation: 'seed-2023-09' });
    const everybody = [olga, bob, carol];
    const tapes = everybody.map((guest) => guest.tape());
    olga.client.say('lobby', '/kickall closing time');
    const codes = await Promise.all(everybody.map(async (guest) => (await guest.closed()).code));
    expect(codes).toEqual([1001, 1001, 1001]);
    for (const tape of tapes) {
      expect(tape.frames).toEqual([
        { action: 'error', username: 'ChatServer', message: expect.stringMatching(/closing time/) },
        { action: 'disconnect' },
      ]);
    }
    expect((await room.enter('bob')).whoNames).toEqual(['bob']);
  });
});
