import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CODECS } from '../../../src/dialects/galene/client-codecs.ts';
import { WhipError } from '../../../src/dialects/whip/client.ts';
import { House } from '../galene-media/support/house.ts';
import { until } from '../galene-media/support/until.ts';
import { ScriptedViewer } from './support/player.ts';
import { publishByWhip } from './support/publisher.ts';

let house: House;
const open: { close(): unknown }[] = [];

beforeAll(async () => {
  house = await House.open();
});
afterEach(async () => {
  for (const each of open.splice(0).reverse()) await each.close();
  await house.empty();
});
afterAll(() => house.close());

const endpoint = (group: string, query = '') => `${house.server.url}/group/${group}/.whep${query}`;
const POLL = { timeout: 30_000 };
/** Asked by what changes nothing. */
const isGone = async (url: string) => {
  const headers = { 'content-type': 'application/trickle-ice-sdpfrag' };
  return (await fetch(url, { method: 'PATCH', headers, body: '' })).status === 404;
};

async function play(...args: Parameters<typeof ScriptedViewer.begin>): Promise<ScriptedViewer> {
  const viewer = await ScriptedViewer.begin(...args);
  open.push(viewer);
  return viewer;
}

function playing(viewer: ScriptedViewer): Promise<unknown> {
  const { shown, heard } = viewer;
  return until(() => viewer.shown > shown + 20 && viewer.heard > heard + 20, 'pictures and sound');
}

async function refusal(...args: Parameters<typeof ScriptedViewer.begin>): Promise<WhipError> {
  const error: unknown = await play(...args).catch((reason: unknown) => reason);
  if (!(error instanceof WhipError)) throw new Error('It was not refused.', { cause: error });
  return error;
}

describe('WHEP: playing', () => {
  test.each([true, false])('a player is a member, and sees and hears (trickle: %s)', async (trickle) => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    await ann.publish();
    const viewer = await play(endpoint(group), { trickle });
    await ann.client.next({ type: 'user', kind: 'add', username: 'whep' });
    await playing(viewer);
    expect(viewer.media.latest('video')).toMatchObject({ sequenceBreaks: 0 });
  });

  test('what somebody publishes by WHIP is played by its label, which is empty', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    const encoder = await publishByWhip(`${house.server.url}/group/${group}/.whip`);
    open.push(encoder.publisher, encoder.media);
    await ann.publish();
    const viewer = await play(endpoint(group, '?label='));
    await playing(viewer);
    expect(await isGone(viewer.player.resource)).toBe(false);
    await encoder.publisher.close();
    await expect.poll(() => isGone(viewer.player.resource), POLL).toBe(true);
  });

  test.each([
    ['?stream=ID', true],
    ['?user=ANN', true],
    ['?user=ann&label=camera', true],
    ['?label=screenshare', false],
    ['?user=bob', false],
    ['?stream=nothing', false],
  ])('of what %s asks for, there is some: %s', async (query, isThere) => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    const { id } = await ann.publish();
    const url = endpoint(group, query.replace('ID', id));
    if (isThere) {
      await playing(await play(url));
      return;
    }
    expect(await refusal(url)).toMatchObject({ status: 404, retryAfter: 5 });
    // Nobody saw them come, as nobody saw them go.
    await bob.client.ping();
    expect(bob.talk.some(({ frame }) => frame.type === 'user' && frame.username === 'whep')).toBe(false);
  });

  test('a restart goes on with the same stream', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    await ann.publish();
    const viewer = await play(endpoint(group));
    await playing(viewer);
    const { etag } = viewer.player;
    await viewer.player.restart();
    expect(viewer.player.etag).not.toBe(etag);
    await playing(viewer);
  });

  test('who knows none of the codecs is told so', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    await ann.publish();
    const connection = { codecs: { audio: [CODECS.g722], video: [CODECS.av1] } };
    expect(await refusal(endpoint(group), { connection })).toMatchObject({ status: 406 });
    await ann.client.next({ type: 'user', kind: 'delete', username: 'whep' });
  });

  test.each(['kick', 'right that is taken', 'goodbye', 'replacement'] as const)(
    'it is over after a %s',
    async (what) => {
      const group = house.group();
      const ann = await house.enter(group, 'ann');
      const vimes = await house.enter(group, 'vimes');
      const camera = await ann.publish();
      const viewer = await play(endpoint(group));
      const { id } = await ann.client.next({ type: 'user', kind: 'add', username: 'whep' });
      await playing(viewer);
      const from = { source: vimes.client.id, username: 'vimes' };
      if (what === 'kick') vimes.client.send({ type: 'useraction', kind: 'kick', dest: id ?? '', value: '', ...from });
      if (what === 'right that is taken') {
        vimes.client.send({ type: 'useraction', kind: 'unpresent', dest: ann.client.id, ...from });
      }
      if (what === 'goodbye') camera.stream.close();
      if (what === 'replacement') await ann.publish({ replaces: camera.stream });
      await ann.client.next({ type: 'user', kind: 'delete', id: id ?? '' });
      expect(await isGone(viewer.player.resource)).toBe(true);
    },
  );

  test('who deletes it has left', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    await ann.publish();
    const viewer = await play(endpoint(group));
    const { id } = await ann.client.next({ type: 'user', kind: 'add', username: 'whep' });
    await viewer.close();
    await ann.client.next({ type: 'user', kind: 'delete', id: id ?? '' });
  });
});
