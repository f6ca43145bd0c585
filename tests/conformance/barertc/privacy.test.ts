import { describe, expect, test } from 'vitest';
import { type Guest, type RawFrame, settled, TestRoom } from '../../support/barertc.ts';

/** What an `open` is answered with. */
async function openError(viewer: Guest, broadcaster: string): Promise<RawFrame> {
  const error = viewer.next({ action: 'error' });
  viewer.client.open(broadcaster);
  return error;
}

/** Alice, on camera, and Bob. */
async function couple(room: TestRoom): Promise<readonly [alice: Guest, bob: Guest]> {
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  alice.client.me({ video: 1 });
  await settled(alice, bob);
  return [alice, bob];
}

describe('38. Mute', () => {
  test('38. Mute: the camera is off to the muted one, and on to its owner and others', async () => {
    await using room = await TestRoom.open();
    const [alice, bob] = await couple(room);
    const carol = await room.enter('carol');
    expect(bob.row('alice')).toMatchObject({ video: 1, videoActive: true });
    const bobs = bob.tape();
    alice.client.mute('bob');
    await settled(alice, bob, carol);
    expect(bobs.frames.map((frame) => frame.action)).toEqual(['who']);
    expect(bob.row('alice')).toMatchObject({ video: 0, videoActive: false });
    expect(alice.row('alice')).toMatchObject({ video: 1 });
    expect(carol.row('alice')).toMatchObject({ video: 1 });
    alice.client.unmute('bob');
    await settled(alice, bob);
    expect(bob.row('alice')).toMatchObject({ video: 1, videoActive: true });
  });

  test('38. Mute: the who list of the muted one is that of a camera which is off, byte for byte', async () => {
    await using room = await TestRoom.open();
    const [alice, bob] = await couple(room);
    alice.client.mute('bob');
    await settled(alice, bob);
    const muted = bob.who;
    alice.client.unmute('bob');
    alice.client.me({ video: 0 });
    await settled(alice, bob);
    expect(JSON.stringify(bob.who)).toBe(JSON.stringify(muted));
  });

  test('38. Mute: the one muted is not heard, hears, and gets their own copies', async () => {
    await using room = await TestRoom.open();
    const [alice, bob] = await couple(room);
    alice.client.mute('bob');
    await settled(alice, bob);
    const [alices, bobs] = [alice.tape(), bob.tape()];
    bob.client.say('lobby', 'does anybody hear me?');
    bob.client.direct('alice', 'you?');
    await settled(bob, alice);
    expect(alices.frames).toEqual([]);
    expect(bobs.frames).toEqual([
      expect.objectContaining({ action: 'message', channel: 'lobby', message: '<p>does anybody hear me?</p>' }),
      expect.objectContaining({ action: 'message', channel: '@alice', username: 'bob', message: '<p>you?</p>' }),
    ]);
    // A reaction to such a message, or its takeback, is nothing that Alice could understand.
    for (const { msgID } of bobs.of('message')) {
      bob.client.react(Number(msgID), '👍');
    }
    await settled(bob, alice);
    expect(alices.frames).toEqual([]);

    const heard = bob.next({ action: 'message', username: 'alice' });
    alice.client.say('lobby', 'hello all');
    expect(await heard).toMatchObject({ message: '<p>hello all</p>' });

    alice.client.unmute('bob');
    await settled(alice, bob);
    const again = alice.next({ action: 'message', username: 'bob', channel: '@bob' });
    bob.client.direct('alice', 'and now?');
    expect(await again).toMatchObject({ message: '<p>and now?</p>' });
  });

  test('38. Mute: who muted somebody is told so when writing to them', async () => {
    await using room = await TestRoom.open();
    const [alice, bob] = await couple(room);
    alice.client.mute('bob');
    await settled(alice, bob);
    const [alices, bobs] = [alice.tape(), bob.tape()];
    alice.client.direct('bob', 'by the way');
    await settled(alice, bob);
    expect(alices.frames).toEqual([
      expect.objectContaining({ action: 'message', channel: '@bob', message: '<p>by the way</p>' }),
      { action: 'error', username: 'ChatServer', message: expect.stringMatching(/muted bob/) },
    ]);
    expect(bobs.frames).toEqual([]);
  });

  test('38. Mute: who muted somebody does not hear them come or go, and sees it in the list', async () => {
    await using room = await TestRoom.open();
    const [alice, bob] = await couple(room);
    const carol = await room.enter('carol');
    alice.client.mute('bob');
    await settled(alice, bob, carol);
    const alices = alice.tape();
    const carols = carol.tape();
    bob.client.close();
    await carol.next({ action: 'presence', username: 'bob', message: 'has exited the room!' });
    await alice.whoIs((who) => !who.some((row) => row.username === 'bob'));
    await room.enter('bob');
    await alice.whoIs((who) => who.some((row) => row.username === 'bob'));
    await settled(alice, carol);
    expect(carols.frames.filter((frame) => frame.action === 'presence')).toHaveLength(2);
    expect(alices.frames.filter((frame) => frame.action === 'presence')).toEqual([]);
  });

  test('38. Mute: with the camera off there is nothing to see of it, not even a frame', async () => {
    await using room = await TestRoom.open();
    const alice = await room.enter('alice');
    const bob = await room.enter('bob');
    // The roster that came with the login is no news either.
    await room.enter('carol');
    const bobs = bob.tape();
    alice.client.mute('bob');
    alice.client.boot('bob');
    await settled(alice, bob);
    // Going on camera is what others see.
    alice.client.me({ video: 1 });
    alice.client.me({ video: 0 });
    await settled(alice, bob);
    expect(bobs.frames).toEqual([]);
  });
});

