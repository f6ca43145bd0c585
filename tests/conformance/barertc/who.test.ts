import { expect, test } from 'vitest';
import { type Guest, type RawFrame, settled, TestRoom } from '../../support/barertc.ts';

async function answerToOpen(viewer: Guest, broadcaster: string): Promise<RawFrame> {
  const answer = viewer.next((frame) => frame.action === 'open' || frame.action === 'error');
  viewer.client.open(broadcaster);
  return answer;
}

test('43. Invite: the bit in the row of who is invited, who may open without a camera of their own', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const carol = await room.enter('carol');
  alice.client.me({ video: 17 });
  alice.client.videoInvite(['bob']);
  await settled(alice, bob, carol);
  expect(bob.row('alice')).toMatchObject({ video: 17 | 128, videoActive: true, videoMutual: true });
  expect(carol.row('alice')).toMatchObject({ video: 17 });
  expect(alice.row('alice')).toMatchObject({ video: 17 });
  expect(await answerToOpen(bob, 'alice')).toMatchObject({ action: 'open', username: 'alice' });
  expect(await answerToOpen(carol, 'alice')).toMatchObject({ action: 'error', message: expect.any(String) });
  carol.client.me({ video: 1 });
  await settled(carol, alice);
  expect(await answerToOpen(carol, 'alice')).toMatchObject({ action: 'open', username: 'alice' });
});

test('43. Invite: the bit shows with the camera off too, and nobody can set it themselves', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const carol = await room.enter('carol');
  alice.client.videoInvite(['bob']);
  await settled(alice, bob);
  expect(bob.row('alice')).toMatchObject({ video: 128, videoActive: false });
  carol.client.me({ video: 1 | 128 });
  await settled(carol, bob);
  expect(bob.row('carol')).toMatchObject({ video: 1 });
});

test('44. VipOnly: off to guests, on to operators; guests cannot open it unless they are invited', async () => {
  await using room = await TestRoom.open();
  const olga = await room.enterAsOperator('olga');
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  alice.client.me({ video: 65 });
  await settled(alice, bob, olga);
  expect(bob.row('alice')).toMatchObject({ video: 0, videoActive: false });
  expect(olga.row('alice')).toMatchObject({ video: 65 });
  expect(alice.row('alice')).toMatchObject({ video: 65 });
  expect(await answerToOpen(bob, 'alice')).toMatchObject({ action: 'error' });
  expect(await answerToOpen(olga, 'alice')).toMatchObject({ action: 'open' });
  alice.client.videoInvite(['bob']);
  await settled(alice, bob);
  // The original's list and its check disagree here; ours do not.
  expect(bob.row('alice')).toMatchObject({ video: 65 | 128 });
  expect(await answerToOpen(bob, 'alice')).toMatchObject({ action: 'open' });
});

test('45. Hidden operator: seems to leave, is in no list, seems to come again', async () => {
  await using room = await TestRoom.open();
  const olga = await room.enterAsOperator('olga');
  const alice = await room.enter('alice');
  const alices = alice.tape();
  olga.client.me({ status: 'hidden' });
  await settled(olga, alice);
  expect(alices.frames).toEqual([
    { action: 'presence', username: 'olga', message: 'has exited the room!' },
    { action: 'who', whoList: [expect.objectContaining({ username: 'alice' })] },
  ]);
  expect(olga.whoNames).toEqual(['alice']);
  expect((await room.enter('bob')).whoNames).toEqual(['alice', 'bob']);

  const back = alice.tape();
  olga.client.me({ status: 'online' });
  await settled(olga, alice);
  expect(back.of('presence')).toEqual([{ action: 'presence', username: 'olga', message: 'has joined the room!' }]);
  expect(alice.whoNames).toEqual(['alice', 'bob', 'olga']);

  olga.client.me({ status: 'hidden' });
  await settled(olga, alice);
  const leaving = alice.tape();
  await olga.client.close();
  // Who is not there cannot leave. The newcomer's login is the fence: the close came before it.
  await room.enter('carol');
  expect(leaving.of('presence')).toEqual([{ action: 'presence', username: 'carol', message: 'has joined the room!' }]);
});

