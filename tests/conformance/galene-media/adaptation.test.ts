import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { PacketFilter } from '../../../src/dialects/galene/client-lossy-link.ts';
import { Shaper } from '../../../src/media/testing/shaper.ts';
import { House } from './support/house.ts';
import type { Received } from './support/received.ts';
import { until } from './support/until.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

/** 100 and 700 kbit/s, as the web client sends them. */
const BOTH_SIZES = { audio: true, video: true, rids: ['h', 'l'] } as const;
const SHAPES = [{ payloadBytes: 970 }, { payloadBytes: 415, packetsPerFrame: 1 }];
/** 400 ms of it. */
const NARROW = { bitrate: 320_000, queueBytes: 16_000 } as const;
const WIDE = 10_000_000;

function through(shaper: Shaper): PacketFilter {
  return (packet, direction) => direction === 'out' || shaper.take(packet.length, performance.now());
}

function width(received: Received): number | undefined {
  return received.media.latest('video')?.width;
}

/** Pictures of this width, so many of them one after the other. */
async function steady(received: Received, wanted: number, pictures: number): Promise<void> {
  let since = received.shown;
  await until(() => {
    if (width(received) !== wanted) since = received.shown;
    return received.shown - since >= pictures;
  }, `${pictures} pictures of ${wanted}`);
}

describe('Galène: who gets which quality', () => {
  test('a narrow way gets the small picture without a stop, and everybody else the large one', async () => {
    const group = house.group();
    const shaper = new Shaper(NARROW);
    const ann = await house.enter(group, 'ann');
    const bob = await house.enter(group, 'bob', { peer: { passes: through(shaper) } });
    const carol = await house.enter(group, 'carol');
    for (const person of [bob, carol]) person.watch();
    const camera = await ann.publish({ tracks: BOTH_SIZES, media: { shapes: SHAPES } });
    const [bobs, carols] = [await bob.stream(camera.id), await carol.playing(camera.id)];
    await steady(carols, 1280, 20);
    const watching = performance.now();

    await steady(bobs, 640, 30);
    const settled = performance.now();
    const lost = shaper.lost;
    // Five seconds, in which nothing larger is tried yet.
    await steady(bobs, 640, 150);
    expect(bobs.longestFreeze(settled)).toBeLessThan(1_000);
    expect(shaper.lost - lost).toBeLessThan(10);

    // It is tried, does not fit, and is taken back.
    await until(() => width(bobs) === 1280, 'a try');
    const tried = performance.now();
    await steady(bobs, 640, 60);
    expect(bobs.longestFreeze(tried)).toBeLessThan(3_000);

    expect(width(carols)).toBe(1280);
    expect(carols.longestFreeze(watching)).toBeLessThan(1_000);
    expect(carols.media.latest('video')).toMatchObject({ lost: 0, broken: 0, pictureIdBreaks: 0 });
    // Nobody asked the publisher for less.
    expect(camera.allowed).toBeGreaterThan(800_000);
  });

  test('whose way narrows has the small picture after 3 seconds without any at most', async () => {
    const group = house.group();
    const shaper = new Shaper({ ...NARROW, bitrate: WIDE });
    const ann = await house.enter(group, 'ann');
    const bob = await house.enter(group, 'bob', { peer: { passes: through(shaper) } });
    bob.watch();
    const camera = await ann.publish({ tracks: BOTH_SIZES, media: { shapes: SHAPES } });
    const received = await bob.stream(camera.id);
    await steady(received, 1280, 30);
    shaper.bitrate = NARROW.bitrate;
    const narrowed = performance.now();
    await steady(received, 640, 30);
    expect(received.longestFreeze(narrowed)).toBeLessThan(3_000);
  });

  test('who has room again gets the large picture again', async () => {
    const group = house.group();
    const shaper = new Shaper(NARROW);
    const ann = await house.enter(group, 'ann');
    const bob = await house.enter(group, 'bob', { peer: { passes: through(shaper) } });
    bob.watch();
    const camera = await ann.publish({ tracks: BOTH_SIZES, media: { shapes: SHAPES } });
    const received = await bob.stream(camera.id);
    await steady(received, 640, 30);
    shaper.bitrate = WIDE;
    await steady(received, 1280, 120);
  });
});
