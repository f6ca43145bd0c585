import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { parseSdp } from '../../../src/dialects/galene/client-sdp.ts';
import { House } from './support/house.ts';
import type { Person } from './support/person.ts';
import { until } from './support/until.ts';
import { Wall } from './support/wall.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

const NOTICED_MS = 60_000;

function ufragOf(sdp: string | undefined): string {
  return parseSdp(sdp ?? '').transport.ufrag;
}

function offers(person: Person, id: string): readonly string[] {
  return person.told('offer', id).map(({ sdp }) => ufragOf(sdp));
}

describe('Galène: ways that are lost', () => {
  test('46. all ways of a publisher and of a receiver are blocked: both get new ones', {
    timeout: 90_000,
  }, async () => {
    const group = house.group();
    const [annsWall, bobsWall] = [new Wall(), new Wall()];
    const ann = await house.enter(group, 'ann', { connect: (url) => annsWall.connect(url) });
    const bob = await house.enter(group, 'bob', { connect: (url) => bobsWall.connect(url) });
    const carol = await house.enter(group, 'carol');
    for (const person of [bob, carol]) person.watch();
    const anns = await ann.publish();
    const carols = await carol.publish();
    const [bobsOfAnn, bobsOfCarol] = [await bob.playing(anns.id), await bob.playing(carols.id)];
    const carolsOfAnn = await carol.playing(anns.id);
    const before = { ann: ufragOf(anns.peer.localDescription?.sdp), bob: offers(bob, carols.id) };
    // They are slower than the server to notice.
    for (const peer of [anns.peer, bobsOfAnn.peer, bobsOfCarol.peer]) peer.oniceconnectionstatechange = null;
    const untouched = [carol.story(anns.id), carol.story(carols.id)].map((story) => [...story]);
    annsWall.cut();
    bobsWall.cut();

    await until(() => ann.told('renegotiate', anns.id).length > 0, 'word to the publisher', NOTICED_MS);
    await until(() => ann.told('answer', anns.id).length > 1, 'the answer to a new offer');
    expect(ufragOf(anns.peer.localDescription?.sdp)).not.toBe(before.ann);
    const { shown } = carolsOfAnn;
    await until(() => carolsOfAnn.shown > shown + 20, 'Ann’s pictures again');

    await until(() => offers(bob, carols.id).length > 1, 'an offer of a new way', NOTICED_MS);
    expect(offers(bob, carols.id).at(-1)).not.toBe(before.bob[0]);
    for (const received of [bobsOfAnn, bobsOfCarol]) {
      const seen = received.shown;
      await until(() => received.shown > seen + 20, 'pictures at Bob’s');
    }
    // Who was not blocked has heard of nothing.
    expect([carol.story(anns.id), carol.story(carols.id)]).toEqual(untouched);
    for (const id of [anns.id, carols.id]) expect(bob.story(id)).not.toContain('close');
    annsWall.close();
    bobsWall.close();
  });

  test('46. a receiver that asks gets a new way, once however often it asks meanwhile', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    bob.watch();
    const { id } = await ann.publish();
    const received = await bob.playing(id);
    for (let time = 0; time < 5; time++) bob.client.send({ type: 'renegotiate', id });
    await until(() => offers(bob, id).length > 1, 'an offer');
    await until(() => received.peer.connectionState === 'connected', 'the new way');
    const { shown, heard } = received;
    await until(() => received.shown > shown + 20 && received.heard > heard + 20, 'pictures and sound');
    expect(new Set(offers(bob, id)).size).toBe(2);
    expect(offers(bob, id)).toHaveLength(2);
    expect(bob.story(id)).toEqual(['offer', 'offer']);
    expect(received.media.statistics.filter(({ kind }) => kind === 'video')).toHaveLength(1);
  });

  test('46. a publisher that looks for a new way gets it, and receivers hear of nothing', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    bob.watch();
    const camera = await ann.publish();
    const received = await bob.playing(camera.id);
    const before = ufragOf(ann.told('answer', camera.id)[0]?.sdp);
    await camera.stream.restart();
    await until(() => ann.told('answer', camera.id).length === 2, 'an answer');
    expect(ufragOf(ann.told('answer', camera.id)[1]?.sdp)).not.toBe(before);
    await until(() => camera.peer.connectionState === 'connected', 'the new way');
    const { shown } = received;
    await until(() => received.shown > shown + 20, 'pictures');
    expect(bob.story(camera.id)).toEqual(['offer']);
    expect(received.media.latest('video')).toMatchObject({ sequenceBreaks: 0, timestampBreaks: 0 });
  });
});