test('45. Hidden operator: watches a camera; signals pass both ways', async () => {
  await using room = await TestRoom.open();
  const olga = await room.enterAsOperator('olga');
  const alice = await room.enter('alice');
  alice.client.me({ video: 1 });
  olga.client.me({ status: 'hidden' });
  await settled(olga, alice);
  const alices = alice.tape();
  const olgas = olga.tape();
  olga.client.open('alice');
  olga.client.sdp('alice', '{"type":"offer"}');
  await settled(olga, alice);
  alice.client.sdp('olga', '{"type":"answer"}');
  alice.client.candidate('olga', '{"candidate":""}');
  await settled(alice, olga);
  expect(alices.frames.map((frame) => frame.action)).toEqual(['ring', 'sdp']);
  expect(olgas.frames.map((frame) => frame.action)).toEqual(['open', 'sdp', 'candidate']);
});

test('45. Hidden without being an operator: away to others, and echoed to oneself', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const bobs = bob.tape();
  alice.client.me({ status: 'hidden' });
  await settled(alice, bob);
  expect(bobs.of('presence')).toEqual([]);
  expect(bob.row('alice')).toMatchObject({ status: 'away' });
  expect(alice.row('alice')).toMatchObject({ status: 'hidden' });
});

test('46. me round trip: the list says exactly what was said, to everybody', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  alice.send({ action: 'me', video: 21, status: 'lunch', dnd: true });
  await settled(alice, bob);
  const line = {
    username: 'alice',
    status: 'lunch',
    video: 21,
    videoActive: true,
    nsfw: false,
    videoMutual: true,
    videoMutualOpen: false,
    loginAt: expect.any(Number),
    op: false,
    dnd: true,
  };
  expect(alice.row('alice')).toEqual(line);
  expect(bob.row('alice')).toEqual(line);
  // Nothing else comes of it: above all no `me`, which clients would answer.
  expect(alices.frames.map((frame) => frame.action)).toEqual(['who']);
  expect(bobs.frames.map((frame) => frame.action)).toEqual(['who']);
  // Any status, also one that nobody knows; camera bits of the future; what is false is left out.
  alice.send({ action: 'me', video: 1 | 256 | 4096, status: 'Fußball ⚽', dnd: false });
  await settled(alice, bob);
  const { dnd: _, ...rest } = line;
  expect(bob.row('alice')).toEqual({ ...rest, video: 4353, videoMutual: false, status: 'Fußball ⚽' });
  expect(alice.row('alice')).toEqual(bob.row('alice'));
});

test('46. me round trip: what was said with the login', async () => {
  await using room = await TestRoom.open();
  await room.enter('alice', { dnd: true });
  const bob = await room.enter('bob');
  expect(bob.row('alice')).toMatchObject({ dnd: true, status: 'online' });
  expect(bob.row('bob')).not.toHaveProperty('dnd');
});

test('46. me round trip: a new status of somebody does not shake others’ rows or cameras', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice', { generation: 'latest' });
  const bob = await room.enter('bob', { generation: 'latest' });
  alice.client.me({ video: 1, status: 'online' });
  await settled(alice, bob);
  const before = bob.row('alice');
  bob.client.me({ status: 'brb' });
  await settled(alice, bob);
  expect(bob.row('alice')).toEqual(before);
  expect(bob.row('bob')).toMatchObject({ status: 'brb' });
});

test('69. Old client: its booleans are flags to everybody, and flags are booleans to it', async () => {
  await using room = await TestRoom.open({ moderation: { permit_explicit: true } });
  const alice = await room.enter('alice', { generation: 'seed-2023-03' });
  const bob = await room.enter('bob', { generation: 'latest' });
  alice.send({ action: 'me', videoActive: true, nsfw: true });
  await settled(alice, bob);
  for (const guest of [alice, bob]) {
    expect(guest.row('alice')).toMatchObject({ video: 3, videoActive: true, nsfw: true, status: 'online' });
  }
  alice.send({ action: 'me', videoActive: false });
  await settled(alice, bob);
  for (const guest of [alice, bob]) {
    expect(guest.row('alice')).toMatchObject({ video: 0, videoActive: false, nsfw: false, status: 'online' });
  }
  bob.client.me({ video: 1 | 16 | 32 });
  await settled(bob, alice);
  expect(alice.row('bob')).toMatchObject({ videoActive: true, nsfw: false, videoMutual: true, videoMutualOpen: true });
  // The list is there even when there is nobody in it that could be shown: the old page needs it.
  for (const { whoList } of alice.of('who')) expect(whoList).toBeInstanceOf(Array);
});
