import { expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { GENERATIONS, settled, TestRoom } from '../../support/barertc.ts';

const WELCOMING = {
  rooms: [
    {
      name: 'lobby',
      channels: [
        { id: 'lobby', welcome: ['Welcome to *our* place!', 'Be kind.'] },
        { id: 'offtopic', welcome: ['Anything goes.'] },
      ],
    },
  ],
};

const CAMERA_OFF = { video: 0, videoActive: false, nsfw: false, videoMutual: false, videoMutualOpen: false };

function row(username: string) {
  return { username, status: 'online', ...CAMERA_OFF, loginAt: expect.any(Number), op: false };
}

test.each(GENERATIONS)(
  '1. Guest login (%s): me, who, echo, presence, then a welcome per channel',
  async (generation) => {
    await using room = await TestRoom.open(WELCOMING);
    const before = Math.floor(Date.now() / 1000);
    const alice = await room.enter('alice', { generation });
    const welcome = (channel: string, message: string) => ({
      action: 'error',
      username: 'ChatServer',
      channel,
      message,
    });
    expect(alice.frames.slice(0, 7)).toEqual([
      { action: 'me', username: 'alice', ...CAMERA_OFF },
      { action: 'who', whoList: [row('alice')] },
      { action: 'echo' },
      { action: 'presence', username: 'alice', message: 'has joined the room!' },
      welcome('lobby', '<p>Welcome to <em>our</em> place!</p>'),
      welcome('lobby', '<p>Be kind.</p>'),
      welcome('offtopic', '<p>Anything goes.</p>'),
    ]);
    // The latest client says its state by itself then, which everybody is shown.
    expect(alice.frames.slice(7).map((frame) => frame.action)).toEqual(generation === 'latest' ? ['who'] : []);
    expect(alice.row('alice')?.loginAt).toSatisfy(
      (at: number) => Number.isInteger(at) && at >= before && at <= Date.now() / 1000,
    );
  },
);

test('2. Second user: who, then presence, to those who were there', async () => {
  await using room = await TestRoom.open();
  const bob = await room.enter('bob');
  const bobs = bob.tape();
  const alice = await room.enter('Alice');
  await room.enter('alan');
  expect(bobs.frames).toEqual([
    // In the order of bytes: capitals first.
    { action: 'who', whoList: [row('Alice'), row('bob')] },
    { action: 'presence', username: 'Alice', message: 'has joined the room!' },
    { action: 'who', whoList: [row('Alice'), row('alan'), row('bob')] },
    { action: 'presence', username: 'alan', message: 'has joined the room!' },
  ]);
  expect(alice.frames.slice(0, 4)).toEqual([
    { action: 'me', username: 'Alice', ...CAMERA_OFF },
    { action: 'who', whoList: [row('Alice'), row('bob')] },
    { action: 'echo' },
    { action: 'presence', username: 'Alice', message: 'has joined the room!' },
  ]);
});

test('3. Duplicate guest name: the newcomer gets the next free one, the first keeps theirs', async () => {
  await using room = await TestRoom.open();
  const first = await room.enter('alice');
  const firsts = first.tape();
  const second = await room.enter('alice');
  const third = await room.enter('alice');
  expect(second.frames[0]).toEqual({ action: 'me', username: 'alice 2', ...CAMERA_OFF });
  expect(third.frames[0]).toEqual({ action: 'me', username: 'alice 3', ...CAMERA_OFF });
  expect(firsts.of('me', 'error', 'disconnect')).toEqual([]);
  first.client.say('lobby', 'still here');
  expect(await first.next({ action: 'message' })).toMatchObject({ username: 'alice' });
});

test('8. Pre-login resync: blocks, mutes and invitations said before the login hold from the first who on', async () => {
  await using room = await TestRoom.open();
  const bob = await room.enter('bob');
  const carol = await room.enter('carol');
  const dave = await room.enter('dave');
  const alice = await room.enter('alice', {
    generation: 'latest',
    blocklist: ['bob'],
    remembered: { boots: ['erin'], mutes: ['carol'], invites: ['dave'] },
  });
  expect(alice.of('error').filter((frame) => frame.channel === undefined)).toEqual([]);
  for (const { whoList } of alice.of('who')) {
    expect(whoList).not.toContainEqual(expect.objectContaining({ username: 'bob' }));
    expect(whoList).toContainEqual(expect.objectContaining({ username: 'carol' }));
  }
  const alices = alice.tape();
  for (const guest of [bob, carol, dave]) guest.client.say('lobby', `from ${guest.name}`);
  await settled(bob, carol, dave, alice);
  expect(alices.of('message').map((frame) => frame.username)).toEqual(['dave']);
  expect(bob.whoNames).toEqual(['bob', 'carol', 'dave']);
  expect(dave.row('alice')).toMatchObject({ video: 128 });
  expect(carol.row('alice')).toMatchObject({ video: 0 });
});

test('10. Logout: presence, then who without the one who left', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const alices = alice.tape();
  const gone = alice.next({ action: 'presence' });
  await bob.client.close(1000);
  await gone;
  await alice.fence();
  expect(alices.frames).toEqual([
    { action: 'presence', username: 'bob', message: 'has exited the room!' },
    { action: 'who', whoList: [row('alice')] },
  ]);
});

