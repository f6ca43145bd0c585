import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { RequestMap } from '../../../src/dialects/galene/client-frames.ts';
import { parseSdp } from '../../../src/dialects/galene/client-sdp.ts';
import { House } from './support/house.ts';
import type { Person } from './support/person.ts';
import type { Published } from './support/published.ts';
import type { Received } from './support/received.ts';
import { until } from './support/until.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

interface Watched {
  readonly ann: Person;
  readonly bob: Person;
  readonly camera: Published;
  readonly received: Received;
}

/** Ann's camera, and Bob, who sees it. */
async function watched(group = house.group()): Promise<Watched> {
  const ann = await house.enter(group, 'ann');
  const bob = await house.enter(group, 'bob');
  bob.watch();
  const camera = await ann.publish();
  return { ann, bob, camera, received: await bob.playing(camera.id) };
}

async function goesOn(received: Received): Promise<void> {
  const { shown, heard } = received;
  await until(() => received.shown > shown + 5 && received.heard > heard + 5, 'more pictures and sound');
}

/** What is sent of a stream now, by its last offer. */
function sending(person: Person, id: string): readonly string[] {
  const { sections } = parseSdp(person.told('offer', id).at(-1)?.sdp ?? '');
  return sections.flatMap(({ direction, kind }) => (direction === 'sendonly' ? [kind] : []));
}

