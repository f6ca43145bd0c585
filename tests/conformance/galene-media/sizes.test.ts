import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { DatachannelTransceiver } from '../../../src/dialects/galene/client-datachannel-transceiver.ts';
import { systemTiming } from '../../../src/dialects/galene/client-options.ts';
import { isRtcp } from '../../../src/dialects/galene/client-rtp.ts';
import { parseSdp } from '../../../src/dialects/galene/client-sdp.ts';
import { SyntheticPublisher } from '../../../src/dialects/galene/client-synthetic-publisher.ts';
import { House } from './support/house.ts';
import type { Published } from './support/published.ts';
import type { Received } from './support/received.ts';
import { until } from './support/until.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

const BOTH_SIZES = { audio: true, video: true, rids: ['h', 'l'] } as const;
/** Under load a machine is late by itself; a size that is waited for in vain takes longer. */
const FREEZE_MS = 1_000;

function width(received: Received): number | undefined {
  return received.media.latest('video')?.width;
}

/** Waits for pictures of this width, and for more of them. */
async function showing(received: Received, expected: number): Promise<void> {
  await until(() => width(received) === expected, `pictures of ${expected}`);
  const { shown } = received;
  await until(() => received.shown > shown + 10, 'more of them');
}

function expectWhole(received: Received): void {
  expect(received.media.latest('video')).toMatchObject({ lost: 0, broken: 0, pictureIdBreaks: 0, duplicates: 0 });
  expect(received.media.latest('video')).toMatchObject({ sequenceBreaks: 0, timestampBreaks: 0 });
}

