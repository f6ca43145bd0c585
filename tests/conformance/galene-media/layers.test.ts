import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CODECS } from '../../../src/dialects/galene/client-codecs.ts';
import { parseRtp, type RtpPacket } from '../../../src/dialects/galene/client-rtp.ts';
import { syntheticTracks } from '../../../src/dialects/galene/client-synthetic-media.ts';
import { parseVp8Descriptor } from '../../../src/dialects/galene/client-video-payload.ts';
import { House } from './support/house.ts';
import { LayeredCamera, type LayeredPacket, readLayered } from './support/layered-camera.ts';
import { peerOf } from './support/published.ts';
import type { Received } from './support/received.ts';
import { until } from './support/until.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

/** Packets: some seconds of the lowest layers alone. */
const LOOK = 40;

interface Layer {
  readonly temporal: number;
  readonly spatial: number;
}

/** Packets of pictures as they come, with what their payload says of their layers. */
function layersOf<Read extends Layer>(received: Received, read: (payload: Buffer) => Read): (RtpPacket & Read)[] {
  const packets: (RtpPacket & Read)[] = [];
  received.peer.onRtp((bytes, transceiver) => {
    const packet = parseRtp(bytes);
    if (packet && transceiver?.kind === 'video' && packet.payload.length > 0) {
      packets.push({ ...packet, ...read(packet.payload) });
    }
  });
  return packets;
}

function readVp8(payload: Buffer): Layer {
  return { temporal: parseVp8Descriptor(payload)?.temporalLayer ?? 0, spatial: 0 };
}

/** Waits until these are the highest layers for a while, and gives the packets of that while. */
async function settled<Packet extends Layer>(
  packets: readonly Packet[],
  { temporal, spatial = 0 }: { readonly temporal: number; readonly spatial?: number },
): Promise<readonly Packet[]> {
  const latest = () => packets.slice(-LOOK);
  await until(() => {
    const some = latest();
    const top = (of: (packet: Packet) => number) => Math.max(...some.map(of));
    return some.length === LOOK && top((each) => each.temporal) === temporal && top((each) => each.spatial) === spatial;
  }, `temporal layer ${temporal} and spatial layer ${spatial}`);
  return latest();
}

/** The last packet of each picture has the marker, and no other. */
function expectMarkers(packets: readonly RtpPacket[]): void {
  const ends = packets.slice(0, -1).map(({ timestamp }, at) => timestamp !== packets[at + 1]?.timestamp);
  expect(packets.slice(0, -1).map(({ marker }) => marker)).toEqual(ends);
}

function expectWhole(received: Received): void {
  const { media } = received;
  expect(media.latest('video')).toMatchObject({ lost: 0, missing: 0, sequenceBreaks: 0, timestampBreaks: 0 });
  expect(media.latest('video')).toMatchObject({ pictureIdBreaks: 0, broken: 0, duplicates: 0 });
}

describe('Galène: layers', () => {
  test('44. of VP8 in three temporal layers, who has not room for all loses the highest first', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    const [bob, carol] = [await house.enter(group, 'bob'), await house.enter(group, 'carol')];
    for (const person of [bob, carol]) person.watch();
    const camera = await ann.publish({ media: { temporalLayers: 3 } });
    const [received, others] = [await bob.playing(camera.id), await carol.playing(camera.id)];
    const [packets, all] = [layersOf(received, readVp8), layersOf(others, readVp8)];
    await settled(packets, { temporal: 2 });
    // A quarter of 720 kbit/s is the lowest layer, half is two of them.
    received.media.limit(450_000);
    expectMarkers(await settled(packets, { temporal: 1 }));
    received.media.limit(250_000);
    expectMarkers(await settled(packets, { temporal: 0 }));
    await settled(all, { temporal: 2 });
    expect(width(received)).toBe(1280);
    received.media.limit(10_000_000);
    expectMarkers(await settled(packets, { temporal: 2 }));
    expectWhole(received);
    expectWhole(others);
    expect(others.media.latest('video')?.frames).toBeGreaterThan(received.media.latest('video')?.frames ?? 0);
  });

  test('44. of VP9 in two spatial and three temporal layers, temporal ones are lost first, then the spatial one', async () => {
    const peer = { codecs: { audio: [], video: [CODECS.vp9] } };
    const ann = await house.enter('vp9', 'ann', { peer });
    const bob = await house.enter('vp9', 'bob', { peer });
    bob.watch();
    const stream = ann.client.publish({ tracks: syntheticTracks({ video: true }) });
    await stream.answered;
    const camera = new LayeredCamera(peerOf(stream));
    const received = await bob.stream(stream.id);
    const packets = layersOf<LayeredPacket>(received, readLayered);
    await settled(packets, { temporal: 2, spatial: 1 });

    received.media.limit(400_000);
    const fewer = await settled(packets, { temporal: 1, spatial: 1 });
    expectMarkers(fewer);
    // Others refer to pictures by their ids, so that those are as they were: every second one, as the rest is left out.
    expect(steps(fewer)).toEqual(new Set([2]));
    received.media.limit(180_000);
    const few = await settled(packets, { temporal: 0, spatial: 1 });
    expectMarkers(few);
    expect(steps(few)).toEqual(new Set([4]));
    received.media.limit(90_000);
    expectMarkers(await settled(packets, { temporal: 0, spatial: 0 }));

    const { keyframes } = camera;
    received.media.limit(10_000_000);
    expectMarkers(await settled(packets, { temporal: 2, spatial: 1 }));
    expect(camera.keyframes).toBeGreaterThan(keyframes);
    expect(received.media.latest('video')).toMatchObject({ lost: 0, missing: 0, sequenceBreaks: 0, duplicates: 0 });
    expectRises(packets);
    camera.close();
  });
});

function width(received: Received): number | undefined {
  return received.media.latest('video')?.width;
}

/** From one picture to the next. */
function steps(packets: readonly LayeredPacket[]): ReadonlySet<number> {
  const ids = [...new Set(packets.map(({ pictureId }) => pictureId))];
  return new Set(ids.slice(1).map((id, at) => (id - (ids[at] ?? 0)) & 0x7fff));
}

/** More detail begins with a keyframe. */
function expectRises(packets: readonly LayeredPacket[]): void {
  const tops = new Map<number, { spatial: number; isKeyframe: boolean }>();
  for (const { pictureId, spatial, isKeyframe } of packets) {
    const before = tops.get(pictureId) ?? { spatial: 0, isKeyframe };
    tops.set(pictureId, { ...before, spatial: Math.max(before.spatial, spatial) });
  }
  const pictures = [...tops.values()];
  const rises = pictures.filter(({ spatial }, at) => at > 0 && spatial > (pictures[at - 1]?.spatial ?? 0));
  expect(rises.length).toBeGreaterThan(0);
  expect(rises.every(({ isKeyframe }) => isKeyframe)).toBe(true);
}