describe('Galène: streams down', () => {
  test('34. an offer says whose stream it is, and it plays at once, without a keyframe that comes by itself', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    const bob = await house.enter(group, 'bob');
    bob.watch();
    const camera = await ann.publish();
    const offer = await bob.client.next({ type: 'offer', id: camera.id });
    const began = performance.now();
    expect(offer).toMatchObject({ label: 'camera', source: ann.client.id, username: 'ann' });
    expect(offer).not.toHaveProperty('replace');
    const { sections, transport } = parseSdp(offer.sdp ?? '');
    expect(transport.setup).toBe('actpass');
    expect(sections.map(({ direction }) => direction)).toEqual(['sendonly', 'sendonly']);
    expect(sections.map(({ codecs }) => codecs.map(({ name, payloadType }) => [name, payloadType]))).toEqual([
      [['opus', 111]],
      [
        ['VP8', 96],
        ['rtx', 97],
      ],
    ]);
    for (const { kind, msid, ssrcs, cname } of sections) {
      expect(msid?.[0]).toBe(camera.id);
      // With that of what is sent again (RFC 4588), of pictures.
      expect(ssrcs).toHaveLength(kind === 'video' ? 2 : 1);
      expect(cname).toBe(sections[0]?.cname);
    }
    const received = await bob.playing(camera.id);
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(received.media.latest('video')).toMatchObject({ lost: 0, broken: 0, pictureIdBreaks: 0, duplicates: 0 });
    expect(received.media.latest('video')).toMatchObject({ sequenceBreaks: 0, timestampBreaks: 0 });
    expect(ann.story(camera.id)).toEqual(['answer']);
  });

  test('35. who comes late has a keyframe asked for, and sees it', async () => {
    const { ann, camera, received } = await watched();
    await until(() => received.seen > 300, 'pictures of some seconds');
    const { keyframes = 0 } = camera.videos[0] ?? {};
    const plis = camera.reports.of('pli').length;
    const carol = await house.enter(ann.client.membership?.group ?? '', 'carol');
    const began = performance.now();
    carol.watch();
    const late = await carol.stream(camera.id);
    await until(() => late.shown > 0, 'a picture');
    // Within a second, where the machine has nothing else to do.
    expect(performance.now() - began).toBeLessThan(2_000);
    expect(camera.reports.of('pli').length).toBeGreaterThan(plis);
    expect(camera.videos[0]?.keyframes).toBeGreaterThan(keyframes);
    await goesOn(received);
    expect(received.media.latest('video')).toMatchObject({ lost: 0, broken: 0 });
  });

  test('36. what is requested is what comes: nothing, sound, the screen alone, and everything again', async () => {
    const { ann, bob, camera } = await watched();
    const screen = await ann.publish({ label: 'screenshare', tracks: { video: true } });
    const shared = await bob.stream(screen.id);
    await until(() => shared.shown > 5, 'the screen');
    expect(shared.stream.label).toBe('screenshare');

    bob.watch({ '': [] });
    for (const id of [camera.id, screen.id]) await bob.client.next({ type: 'close', id });
    expect(bob.client.streams.down.size).toBe(0);

    bob.watch({ '': ['audio'] });
    const sound = await bob.stream(camera.id);
    await until(() => sound.heard > 20, 'sound');
    expect(sending(bob, camera.id)).toEqual(['audio']);
    expect(sound.seen).toBe(0);
    await bob.client.ping();
    expect(bob.client.streams.down.has(screen.id)).toBe(false);

    bob.watch({ screenshare: ['audio', 'video'], '': ['audio'] });
    const again = await bob.stream(screen.id);
    await until(() => again.shown > 5, 'the screen alone');
    expect(sound.seen).toBe(0);

    bob.watch();
    await until(() => sound.shown > 5, 'the camera, on the connection that there was');
    expect(sending(bob, camera.id)).toEqual(['audio', 'video']);

    bob.watch({ '': ['audio'] });
    await until(() => sending(bob, camera.id).join() === 'audio', 'an offer without pictures');
    await bob.client.ping();
    const { seen, heard } = sound;
    await until(() => sound.heard > heard + 40, 'more sound');
    // Those that were on their way.
    expect(sound.seen).toBeLessThan(seen + 20);
    expect(bob.story(camera.id).filter((type) => type === 'close')).toHaveLength(1);
  });

  test('36. requesting what one has changes nothing', async () => {
    const { bob, camera, received } = await watched();
    const before = bob.story(camera.id);
    bob.watch();
    bob.watch({ '': ['video', 'audio'], screenshare: [] });
    await bob.client.ping();
    await goesOn(received);
    expect(bob.story(camera.id)).toEqual(before);
  });

  test('49. whose stream is closed, who aborts one, and who goes without a word', async () => {
    const { ann, bob, camera } = await watched();
    const carol = await house.enter(ann.client.membership?.group ?? '', 'carol');
    carol.watch();
    const carols = await carol.playing(camera.id);

    bob.client.streams.down.get(camera.id)?.abort();
    await bob.client.next({ type: 'close', id: camera.id });
    await goesOn(carols);
    bob.client.send({ type: 'abort', id: 'nobody’s' });
    await bob.client.next({ type: 'close', id: 'nobody’s' });

    camera.stream.close();
    await carol.client.next({ type: 'close', id: camera.id });
    await bob.client.ping();
    expect(bob.story(camera.id)).toEqual(['offer', 'close']);

    const other = await ann.publish();
    await carol.playing(other.id);
    void ann.client.drop();
    await carol.client.next({ type: 'close', id: other.id });
    await carol.client.next({ type: 'user', kind: 'delete', id: ann.client.id });
    expect(carol.client.streams.down.size).toBe(0);
    expect(carol.client.closed).toBeUndefined();
  });

  test('49. who leaves the group takes their streams with them', async () => {
    const { ann, bob, camera } = await watched();
    await ann.client.leave();
    await bob.client.next({ type: 'close', id: camera.id });
    await bob.client.next({ type: 'user', kind: 'delete', id: ann.client.id });
  });

  test('51. requests that change twenty times: one offer at a time is unanswered, and the end is what was wanted', async () => {
    const { bob, camera } = await watched();
    const wishes: readonly RequestMap[] = [{ '': ['audio'] }, { '': ['video'] }, { '': ['audio', 'video'] }];
    for (let time = 0; time < 20; time++) bob.watch(wishes[time % wishes.length]);
    bob.watch();
    await until(
      () => sending(bob, camera.id).join() === 'audio,video' && unanswered(bob, camera.id).at(-1) === 0,
      'rest',
    );
    const received = await bob.playing(camera.id);
    await goesOn(received);
    expect(Math.max(...unanswered(bob, camera.id))).toBe(1);
    expect(bob.told('offer', camera.id).length).toBeLessThan(12);
    expect(bob.story(camera.id)).not.toContain('close');
  });

  test('51. the same with nothing at all in between', async () => {
    const { bob, camera } = await watched();
    for (let time = 0; time < 20; time++) {
      bob.watch(time % 2 === 0 ? { '': [] } : { '': ['audio', 'video'] });
      if (time % 5 === 4) await bob.client.ping();
    }
    bob.watch();
    await bob.client.ping();
    const received = await bob.stream(camera.id);
    await until(() => received.shown > 5 || bob.client.streams.down.get(camera.id) !== received.stream, 'pictures');
    await goesOn(await bob.playing(camera.id));
    expect(Math.max(...unanswered(bob, camera.id))).toBe(1);
  });
});

/** How many offers of a stream were unanswered after each frame about it. */
function unanswered(person: Person, id: string): readonly number[] {
  let count = 0;
  return person.talk.flatMap(({ from, frame }) => {
    if (frame.id !== id) return [];
    if (frame.type === 'offer') count += 1;
    if (from === 'them' && frame.type === 'answer') count -= 1;
    if (from === 'server' && frame.type === 'close') count = 0;
    return [count];
  });
}
