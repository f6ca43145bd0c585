import { expect, test } from 'vitest';
import { GENERATIONS, type Guest, type RawFrame, settled, TestRoom } from '../../support/barertc.ts';

/** An order of keys and escapes that a second encoding of the JSON inside would not keep. */
const DESCRIPTION = String.raw`{"type":"offer",  "sdp":"v=0\r\no=- 1 2 IN IP4 127.0.0.1\r\n\u00e9","a":{"z":1,"b":1.0}}`;
const CANDIDATE = `{"sdpMid":"0","candidate":"candidate:1 1 udp 1 192.0.2.1 9 typ host","sdpMLineIndex":0}`;

async function errorOf(guest: Guest, act: () => void): Promise<RawFrame> {
  const error = guest.next({ action: 'error' });
  act();
  return error;
}

test.each(GENERATIONS)('48. Open (%s): ring to the broadcaster, open to the viewer', async (generation) => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice', { generation });
  const bob = await room.enter('bob', { generation });
  const carol = await room.enter('carol', { generation });
  alice.client.me({ videoActive: true });
  await settled(alice, bob, carol);
  const [alices, bobs, carols] = [alice.tape(), bob.tape(), carol.tape()];
  bob.client.open('alice');
  await settled(bob, alice, carol);
  const secret = expect.stringMatching(/^\S{8,}$/);
  expect(alices.frames).toEqual([{ action: 'ring', username: 'bob', openSecret: secret }]);
  expect(bobs.frames).toEqual([{ action: 'open', username: 'alice', openSecret: secret }]);
  expect(bobs.frames[0]?.openSecret).toBe(alices.frames[0]?.openSecret);
  expect(carols.frames).toEqual([]);
});

test.each([
  ['offline', 'nobody', /not in the room/],
  ['with the camera off', 'alice', /not sharing their camera/],
  ['oneself', 'bob', /yourself/],
  ['nobody at all', '', /not in the room/],
])('48. Open of somebody %s: an error, and nothing to anybody else', async (_, target, words) => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  bob.client.open(target);
  await settled(bob, alice);
  expect(bobs.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.stringMatching(words) }]);
  expect(alices.frames).toEqual([]);
});

test('49. sdp and candidate: relayed byte for byte, under the sender’s name, to their target alone', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const carol = await room.enter('carol');
  const [alices, bobs, carols] = [alice.tape(), bob.tape(), carol.tape()];
  bob.client.sdp('alice', DESCRIPTION);
  for (let count = 0; count < 40; count++) bob.client.candidate('alice', CANDIDATE);
  await settled(bob, alice, carol);
  expect(alices.frames).toEqual([
    { action: 'sdp', username: 'bob', description: DESCRIPTION },
    ...Array.from({ length: 40 }, () => ({ action: 'candidate', username: 'bob', candidate: CANDIDATE })),
  ]);
  expect([...bobs.frames, ...carols.frames]).toEqual([]);
});

test('49. sdp and candidate to somebody offline: silence', async () => {
  await using room = await TestRoom.open();
  const bob = await room.enter('bob');
  const bobs = bob.tape();
  bob.client.sdp('nobody', DESCRIPTION);
  bob.client.candidate('nobody', CANDIDATE);
  await bob.fence();
  expect(bobs.frames).toEqual([]);
});

test('50. watch and unwatch: relayed; of somebody who went, silence', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const carol = await room.enter('carol');
  alice.client.me({ video: 1 });
  await settled(alice, bob, carol);
  const [alices, bobs, carols] = [alice.tape(), bob.tape(), carol.tape()];
  // One for each track.
  bob.client.watch('alice');
  bob.client.watch('alice');
  bob.client.unwatch('alice');
  await settled(bob, alice, carol);
  expect(alices.frames).toEqual([
    { action: 'watch', username: 'bob' },
    { action: 'watch', username: 'bob' },
    { action: 'unwatch', username: 'bob' },
  ]);
  const gone = bob.next({ action: 'presence', username: 'alice' });
  await alice.client.close();
  await gone;
  for (let count = 0; count < 500; count++) bob.client.unwatch('alice');
  await settled(bob, carol);
  expect(bobs.of('error', 'unwatch')).toEqual([]);
  expect(carols.of('error', 'unwatch', 'watch')).toEqual([]);
});

test('51. /cut: the camera is off for everybody at once, also where its client does not know the word', async () => {
  await using room = await TestRoom.open();
  const olga = await room.enterAsOperator('olga');
  const bob = await room.enter('bob', { generation: 'seed-2023-03' });
  const alice = await room.enter('alice');
  bob.client.me({ videoActive: true });
  await settled(bob, olga, alice);
  expect(alice.row('bob')).toMatchObject({ video: 1 });
  const [bobs, olgas, alices] = [bob.tape(), olga.tape(), alice.tape()];
  olga.client.say('lobby', '/cut bob');
  await settled(olga, bob, alice);
  expect(bobs.frames[0]).toEqual({ action: 'cut' });
  expect(olgas.of('error')).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
  expect(alices.frames.map((frame) => frame.action)).toEqual(['who']);
  for (const guest of [olga, bob, alice]) expect(guest.row('bob')).toMatchObject({ video: 0, videoActive: false });
  // A client that obeys says so, and nothing changes.
  bob.client.me({ videoActive: false });
  await settled(bob, alice);
  expect(alice.row('bob')).toMatchObject({ video: 0 });
  // Again: there is nothing to cut.
  expect(await errorOf(olga, () => olga.client.say('lobby', '/cut bob'))).toMatchObject({
    message: expect.stringMatching(/not sharing/),
  });
});

test('52. /nsfw: error, then me with the bit to the one; who with the bit to all; again, already', async () => {
  await using room = await TestRoom.open({ moderation: { permit_explicit: true } });
  const olga = await room.enterAsOperator('olga');
  const bob = await room.enter('bob');
  const alice = await room.enter('alice');
  expect(await errorOf(olga, () => olga.client.say('lobby', '/nsfw bob'))).toMatchObject({
    message: expect.stringMatching(/not sharing/),
  });
  bob.client.me({ video: 5 });
  await settled(bob, olga, alice);
  const [bobs, olgas] = [bob.tape(), olga.tape()];
  olga.client.say('lobby', '/nsfw bob');
  await settled(olga, bob, alice);
  expect(bobs.frames.filter((frame) => frame.action !== 'who')).toEqual([
    { action: 'error', username: 'ChatServer', message: expect.stringMatching(/olga/) },
    {
      action: 'me',
      username: 'bob',
      video: 7,
      videoActive: true,
      nsfw: true,
      videoMutual: false,
      videoMutualOpen: false,
    },
  ]);
  for (const guest of [olga, bob, alice]) expect(guest.row('bob')).toMatchObject({ video: 7, nsfw: true });
  expect(olgas.of('error')).toHaveLength(1);
  expect(await errorOf(olga, () => olga.client.say('lobby', '/nsfw bob'))).toMatchObject({
    message: expect.stringMatching(/already/),
  });
});

test('52. /nsfw: who had booted the operator does not learn who it was', async () => {
  await using room = await TestRoom.open({ moderation: { permit_explicit: true } });
  const olga = await room.enterAsOperator('olga');
  const bob = await room.enter('bob');
  bob.client.me({ video: 1 });
  bob.client.boot('olga');
  await settled(bob, olga);
  const told = await errorOf(bob, () => olga.client.say('lobby', '/nsfw bob'));
  expect(told.message).not.toMatch(/olga/);
});
