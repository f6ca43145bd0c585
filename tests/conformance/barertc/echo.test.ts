import { expect, test } from 'vitest';
import { type Guest, TestRoom } from '../../support/barertc.ts';
import { samplePng } from '../../support/images.ts';

const CHANNELS = {
  rooms: [
    {
      name: 'lobby',
      channels: [
        { id: 'lobby', newcomer_messages: 10 },
        { id: 'vip', vip: true, newcomer_messages: 10 },
        { id: 'forgetful', newcomer_messages: 0 },
      ],
    },
  ],
};

async function post(guest: Guest, channel: string, text: string): Promise<number> {
  const own = guest.next({ action: 'message', username: guest.name });
  guest.client.say(channel, text);
  return Number((await own).msgID);
}

interface Item {
  readonly msgID: number;
  readonly message: string;
  readonly channel: string;
}

function echoOf(guest: Guest): readonly Item[] {
  return (guest.of('echo')[0]?.messages ?? []) as readonly Item[];
}

test('23. Echo: the last ten texts in order, complete, without images and what was taken back', async () => {
  await using room = await TestRoom.open(CHANNELS);
  const alice = await room.enter('alice');
  const ids: number[] = [];
  for (let number = 1; number <= 12; number++) ids.push(await post(alice, 'lobby', `text ${number}`));
  const picture = alice.next({ action: 'message' });
  alice.client.file('lobby', 'x.png', await samplePng({ width: 8, height: 8 }));
  await picture;

  const carol = await room.enter('carol');
  expect(echoOf(carol)).toEqual(
    ids.slice(2).map((msgID, index) => ({
      action: 'message',
      channel: 'lobby',
      username: 'alice',
      message: `<p>text ${index + 3}</p>`,
      msgID,
      timestamp: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)$/),
    })),
  );

  const gone = ids[6] ?? 0;
  alice.client.takeback(gone);
  await carol.next({ action: 'takeback', msgID: gone });
  const dave = await room.enter('dave');
  const left = echoOf(dave).map((item) => item.msgID);
  expect(left).not.toContain(gone);
  expect(left).toEqual(ids.filter((id) => id !== gone).slice(-10));
});

test('23. Echo: nothing of a VIP channel, of a channel without memory, of whom the newcomer blocked or muted', async () => {
  await using room = await TestRoom.open(CHANNELS);
  const olga = await room.enterAsOperator('olga');
  const alice = await room.enter('alice');
  const bob = await room.enter('bob');
  await post(olga, 'vip', 'secret');
  await post(alice, 'forgetful', 'soon forgotten');
  await post(alice, 'lobby', 'from alice');
  await post(bob, 'lobby', 'from bob');
  alice.client.direct('bob', 'in private');
  await alice.fence();

  const carol = await room.enter('carol');
  expect(echoOf(carol).map((item) => item.message)).toEqual(['<p>from alice</p>', '<p>from bob</p>']);
  const blocker = await room.enter('dave', { blocklist: ['alice'] });
  expect(echoOf(blocker).map((item) => item.message)).toEqual(['<p>from bob</p>']);
  const muter = await room.enter('erin', { generation: 'latest', remembered: { mutes: ['bob'] } });
  expect(echoOf(muter).map((item) => item.message)).toEqual(['<p>from alice</p>']);
  // And nothing from who blocked the newcomer.
  alice.client.block('frank');
  await alice.fence();
  expect(echoOf(await room.enter('frank')).map((item) => item.message)).toEqual(['<p>from bob</p>']);
});

test('26. VIP channel: read and written by operators, refused to others', async () => {
  await using room = await TestRoom.open(CHANNELS);
  const olga = await room.enterAsOperator('olga');
  const otto = await room.enterAsOperator('otto');
  const alice = await room.enter('alice');
  const alices = alice.tape();
  const heard = otto.next({ action: 'message', channel: 'vip' });
  const id = await post(olga, 'vip', 'among us');
  expect(await heard).toMatchObject({ username: 'olga', message: '<p>among us</p>', msgID: id });
  otto.client.react(id, '👍');
  await otto.next({ action: 'react' });
  await alice.fence();
  expect(alices.frames).toEqual([]);

  alice.client.say('vip', 'me too');
  alice.client.takeback(id);
  alice.client.react(id, '👍');
  const ottos = otto.tape();
  await alice.fence();
  await otto.fence();
  expect(alices.frames).toHaveLength(3);
  for (const frame of alices.frames) expect(frame).toMatchObject({ action: 'error', username: 'ChatServer' });
  expect(ottos.frames).toEqual([]);
});
