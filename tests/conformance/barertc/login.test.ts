import { expect, test } from 'vitest';
import { settled, TestRoom } from '../../support/barertc.ts';

test('5. Bad token: one error and no me; the socket stays open, and is not logged in', async () => {
  await using room = await TestRoom.open();
  const bob = await room.enter('bob');
  const bobs = bob.tape();
  const alice = await room.connect('alice', { jwt: 'eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiJhbGljZSIsIm9wIjp0cnVlfQ.AAAA' });
  alice.client.login();
  await alice.fence();
  expect(alice.frames).toEqual([
    { action: 'error', username: 'ChatServer', message: expect.stringMatching(/authentication/) },
  ]);
  alice.client.say('lobby', 'hello');
  await settled(alice, bob);
  expect(alice.frames.slice(1)).toEqual([
    { action: 'error', username: 'ChatServer', message: expect.stringMatching(/must log in/) },
  ]);
  expect(bobs.frames).toEqual([]);
  // Without a token the same socket may try again.
  alice.send({ action: 'login', username: 'alice', jwt: '' });
  await alice.next({ action: 'me', username: 'alice' });
});

test('6. No guests allowed, no token: an error, and in nobody’s list', async () => {
  await using room = await TestRoom.open({ guests: { allowed: false } });
  const alice = await room.connect('alice');
  alice.client.login();
  await alice.fence();
  expect(alice.frames).toEqual([
    { action: 'error', username: 'ChatServer', message: 'You must sign in to enter this room.' },
  ]);
  alice.client.say('lobby', 'hello');
  await alice.fence();
  expect(alice.of('error').at(-1)).toMatchObject({ message: 'You must log in first.' });
});

test.each(['', '   ', '\u200b\u202e', '<>&'])('9. Empty username (%j): anonymous', async (username) => {
  await using room = await TestRoom.open();
  const alice = await room.enter(username);
  expect(alice.frames[0]).toEqual(expect.objectContaining({ action: 'me', username: 'anonymous' }));
});

test('73. HTML username: nothing of it that a page could run, in any frame that another receives', async () => {
  await using room = await TestRoom.open();
  const victim = await room.enterAsOperator('victim');
  victim.client.me({ video: 1 });
  const victims = victim.tape();
  const attacker = await room.enter('<img src=x onerror="alert(1)">&<b>eve</b>');
  expect(attacker.name).not.toMatch(/[<>&"]/);
  attacker.client.direct('victim', 'hello');
  attacker.client.watch('victim');
  attacker.client.open('victim');
  attacker.client.mute('victim');
  attacker.client.boot('victim');
  await settled(attacker, victim);
  expect(victims.frames.map((frame) => frame.action)).toEqual(
    expect.arrayContaining(['who', 'presence', 'watch', 'ring', 'error', 'message']),
  );
  expect(JSON.stringify(victims.frames).replaceAll('<p>hello</p>', '')).not.toMatch(/[<>]/);
});

test.each(['ChatServer', 'chatserver', 'ChatClient'])('73. Username %s: refused, it is the server’s', async (name) => {
  await using room = await TestRoom.open();
  const guest = await room.connect(name);
  guest.client.login();
  await guest.fence();
  expect(guest.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
});

test('74. Unauthenticated: nothing that is sent without a login reaches anybody', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  alice.client.me({ video: 1 });
  alice.client.say('lobby', 'hello');
  const { msgID } = await alice.next({ action: 'message' });
  await alice.fence();
  const nobody = await room.connect('nobody');
  const alices = alice.tape();
  nobody.send({ action: 'react', msgID, message: '❤️' });
  nobody.send({ action: 'react', msgID: -451, message: 'alice' });
  nobody.send({ action: 'takeback', msgID });
  nobody.send({ action: 'open', username: 'alice' });
  nobody.send({ action: 'report', channel: 'lobby', username: 'alice', reason: 'x', message: 'y' });
  nobody.send({ action: 'message', channel: 'lobby', message: 'hello' });
  nobody.send({ action: 'message', channel: '@alice', message: 'hello' });
  nobody.send({ action: 'file', channel: 'lobby', message: 'x.png', bytes: [1, 2, 3] });
  await nobody.fence();
  // One refusal each, and none for what clients send by themselves.
  expect(nobody.frames).toHaveLength(8);
  for (const frame of nobody.frames) {
    expect(frame).toEqual({ action: 'error', username: 'ChatServer', message: 'You must log in first.' });
  }
  for (const action of ['sdp', 'candidate', 'watch', 'unwatch']) {
    nobody.send({ action, username: 'alice', description: '{}', candidate: '{}' });
    nobody.send({ action, username: '', description: '{}', candidate: '{}' });
  }
  nobody.send({ action: 'me', video: 1, status: 'online' });
  for (const action of ['mute', 'unmute', 'boot', 'unboot', 'block']) nobody.send({ action, username: 'alice' });
  nobody.send({ action: 'video-invite', usernames: ['alice'] });
  await settled(nobody, alice);
  expect(nobody.frames).toHaveLength(8);
  expect(alices.frames).toEqual([]);
});

test('A second login on the same socket is somebody who left and came again', async () => {
  await using room = await TestRoom.open();
  const bob = await room.enter('bob');
  const alice = await room.enter('alice');
  const bobs = bob.tape();
  alice.send({ action: 'login', username: 'alicia', jwt: '' });
  await alice.next({ action: 'me', username: 'alicia' });
  await settled(alice, bob);
  expect(bobs.of('presence')).toEqual([
    { action: 'presence', username: 'alice', message: 'has exited the room!' },
    { action: 'presence', username: 'alicia', message: 'has joined the room!' },
  ]);
  expect(bob.whoNames).toEqual(['alicia', 'bob']);
  // A login that fails changes nothing.
  alice.send({ action: 'login', username: 'mallory', jwt: 'x.y.z' });
  await settled(alice, bob);
  expect(bob.whoNames).toEqual(['alicia', 'bob']);
});

test('Logins on one socket, over and over: refused before the others get to see much of them', async () => {
  await using room = await TestRoom.open();
  const bob = await room.enter('bob');
  const alice = await room.enter('alice');
  const bobs = bob.tape();
  for (let count = 0; count < 300; count++) alice.send({ action: 'login', username: `alice ${count}`, jwt: '' });
  await settled(alice, bob);
  expect(alice.of('error').at(-1)?.message).toMatch(/too fast/);
  expect(bobs.of('presence').length).toBeLessThan(100);
});