test('12. Client ping: no reply, no error', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const alices = alice.tape();
  alice.client.ping();
  await alice.fence();
  expect(alices.frames).toEqual([]);
});

test('13. Unknown action: an error to its sender alone', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const bobs = bob.tape();
  // `typing` is a word of the original's that no client says and no server knows.
  for (const action of ['dance', 'typing']) {
    const error = alice.next({ action: 'error' });
    alice.send({ action });
    expect(await error).toEqual({
      action: 'error',
      username: 'ChatServer',
      message: expect.stringMatching(/unsupported message type/i),
    });
  }
  await settled(alice, bob);
  expect(bobs.frames).toEqual([]);
});

const NOT_UNDERSTOOD: readonly (readonly [string, string | Uint8Array])[] = [
  ['no JSON', '{"action":"message"'],
  ['no object', '"message"'],
  ['a list', '[{"action":"message"}]'],
  ['no action', '{"username":"bob"}'],
  ['msgID as string', '{"action":"takeback","msgID":"1"}'],
  ['a message that is a number', '{"action":"message","channel":"lobby","message":1}'],
  ['usernames that are no list', '{"action":"blocklist","usernames":"bob"}'],
  ['video as fraction', '{"action":"me","video":1.5}'],
  ['a binary frame', Buffer.from('{"action":"message","channel":"lobby","message":"binary"}')],
];

test.each(NOT_UNDERSTOOD)('13. Malformed (%s): ignored, before and after the login', async (_, frame) => {
  await using room = await TestRoom.open();
  const bob = await room.enter('bob');
  const alice = await room.connect('alice');
  alice.socket.send(frame);
  await alice.login();
  await settled(alice, bob);
  const alices = alice.tape();
  const bobs = bob.tape();
  alice.socket.send(frame);
  await settled(alice, bob);
  expect(alices.frames).toEqual([]);
  expect(bobs.frames).toEqual([]);
});

test('14. Graceful restart: a close code after which clients come back, and everything as before', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const waiting = await room.connect('waiting');
  alice.client.say('lobby', 'before');
  await alice.next({ action: 'message' });
  const [closed, other] = await Promise.all([alice.closed(), waiting.closed(), room.server.restart()]);
  expect([closed.code, other.code]).toEqual([1012, 1012]);
  expect(alice.of('disconnect')).toEqual([]);
  const again = await room.enter('alice');
  expect(again.name).toBe('alice');
  expect(again.of('echo')).toEqual([
    { action: 'echo', messages: [expect.objectContaining({ username: 'alice', message: '<p>before</p>' })] },
  ]);
});

test('47. Startup: who comes with the login, right after the server started', async () => {
  await using room = await TestRoom.open();
  const alice = await room.connect('alice');
  await alice.login();
  await alice.fence();
  expect(alice.frames.slice(0, 2).map((frame) => frame.action)).toEqual(['me', 'who']);
  const bob = await room.enter('bob');
  expect(alice.of('presence').at(-1)).toMatchObject({ username: 'bob', message: 'has joined the room!' });
  expect(bob.whoNames).toEqual(['alice', 'bob']);
});

test.each(GENERATIONS)('72. Disconnect (%s): the server closes, with a code after which nobody returns', async (of) => {
  await using room = await TestRoom.open();
  const olga = await room.enterAsOperator('olga');
  const bob = await room.enter('bob', { generation: of });
  olga.client.say('lobby', '/kick bob');
  const { code } = await bob.closed();
  expect(bob.frames.slice(-2).map((frame) => frame.action)).toEqual(['error', 'disconnect']);
  // Only the latest client closes by itself, and may be quicker than the server.
  expect(of === 'latest' ? [1000, 1001, 1005] : [1001]).toContain(code);
  expect(bob.client.dismissed).toBe(true);
});

test('Transport: a frame that is too large ends the connection with 1009', async () => {
  await using room = await TestRoom.open();
  const alice = await room.connect('alice');
  alice.send({ action: 'blocklist', usernames: ['x'.repeat(1024 * 1024)] });
  expect((await alice.closed()).code).toBe(1009);
});

test('Transport: no compression, and no pages of other hosts', async () => {
  await using room = await TestRoom.open();
  const { wsUrl } = room.server;
  const { host } = new URL(wsUrl);
  const open = (origin?: string) =>
    new Promise<{ readonly extensions: string } | { readonly refused: string }>((resolve) => {
      const socket = new WebSocket(wsUrl, { perMessageDeflate: true, ...(origin === undefined ? {} : { origin }) });
      socket.on('open', () => resolve({ extensions: socket.extensions }));
      socket.on('error', (error) => resolve({ refused: error.message }));
    });
  expect(await open()).toEqual({ extensions: '' });
  expect(await open(`http://${host}`)).toEqual({ extensions: '' });
  expect(await open('https://elsewhere.example')).toEqual({ refused: expect.stringContaining('403') });
});