describe('39. Boot', () => {
  test('39. Boot and unboot: the camera is off, then on again; messages pass', async () => {
    await using room = await TestRoom.open();
    const [alice, bob] = await couple(room);
    const bobs = bob.tape();
    alice.client.boot('bob');
    await settled(alice, bob);
    expect(bobs.frames.map((frame) => frame.action)).toEqual(['who']);
    expect(bob.row('alice')).toMatchObject({ video: 0, videoActive: false });
    bob.client.say('lobby', 'hello');
    bob.client.direct('alice', 'psst');
    const alices = alice.tape();
    await settled(bob, alice);
    expect(alices.of('message')).toHaveLength(2);
    alice.client.unboot('bob');
    await settled(alice, bob);
    expect(bob.row('alice')).toMatchObject({ video: 1, videoActive: true });
  });

  test.each(['boot', 'mute'] as const)(
    '39. Open after a %s: the words of a camera that is off, no ring',
    async (relation) => {
      await using room = await TestRoom.open();
      const [alice, bob] = await couple(room);
      alice.client.me({ video: 0 });
      await settled(alice, bob);
      const off = await openError(bob, 'alice');
      alice.client.me({ video: 1 });
      alice.client[relation]('bob');
      await settled(alice, bob);
      const alices = alice.tape();
      const shutOut = await openError(bob, 'alice');
      expect(shutOut).toEqual(off);
      // Neither what the camera asks of viewers.
      alice.client.me({ video: 1 | 16 });
      await settled(alice, bob);
      expect(await openError(bob, 'alice')).toEqual(off);
      for (const action of ['watch', 'sdp', 'candidate']) {
        bob.send({ action, username: 'alice', description: '{}', candidate: '{}' });
      }
      await settled(bob, alice);
      expect(alices.of('ring', 'watch', 'sdp', 'candidate')).toEqual([]);
    },
  );
});

describe('40. Block', () => {
  test('40. Block: each is gone from the other’s list, and nothing passes either way', async () => {
    await using room = await TestRoom.open();
    const [alice, bob] = await couple(room);
    const carol = await room.enter('carol');
    alice.client.block('bob');
    await settled(alice, bob, carol);
    expect(alice.whoNames).toEqual(['alice', 'carol']);
    expect(bob.whoNames).toEqual(['bob', 'carol']);
    expect(carol.whoNames).toEqual(['alice', 'bob', 'carol']);
    carol.client.say('lobby', 'hello');
    const { msgID } = await carol.next({ action: 'message' });
    await settled(alice, bob, carol);

    for (const [one, other] of [
      [alice, bob],
      [bob, alice],
    ] as const) {
      const [ones, others] = [one.tape(), other.tape()];
      one.client.say('lobby', 'hello');
      one.client.react(Number(msgID), '👍');
      one.client.react(-451, 'carol');
      one.client.direct(other.name, 'psst');
      one.client.watch(other.name);
      one.client.unwatch(other.name);
      one.client.sdp(other.name, '{}');
      one.client.candidate(other.name, '{}');
      one.client.me({ video: 1, status: 'away' });
      await settled(one, other, carol);
      expect(others.frames).toEqual([]);
      // The own copy comes as if nothing were.
      expect(ones.of('message')).toHaveLength(2);
      expect(ones.of('error')).toEqual([]);
    }
    // Camera, presence of coming and going: the same as of somebody who is not there.
    const absent = await openError(bob, 'nobody');
    const blocked = await openError(bob, 'alice');
    expect({ ...blocked, message: String(blocked.message).replace('alice', 'nobody') }).toEqual(absent);
    const alices = alice.tape();
    const gone = carol.next({ action: 'presence', username: 'bob' });
    await bob.client.close();
    await gone;
    const again = await room.enter('bob');
    await settled(alice, again);
    expect(alices.of('presence', 'who')).toEqual([]);
    expect(again.whoNames).toEqual(['bob', 'carol']);
  });

  test('40. Block of an operator: an error, and no change', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const alice = await room.enter('alice');
    const [olgas, alices] = [olga.tape(), alice.tape()];
    alice.client.block('olga');
    await settled(alice, olga);
    expect(alices.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
    expect(olgas.frames).toEqual([]);
    expect(alice.whoNames).toEqual(['alice', 'olga']);
  });
});

