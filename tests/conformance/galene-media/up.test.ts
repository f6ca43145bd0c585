import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CODECS } from '../../../src/dialects/galene/client-codecs.ts';
import { DatachannelPeer } from '../../../src/dialects/galene/client-datachannel-peer.ts';
import type { TrackLike, TransceiverInit } from '../../../src/dialects/galene/client-peer.ts';
import { parseSdp } from '../../../src/dialects/galene/client-sdp.ts';
import { syntheticTracks } from '../../../src/dialects/galene/client-synthetic-media.ts';
import { House } from './support/house.ts';
import { until } from './support/until.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

/** As a browser offers: more than anybody here is to use (`spec/galene.md` 2.2). */
const MANY_CODECS = {
  audio: [CODECS.opus, CODECS.g722, CODECS.pcmu, CODECS.pcma],
  video: [CODECS.vp8, CODECS.rtx, CODECS.h264, CODECS.av1, CODECS.vp9],
};

describe('Galène: streams up', () => {
  test('31. a camera is answered and received, and reported on every second', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann', { peer: { codecs: MANY_CODECS } });
    const began = performance.now();
    const { reports, media, peer, id } = await ann.publish();
    const answer = parseSdp(ann.told('answer', id)[0]?.sdp ?? '');
    // With the start of the process that forwards; nobody waits for longer than a second after that.
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(answer.sections.map(({ mid, direction, isRefused }) => [mid, direction, isRefused])).toEqual([
      ['0', 'recvonly', false],
      ['1', 'recvonly', false],
    ]);
    expect(answer.sections.map(({ codecs }) => codecs.map(({ name, payloadType }) => [name, payloadType]))).toEqual([
      [['opus', 111]],
      [['VP8', 96]],
    ]);
    expect(answer.sections[0]?.codecs[0]?.feedback).toEqual([]);
    expect([...(answer.sections[1]?.codecs[0]?.feedback ?? [])].sort()).toEqual([
      'ccm fir',
      'goog-remb',
      'nack',
      'nack pli',
    ]);
    expect(answer.transport.setup).toBe('active');
    await until(() => peer.connectionState === 'connected', 'the connection');
    await until(() => reports.of('remb').length >= 4, 'four seconds of reports');
    const told = reports.of('receiver-report');
    const [first, last] = [told[0]?.at ?? 0, told.at(-1)?.at ?? 0];
    const interval = (last - first) / (told.length - 1);
    expect(interval).toBeGreaterThan(800);
    expect(interval).toBeLessThan(1_500);
    const ssrcs = media.statistics.map(({ ssrc }) => ssrc);
    // In the order in which their first packets came.
    const inOrder = (numbers: readonly number[]) => [...numbers].sort((a, b) => a - b);
    for (const { reports: blocks } of told.slice(1)) {
      expect(inOrder(blocks.map(({ ssrc }) => ssrc))).toEqual(inOrder(ssrcs));
    }
    // Who is watched by nobody may send so much (2.11), for pictures alone.
    for (const estimate of reports.of('remb')) {
      expect(estimate).toMatchObject({ bitrate: 204_800, ssrcs: [ssrcs[1]] });
      expect(told.map(({ at }) => at)).toContain(estimate.at);
    }
    expect(ann.story(id)).toEqual(['answer']);
  });

  test('32. the offer of who would also receive is answered with receiving, and taken', async () => {
    const group = house.group();
    const seed = await house.enter(group, 'seed', { generation: 'seed' });
    const gclient = await house.enter(group, 'gclient', { newPeer: (options) => new BothWays(options) });
    const bob = await house.enter(group, 'bob');
    bob.watch();
    for (const person of [seed, gclient]) {
      const { id, stream } = await person.publish();
      expect(stream.connection.localDescription?.sdp.match(/a=sendrecv/g)).toHaveLength(2);
      const { sections } = parseSdp(person.told('answer', id)[0]?.sdp ?? '');
      expect(sections.map(({ direction }) => direction)).toEqual(['recvonly', 'recvonly']);
      const received = await bob.playing(id);
      expect(received.stream).toMatchObject({ label: 'camera', source: person.client.id });
    }
  });

  test('33. who may not present is told so, and nobody hears of it', async () => {
    const group = house.group();
    const bob = await house.enter(group, 'bob');
    bob.watch();
    const detritus = await house.enter(group, 'detritus');
    const stream = detritus.client.publish({ tracks: syntheticTracks({ audio: true, video: true }), id: 'refused' });
    await detritus.client.next({ type: 'abort', id: 'refused' });
    const error = await detritus.client.next({ type: 'usermessage', kind: 'error' });
    expect(error).toMatchObject({ value: 'not authorised', privileged: true });
    await expect(stream.answered).rejects.toThrow('aborted');
    await detritus.client.ping();
    await bob.client.ping();
    expect(detritus.story('refused')).toEqual(['abort']);
    expect(bob.story('refused')).toEqual([]);
  });

  test('33. who may present no longer has their stream ended, and knows why', async () => {
    const group = house.group();
    const [vimes, ann, bob] = [
      await house.enter(group, 'vimes'),
      await house.enter(group, 'ann'),
      await house.enter(group, 'bob'),
    ];
    bob.watch();
    const { id } = await ann.publish();
    await bob.playing(id);
    vimes.client.userAction(ann.client.id, { kind: 'unpresent' });
    await ann.client.next({ type: 'abort', id });
    expect(await ann.client.next({ type: 'usermessage', kind: 'error' })).toMatchObject({ value: 'permission denied' });
    await bob.client.next({ type: 'close', id });
    expect(bob.story(id)).toEqual(['offer', 'close']);
  });

  test('33. a bad description ends the stream with an error, and nobody else’s', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    const bob = await house.enter(group, 'bob');
    bob.watch();
    const { id } = await ann.publish();
    const received = await bob.playing(id);
    for (const sdp of [
      '',
      'nonsense',
      'v=0\r\n',
      'v=0\r\no=- 1 1 IN IP4 0.0.0.0\r\ns=-\r\nt=0 0\r\nm=video 9 X 96\r\n',
    ]) {
      const { source, username } = { source: ann.client.id, username: 'ann' };
      ann.client.send({ type: 'offer', kind: '', id: `bad ${sdp.length}`, label: 'camera', source, username, sdp });
      await ann.client.next({ type: 'abort', id: `bad ${sdp.length}` });
      await ann.client.next({ type: 'usermessage', kind: 'error' });
    }
    const { shown } = received;
    await until(() => received.shown > shown + 10, 'more pictures');
    expect(bob.story(id)).toEqual(['offer']);
  });
});

/** Adds its tracks as those do who do not say that they will not receive. */
class BothWays extends DatachannelPeer {
  override addTransceiver(track: TrackLike, init: TransceiverInit) {
    return super.addTransceiver(track, { ...init, direction: 'sendrecv' });
  }
}
