import { expect, test } from 'vitest';
import { GENERATIONS, settled, TestRoom } from '../../support/barertc.ts';

test.each(GENERATIONS)(
  '15. Public message (%s): the same HTML and msgID for everybody, the sender too',
  async (generation) => {
    await using room = await TestRoom.open();
    const alice = await room.enter('alice', { generation });
    const bob = await room.enter('bob', { generation });
    const [alices, bobs] = [alice.tape(), bob.tape()];
    alice.client.say('lobby', 'hello **x**');
    await settled(alice, bob);
    expect(alices.frames).toEqual([
      {
        action: 'message',
        channel: 'lobby',
        username: 'alice',
        message: '<p>hello <strong>x</strong></p>',
        msgID: expect.toSatisfy(Number.isSafeInteger),
      },
    ]);
    expect(bobs.frames).toEqual(alices.frames);
  },
);

test('15. Public message: ids rise, and stay below 2^53', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const alices = alice.tape();
  for (const text of ['one', 'two', 'three']) alice.client.say('lobby', text);
  await alice.fence();
  const ids = alices.of('message').map((frame) => Number(frame.msgID));
  expect(ids).toHaveLength(3);
  expect(ids).toEqual([...new Set(ids)].sort((a, b) => a - b));
});

test.each(['', '   \n\t', '<!-- a comment -->', '<script>alert(1)</script>'])(
  '16. Blank message (%j): nobody receives anything, not even an error',
  async (text) => {
    await using room = await TestRoom.open();
    const alice = await room.enter('alice');
    const bob = await room.enter('bob');
    const [alices, bobs] = [alice.tape(), bob.tape()];
    alice.client.say('lobby', text);
    alice.client.direct('bob', text);
    await settled(alice, bob);
    expect(alices.frames).toEqual([]);
    expect(bobs.frames).toEqual([]);
  },
);

test.each([
  ['a script', 'x <script>alert(1)</script>', /script|alert/],
  ['an iframe', 'x <iframe src="https://example.com"></iframe>', /iframe|example/],
  ['an event handler', 'x <b onclick="alert(1)" onerror=alert(2)>b</b>', /onclick|onerror|alert/],
  ['an image’s handler', 'x <img src=x onerror=alert(1)>', /<img|onerror/],
  ['a javascript: link', 'x [y](javascript:alert(1)) <a href="java&#115;cript:alert(1)">z</a>', /href/],
  ['a data: link', 'x [y](data:text/html,hello)', /href/],
  ['a style and a class', 'x <p style="position:fixed" class="modal" id="who">y</p>', /style=|class=|id=/],
  ['a form', 'x <form action="https://example.com"><input name="a"><button>y</button></form>', /<form|<input|<button/],
])('17. Markdown and HTML: %s is removed', async (_, text, danger) => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const received = bob.next({ action: 'message' });
  alice.client.say('lobby', text);
  const { message } = await received;
  expect(message).toContain('x');
  expect(message).not.toMatch(danger);
});

test('17. Markdown and HTML: links carry rel nofollow', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  alice.client.say('lobby', 'https://example.com/a [b](https://example.com/b) <a href="https://example.com/c">c</a>');
  const { message } = await alice.next({ action: 'message' });
  const links = String(message).match(/<a [^>]*>/g) ?? [];
  expect(links).toHaveLength(3);
  for (const link of links) expect(link).toMatch(/ rel="[^"]*\bnofollow\b/);
});

test('18. YouTube link: one player for the first of them, after the text', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  alice.client.say('lobby', 'see https://www.youtube.com/watch?v=dQw4w9WgXcQ and https://youtu.be/aaaaaaaaaaA');
  const { message } = await alice.next({ action: 'message' });
  expect(message).toMatch(/^<p>see /);
  expect(message).toMatch(/<iframe [^>]*src="https:\/\/www\.youtube\.com\/embed\/dQw4w9WgXcQ"[^>]*><\/iframe>$/);
  expect(String(message).match(/<iframe/g)).toHaveLength(1);
  expect(message).toMatch(/class="youtube-embed"/);
});

test.each(GENERATIONS)(
  '19. DM (%s): in the other’s channel for each side, same msgID, nothing for others',
  async (generation) => {
    await using room = await TestRoom.open();
    const alice = await room.enter('alice', { generation });
    const bob = await room.enter('bob', { generation });
    const carol = await room.enter('carol', { generation });
    const [alices, bobs, carols] = [alice.tape(), bob.tape(), carol.tape()];
    alice.client.direct('bob', 'psst');
    await settled(alice, bob, carol);
    const common = { action: 'message', username: 'alice', message: '<p>psst</p>', msgID: expect.any(Number) };
    expect(alices.frames).toEqual([{ ...common, channel: '@bob' }]);
    expect(bobs.frames).toEqual([{ ...common, channel: '@alice' }]);
    expect(bobs.frames[0]?.msgID).toBe(alices.frames[0]?.msgID);
    expect(carols.frames).toEqual([]);
  },
);

test('20. DM to somebody offline: own copy, then an error', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const alices = alice.tape();
  alice.client.direct('nobody', 'anyone?');
  await alice.fence();
  expect(alices.frames).toEqual([
    {
      action: 'message',
      channel: '@nobody',
      username: 'alice',
      message: '<p>anyone?</p>',
      msgID: expect.any(Number),
    },
    { action: 'error', username: 'ChatServer', message: 'nobody is not in the room.' },
  ]);
});

