import { expect, test } from 'vitest';
import { GENERATIONS, type Guest, settled, TestRoom } from '../../support/barertc.ts';

/** What each generation's page reads of a row. */
const CAMERA = {
  latest: 'video',
  'seed-2023-09': 'video',
  'seed-2023-03': 'videoActive',
} as const;

test('70. The generations side by side: each sees the others’ cameras, words and goings in its own words', async () => {
  await using room = await TestRoom.open({ moderation: { permit_explicit: true } });
  const people: Guest[] = [];
  for (const generation of GENERATIONS) people.push(await room.enter(generation, { generation }));
  await settled(...people);
  const everybody = people.map((person) => [...person.whoNames]);
  expect(everybody).toEqual(people.map(() => [...GENERATIONS].sort()));

  // Each turns its camera on as its page does, and marks it as explicit.
  for (const [index, generation] of GENERATIONS.entries()) {
    const person = people[index];
    if (generation === 'seed-2023-03') person?.send({ action: 'me', videoActive: true, nsfw: true });
    else if (generation === 'seed-2023-09') person?.send({ action: 'me', video: 3, status: 'lunch', dnd: false });
    else person?.send({ action: 'me', video: 3 | 256, status: 'lunch', dnd: false });
  }
  await settled(...people);
  for (const [index, viewer] of GENERATIONS.entries()) {
    for (const owner of GENERATIONS) {
      const row = people[index]?.row(owner);
      expect(row, `${owner} as ${viewer} sees them`).toMatchObject({
        [CAMERA[viewer]]: CAMERA[viewer] === 'video' ? (owner === 'latest' ? 259 : 3) : true,
        nsfw: true,
        status: owner === 'seed-2023-03' ? 'online' : 'lunch',
      });
    }
  }

  // Each opens each other's camera, and signals pass as they are.
  for (const viewer of people) {
    for (const owner of people) {
      if (viewer === owner) continue;
      viewer.send({ action: 'open', username: owner.name });
      viewer.send({ action: 'sdp', username: owner.name, description: '{"sdp":"v=0","type":"offer"}' });
      owner.send({ action: 'candidate', username: viewer.name, candidate: '{"candidate":"x","sdpMid":"0"}' });
      viewer.send({ action: 'watch', username: owner.name });
    }
  }
  await settled(...people);
  for (const person of people) {
    const others = people.length - 1;
    for (const action of ['ring', 'open', 'sdp', 'candidate', 'watch']) {
      expect(person.of(action), `${action} for ${person.name}`).toHaveLength(others);
    }
    expect(person.of('sdp')[0]?.description).toBe('{"sdp":"v=0","type":"offer"}');
  }

  // Words in the channel and between two, and a camera that goes off.
  const [latest, middle, oldest] = people as [Guest, Guest, Guest];
  oldest.send({ action: 'message', channel: 'lobby', message: 'from *2023*' });
  middle.send({ action: 'message', channel: `@${oldest.name}`, message: 'between us' });
  oldest.send({ action: 'me', videoActive: false });
  await settled(...people);
  for (const person of people) {
    expect(person.of('message').find(({ channel }) => channel === 'lobby')).toMatchObject({
      username: oldest.name,
      message: '<p>from <em>2023</em></p>',
    });
    expect(person.row(oldest.name)).toMatchObject({ video: 0, videoActive: false, nsfw: false });
  }
  expect(oldest.of('message').at(-1)).toMatchObject({ channel: `@${middle.name}`, message: '<p>between us</p>' });
  expect(latest.of('message')).toHaveLength(1);
});
