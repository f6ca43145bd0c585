import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CODECS } from '../../../src/dialects/galene/client-codecs.ts';
import { parseSdp } from '../../../src/dialects/galene/client-sdp.ts';
import { House } from '../galene-media/support/house.ts';
import { until } from '../galene-media/support/until.ts';
import { Encoder } from './support/obs.ts';
import { offer } from './support/offers.ts';
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

const endpoint = (group: string) => `${house.server.url}/group/${group}/.whip`;

async function publish(...args: Parameters<typeof publishByWhip>) {
  const published = await publishByWhip(...args);
  open.push(published.publisher, published.media);
  return published;
}

describe('WHIP: publishing', () => {
  test.each([true, false])('52. members see somebody come, and what they send (trickle: %s)', async (trickle) => {
    const group = house.group();
    const bob = await house.enter(group, 'bob');
    bob.watch();
    await publish(endpoint(group), { trickle });
    const user = await bob.client.next({ type: 'user', kind: 'add', username: 'whip' });
    const { id = '' } = user;
    expect(id).toMatch(/^[0-9a-f]{32}$/);
    const received = await bob.playing(id);
    const [offer] = bob.told('offer', id);
    expect(offer).toMatchObject({ id, label: '', source: id, username: 'whip' });
    expect(parseSdp(offer?.sdp ?? '').sections.map(({ kind }) => kind)).toEqual(['audio', 'video']);
    expect(received.media.latest('video')).toMatchObject({ sequenceBreaks: 0 });
  });

  test('52. what OBS sends reaches them: H.264 and Opus, without trickle', async () => {
    const group = 'h264';
    const codecs = { audio: [CODECS.opus], video: [CODECS.h264] };
    const bob = await house.enter(group, 'bob', { peer: { codecs } });
    bob.watch();
    const encoder = await Encoder.begin(endpoint(group));
    const { id = '' } = await bob.client.next({ type: 'user', kind: 'add', username: 'whip' });
    const received = await bob.stream(id);
    await until(() => received.seen > 30 && received.heard > 30, 'packets of both');
    expect(parseSdp(encoder.answer).sections.map((section) => section.codecs.map(({ name }) => name))).toEqual([
      ['H264'],
      ['opus'],
    ]);
    expect(await encoder.close()).toBe(200);
    await bob.client.next({ type: 'user', kind: 'delete', id });
  });

  test('who has a TURN server’s candidate in the offer is told the side door in the answer', async () => {
    const host = async (candidates: string) => {
      const body = offer().replace('a=rtcp-mux\r\n', `a=rtcp-mux\r\n${candidates}`);
      const headers = { 'content-type': 'application/sdp' };
      const response = await fetch(endpoint(house.group()), { method: 'POST', headers, body });
      await fetch(new URL(response.headers.get('location') ?? '', house.server.url), { method: 'DELETE' });
      return new Set(
        [...(await response.text()).matchAll(/^a=candidate:\S+ 1 UDP \d+ \S+ (\d+) typ host/gim)].map(
          ([, port]) => port,
        ),
      );
    };
    expect((await host('')).size).toBe(1);
    const relay = 'a=candidate:1 1 udp 41885439 192.0.2.9 50000 typ relay raddr 0.0.0.0 rport 0\r\n';
    expect((await host(relay)).size).toBe(2);
  });

  test('an encoder whose pictures cannot be used is told so', async () => {
    const group = house.group();
    const bob = await house.enter(group, 'bob');
    await expect(Encoder.begin(endpoint(group))).rejects.toThrow('406: The codecs of the video are not taken here.');
    await bob.client.next({ type: 'user', kind: 'delete', username: 'whip' });
  });

  test('52. a restart goes on with the same stream', async () => {
    const group = house.group();
    const bob = await house.enter(group, 'bob');
    bob.watch();
    const { publisher, peer } = await publish(endpoint(group));
    const { id = '' } = await bob.client.next({ type: 'user', kind: 'add', username: 'whip' });
    const received = await bob.playing(id);
    const { etag } = publisher;
    await publisher.restart();
    expect(publisher.etag).not.toBe(etag);
    await until(() => peer.connectionState === 'connected', 'the new way');
    const { shown, heard } = received;
    await until(() => received.shown > shown + 20 && received.heard > heard + 20, 'pictures and sound');
    expect(bob.story(id).filter((type) => type === 'close' || type === 'offer')).toEqual(['offer']);
  });

  test('52. who deletes it is gone for all', async () => {
    const group = house.group();
    const bob = await house.enter(group, 'bob');
    bob.watch();
    const { publisher } = await publish(endpoint(group));
    const { id = '' } = await bob.client.next({ type: 'user', kind: 'add', username: 'whip' });
    await bob.playing(id);
    await publisher.close();
    await bob.client.next({ type: 'close', id });
    await bob.client.next({ type: 'user', kind: 'delete', id });
    const again = await fetch(publisher.resource, { method: 'DELETE' });
    expect(again.status).toBe(404);
  });

  test('a kick ends it', async () => {
    const group = house.group();
    const vimes = await house.enter(group, 'vimes');
    const { publisher } = await publish(endpoint(group));
    const { id = '' } = await vimes.client.next({ type: 'user', kind: 'add', username: 'whip' });
    vimes.client.send({
      type: 'useraction',
      kind: 'kick',
      dest: id,
      value: 'enough',
      source: vimes.client.id,
      username: 'vimes',
    });
    await vimes.client.next({ type: 'user', kind: 'delete', id });
    expect((await fetch(publisher.resource, { method: 'DELETE' })).status).toBe(404);
  });
});