test('21. Self DM: the watchdog of bots hears itself', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const heard = alice.next({ action: 'message', channel: '@alice', username: 'alice' });
  alice.client.direct('alice', 'tick');
  expect(await heard).toMatchObject({ message: '<p>tick</p>', msgID: expect.any(Number) });
});

test.each([
  ['absent', {}],
  ['empty', { channel: '' }],
  ['nobody', { channel: '@' }],
  ['unknown', { channel: 'nowhere' }],
])('22. Message without a channel (%s): an error, and no message for anybody', async (_, channel) => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  alice.send({ action: 'message', message: 'hello', ...channel });
  await settled(alice, bob);
  expect(alices.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
  expect(bobs.frames).toEqual([]);
});

test('22. Message without a channel: commands of operators work', async () => {
  await using room = await TestRoom.open();
  const bot = await room.enterAsOperator('bot');
  const bob = await room.enter('bob');
  bot.client.mute('bob');
  await settled(bot, bob);
  const answer = bot.next({ action: 'error' });
  bot.send({ action: 'message', message: '/unmute-all' });
  expect((await answer).message).toMatch(/^1 /);
  const heard = bot.next({ action: 'message', username: 'bob' });
  bob.client.say('lobby', 'can you hear me?');
  await heard;
});

test('24. Takeback: own messages for everybody; those of others for operators only', async () => {
  await using room = await TestRoom.open();
  const olga = await room.enterAsOperator('olga');
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const everybody = [olga, alice, bob];
  const post = async (text: string): Promise<number> => {
    const own = alice.next({ action: 'message', username: 'alice' });
    alice.client.say('lobby', text);
    const { msgID } = await own;
    await settled(...everybody);
    return Number(msgID);
  };

  const first = await post('mine');
  const tapes = everybody.map((guest) => guest.tape());
  alice.client.takeback(first);
  await settled(...everybody);
  for (const tape of tapes) expect(tape.frames).toEqual([{ action: 'takeback', msgID: first }]);

  const second = await post('mine as well');
  const [olgas, alices, bobs] = [olga.tape(), alice.tape(), bob.tape()];
  bob.client.takeback(second);
  await settled(...everybody);
  expect(bobs.frames).toEqual([{ action: 'error', username: 'ChatServer', message: expect.any(String) }]);
  expect([...olgas.frames, ...alices.frames]).toEqual([]);

  const later = everybody.map((guest) => guest.tape());
  olga.client.takeback(second);
  await settled(...everybody);
  for (const tape of later) expect(tape.frames).toEqual([{ action: 'takeback', msgID: second }]);
});

test('24. Takeback of a direct message: told to its two sides only', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const carol = await room.enter('carol');
  alice.client.direct('bob', 'oops');
  const { msgID } = await bob.next({ action: 'message' });
  await settled(alice, bob, carol);
  const [alices, bobs, carols] = [alice.tape(), bob.tape(), carol.tape()];
  // What carol cannot see is not there for her.
  carol.client.takeback(Number(msgID));
  carol.client.react(Number(msgID), '👀');
  await settled(carol, alice, bob);
  for (const frame of carols.frames) expect(frame.message).toBe('That message is not there any more.');
  expect([...alices.frames, ...bobs.frames]).toEqual([]);
  alice.client.takeback(Number(msgID));
  await settled(alice, bob, carol);
  expect(alices.frames).toEqual([{ action: 'takeback', msgID }]);
  expect(bobs.frames).toEqual([{ action: 'takeback', msgID }]);
  expect(carols.of('takeback')).toEqual([]);
});

test('25. React: relayed to everybody, the same again to take it back', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  alice.client.say('lobby', 'hello');
  const { msgID } = await bob.next({ action: 'message' });
  await settled(alice, bob);
  const [alices, bobs] = [alice.tape(), bob.tape()];
  bob.client.react(Number(msgID), '❤️');
  bob.client.react(Number(msgID), '❤️');
  await settled(bob, alice);
  const reaction = { action: 'react', username: 'bob', msgID, message: '❤️' };
  expect(alices.frames).toEqual([reaction, reaction]);
  expect(bobs.frames).toEqual([reaction, reaction]);
});

test('25. React with msgID -451: the nudge is relayed like any other, to all but who does not hear its sender', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const carol = await room.enter('carol');
  carol.client.mute('bob');
  await settled(carol, bob);
  const [alices, bobs, carols] = [alice.tape(), bob.tape(), carol.tape()];
  bob.client.react(-451, 'alice');
  await settled(bob, alice, carol);
  const nudge = { action: 'react', username: 'bob', msgID: -451, message: 'alice' };
  expect(alices.frames).toEqual([nudge]);
  expect(bobs.frames).toEqual([nudge]);
  expect(carols.frames).toEqual([]);
});

test('29. Report without a webhook: an error to the reporter, nothing to anybody else', async () => {
  await using room = await TestRoom.open();
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  const [alices, bobs] = [alice.tape(), bob.tape()];
  alice.client.report({ channel: 'lobby', username: 'bob', timestamp: '', reason: 'Spam', message: 'x', comment: '' });
  await settled(alice, bob);
  expect(alices.frames).toEqual([
    { action: 'error', username: 'ChatServer', message: 'Reports are not enabled on this server.' },
  ]);
  expect(bobs.frames).toEqual([]);
});