describe('Galène: sizes', () => {
  test('37. of one size, low is the same, nothing is nothing, and null is as before', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    bob.watch();
    const camera = await ann.publish();
    const received = await bob.playing(camera.id);
    const began = performance.now();
    for (const request of [['audio', 'video-low'], null, ['audio', 'video']] as const) {
      bob.client.requestStream(camera.id, request);
      const { shown } = received;
      await until(() => received.shown > shown + 10, 'more pictures');
      expect(width(received)).toBe(1280);
    }
    expect(received.longestFreeze(began)).toBeLessThan(FREEZE_MS);
    expectWhole(received);
    bob.client.requestStream(camera.id, []);
    await bob.client.next({ type: 'close', id: camera.id });
    bob.client.requestStream(camera.id, null);
    const again = await bob.playing(camera.id);
    expect(again).not.toBe(received);
  });

  test('37. a stream there is not hurts nobody', async () => {
    const group = house.group();
    const bob = await house.enter(group, 'bob');
    bob.watch();
    for (const request of [['video-low'], [], null] as const) bob.client.requestStream('gone', request);
    for (const type of ['close', 'renegotiate', 'answer', 'ice'] as const) {
      bob.client.send({
        type,
        id: 'gone',
        sdp: 'v=0',
        candidate: { candidate: 'candidate:1 1 udp 1 10.0.0.1 9 typ host' },
      });
    }
    await bob.client.ping();
    // To an answer, that there is no such stream (`spec/galene.md` 1.8).
    expect(bob.story('gone')).toEqual(['close']);
    expect(bob.client.closed).toBeUndefined();
  });

  test('37. with simulcast the size changes in place, there and back, without a freeze', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    bob.watch();
    const camera = await ann.publish({ tracks: BOTH_SIZES });
    const received = await bob.playing(camera.id);
    await showing(received, 1280);
    const began = performance.now();
    bob.client.requestStream(camera.id, ['audio', 'video-low']);
    await showing(received, 640);
    bob.client.requestStream(camera.id, ['audio', 'video']);
    await showing(received, 1280);
    bob.client.requestStream(camera.id, ['video-low']);
    await showing(received, 640);
    bob.client.requestStream(camera.id, null);
    await showing(received, 1280);
    expect(received.longestFreeze(began)).toBeLessThan(FREEZE_MS);
    expectWhole(received);
    expect(bob.story(camera.id)).not.toContain('close');
  });

  test.each([
    ['the large size comes first', false],
    ['the small size comes first', true],
  ])('38. with simulcast each gets the size they want: %s', async (_order, isSmallFirst) => {
    const group = house.group();
    const seen = new Map<number, number>();
    /** The first packets of the first SSRC are lost, so that the other one is there before. */
    let large: number | undefined;
    const passes = (packet: Buffer): boolean => {
      if (isRtcp(packet) || packet.readUInt32BE(8) !== large) return true;
      const count = (seen.get(large) ?? 0) + 1;
      seen.set(large, count);
      return count > 60;
    };
    const ann = await house.enter(group, 'ann', isSmallFirst ? { peer: { passes } } : {});
    const [bob, carol] = [await house.enter(group, 'bob'), await house.enter(group, 'carol')];
    bob.watch({ '': ['audio', 'video'] });
    carol.watch({ '': ['audio', 'video-low'] });
    const camera = await ann.publish({ tracks: BOTH_SIZES });
    [large] = camera.videos.map(({ ssrc }) => ssrc);
    const [, offered] = parseSdp(camera.stream.connection.localDescription?.sdp ?? '').sections;
    expect(offered).toMatchObject({ rids: ['h', 'l'], ssrcs: [], simulcast: 'send' });
    const [, answered] = parseSdp(ann.told('answer', camera.id)[0]?.sdp ?? '').sections;
    expect(answered).toMatchObject({ rids: ['h', 'l'], simulcast: 'recv' });
    const [bobs, carols] = [await bob.playing(camera.id), await carol.playing(camera.id)];
    await showing(bobs, 1280);
    await showing(carols, 640);
    expectWhole(carols);
    for (const received of [bobs, carols]) {
      const [, video] = parseSdp(received.peer.localDescription?.sdp ?? '').sections;
      expect(video?.rids).toEqual([]);
      expect(received.media.statistics.filter(({ kind }) => kind === 'video')).toHaveLength(1);
    }
    const ssrcs = camera.videos.map(({ ssrc }) => ssrc);
    await until(() => ssrcs.every((ssrc) => camera.media.remb?.ssrcs.includes(ssrc)), 'both in the estimate');
    expect(camera.media.remb?.ssrcs).toHaveLength(2);
  });

  test('39. with the third person the stream is replaced, in place', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    bob.watch();
    const plain = await ann.publish();
    const before = await bob.playing(plain.id);
    const swaps: (readonly [string, string | undefined])[] = [];
    bob.client.on('down', ({ stream, replaces }) => swaps.push([stream.id, replaces?.id]));
    const carol = await house.enter(group, 'carol');
    carol.watch();
    await carol.playing(plain.id);
    const began = before.shownAt.at(-1) ?? 0;
    const both = await ann.publish({ tracks: BOTH_SIZES, replaces: plain.stream });
    for (const person of [bob, carol]) {
      const received = await person.playing(both.id);
      await showing(received, 1280);
      expect(person.told('offer', both.id)[0]).toMatchObject({
        replace: plain.id,
        label: 'camera',
        source: ann.client.id,
      });
      expect(person.story(plain.id)).toEqual(['offer']);
      expect(person.client.streams.down.size).toBe(1);
    }
    expect(swaps).toEqual([[both.id, plain.id]]);
    const after = (await bob.stream(both.id)).shownAt[0] ?? Number.POSITIVE_INFINITY;
    expect(after - began).toBeLessThan(5_000);
    const dan = await house.enter(group, 'dan');
    dan.watch();
    await dan.playing(both.id);
    expect(dan.told('offer', both.id)[0]).not.toHaveProperty('replace');
  });

  test('40. of two videos, low is the last one, and changes in place', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    const carol = await house.enter(group, 'carol');
    bob.watch();
    carol.watch({ '': ['audio', 'video-low'] });
    const camera = await ann.publish();
    const [bobs, carols] = [await bob.playing(camera.id), await carol.playing(camera.id)];
    const credentials = parseSdp(camera.stream.connection.localDescription?.sdp ?? '').transport;
    await camera.stream.addTrack({ track: { kind: 'video', id: 'another' } });
    await until(() => ann.told('answer', camera.id).length === 2, 'another answer');
    const answer = parseSdp(ann.told('answer', camera.id)[1]?.sdp ?? '');
    expect(answer.sections.map(({ mid, direction }) => [mid, direction])).toEqual([
      ['0', 'recvonly'],
      ['1', 'recvonly'],
      ['2', 'recvonly'],
    ]);
    expect(parseSdp(camera.stream.connection.localDescription?.sdp ?? '').transport).toEqual(credentials);
    const third = await sendsAlso(camera);
    // Low is the last of the tracks, everything is the first (`spec/galene.md` 1.7).
    await until(() => width(carols) === 320, 'the third track');
    const { shown } = bobs;
    await until(() => bobs.shown > shown + 10, 'the second track');
    expect(width(bobs)).toBe(1280);
    expect(bobs.media.latest('video')).toMatchObject({ lost: 0, broken: 0 });
    expect(bob.story(camera.id)).toEqual(['offer']);
    // The codec is the same, so that nothing has to be negotiated.
    expect(carol.story(camera.id)).toEqual(['offer']);
    expectWhole(carols);
    third.close();
  });

  test('40. pictures that join the sound are offered to those who have the sound', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    bob.watch();
    const camera = await ann.publish({ tracks: { audio: true } });
    const received = await bob.stream(camera.id);
    await until(() => received.heard > 5, 'sound');
    await camera.stream.addTrack({ track: { kind: 'video', id: 'another' } });
    await until(() => ann.told('answer', camera.id).length === 2, 'another answer');
    const more = await sendsAlso(camera);
    await until(() => received.shown > 5, 'pictures');
    expect(bob.story(camera.id)).toEqual(['offer', 'offer']);
    expect(received.media.latest('audio')).toMatchObject({ lost: 0, sequenceBreaks: 0 });
    more.close();
  });
});

/** Small pictures on the track that was added last. */
async function sendsAlso({ peer }: Published): Promise<SyntheticPublisher> {
  const added = await until(() => peer.transceivers.at(-1)?.agreement && peer.transceivers.at(-1), 'the agreement');
  const { agreement }: DatachannelTransceiver = added;
  const [ssrc = 0] = agreement?.ssrcs ?? [];
  const id = agreement?.midExtension ?? 0;
  const media = new SyntheticPublisher({
    tracks: [
      {
        kind: 'video',
        payloadType: agreement?.codecs[0]?.payloadType ?? 0,
        layers: [{ ssrc, width: 320, height: 180, extensions: [{ id, value: Buffer.from(agreement?.mid ?? '') }] }],
      },
    ],
    ...{ cname: peer.cname, timing: systemTiming, random: Math.random, keyframeEveryMs: 0 },
    send: (packet) => peer.send(packet),
  });
  peer.onRtcp((packet) => media.receiveRtcp(packet));
  return media;
}