test('41. Blocklist with 500 names: one frame, no error, one who list', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const present = ['block 7', 'block 8', 'block 9'];
  const blocked: Guest[] = [];
  for (const name of present) blocked.push(await room.enter(name));
  const olga = await room.enterAsOperator('block 10');
  const tapes = [alice, olga, ...blocked].map((guest) => guest.tape());
  alice.client.blocklist(Array.from({ length: 500 }, (_, index) => `block ${index}`));
  await settled(alice, olga, ...blocked);
  expect(alice.whoNames).toEqual(['alice', 'block 10']);
  for (const guest of blocked) expect(guest.whoNames).not.toContain('alice');
  for (const tape of tapes) {
    expect(tape.of('who').length).toBeLessThanOrEqual(2);
    expect(tape.frames.length).toBeLessThanOrEqual(3);
  }
  expect(tapes[0]?.of('error')).toEqual([]);
  // Repeated, as clients do on each `me`, it changes nothing.
  const again = [alice, ...blocked].map((guest) => guest.tape());
  alice.client.blocklist(present);
  await settled(alice, ...blocked);
  for (const tape of again) expect(tape.frames).toEqual([]);
});

describe('42. Operators and those who boot or mute them', () => {
  test('42. Operator booted: told so in the words that clients look for, and still sees the camera', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const alice = await room.enter('alice');
    alice.client.me({ video: 1 | 32 });
    await settled(alice, olga);
    const olgas = olga.tape();
    alice.client.boot('olga');
    await settled(alice, olga);
    expect(olgas.of('error')).toEqual([
      { action: 'error', username: 'ChatServer', message: 'alice has booted you off of their camera!' },
    ]);
    // Would open the viewer's camera in return: cleared, for that would tell.
    expect(olga.row('alice')).toMatchObject({ video: 1 });
    const alices = alice.tape();
    const opening = olga.tape();
    olga.client.open('alice');
    await settled(olga, alice);
    expect(alices.frames).toEqual([{ action: 'ring', username: 'olga', openSecret: expect.any(String) }]);
    expect(opening.frames).toEqual([
      {
        action: 'error',
        username: 'ChatServer',
        message: "alice had booted you off their camera before, and won't be notified of your watch.",
      },
      { action: 'open', username: 'alice', openSecret: expect.any(String) },
    ]);
    olga.client.sdp('alice', '{"type":"offer"}');
    await settled(olga, alice);
    expect(alices.of('sdp')).toHaveLength(1);
  });

  test('42. Operator muted: told so, heard all the same in direct messages', async () => {
    await using room = await TestRoom.open();
    const olga = await room.enterAsOperator('olga');
    const alice = await room.enter('alice');
    const bob = await room.enter('bob');
    const [olgas, bobs] = [olga.tape(), bob.tape()];
    alice.client.mute('olga');
    alice.client.mute('bob');
    alice.client.unmute('olga');
    await settled(alice, olga, bob);
    expect(olgas.of('error').map((frame) => frame.message)).toEqual([
      expect.stringMatching(/alice has muted you/),
      expect.stringMatching(/alice has unmuted you/),
    ]);
    // Nobody else is told.
    expect(bobs.of('error')).toEqual([]);
    alice.client.mute('olga');
    await settled(alice, olga);
    const heard = alice.next({ action: 'message', channel: '@olga' });
    olga.client.direct('alice', 'a word, please');
    await heard;
  });
});
