import { createSocket } from 'node:dgram';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { GaleneClient, GaleneFrame } from '../../../src/dialects/galene/client.ts';
import type { DatachannelPeer } from '../../../src/dialects/galene/client-datachannel-peer.ts';
import { EVERYTHING } from '../../../src/dialects/galene/client-frames.ts';
import { writeRtcp } from '../../../src/dialects/galene/client-rtcp.ts';
import { writeRtp } from '../../../src/dialects/galene/client-rtp.ts';
import { House } from './support/house.ts';
import type { Person } from './support/person.ts';
import { until } from './support/until.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

const USELESS = [
  '',
  'nonsense',
  'candidate:1 1 udp 2113937151 0f2c7a6e-9a4e-4b4c-a7e3-9b0d3c8f1a11.local 51234 typ host generation 0',
  'candidate:2 1 tcp 1518280447 192.0.2.7 9 typ host tcptype active generation 0',
  'candidate:3 1 udp 2113937151 example.org 9 typ host',
  'candidate:4 1 udp 2113937151 192.0.2.7 70000 typ host',
  'candidate:5 2 udp 2113937151 192.0.2.7 0 typ relay raddr 0.0.0.0 rport 0',
  `candidate:6 1 udp 1 ${'x'.repeat(5_000)} 9 typ host`,
];

function trickle(client: GaleneClient, id: string): void {
  for (const candidate of USELESS) {
    client.send({ type: 'ice', id, candidate: { candidate, sdpMid: '1', sdpMLineIndex: 1 } });
    client.send({ type: 'ice', id, candidate: { candidate, sdpMid: 'nobody', sdpMLineIndex: 70_000 } });
    client.send({
      type: 'ice',
      id,
      candidate: { candidate, sdpMid: null, sdpMLineIndex: null, usernameFragment: 'zz' },
    });
  }
}

/** Where the server is to be reached, as it told of a stream. */
function portsOf(person: Person, id: string): readonly number[] {
  const lines = person.talk.flatMap(({ from, frame: { sdp = '', candidate, id: about } }) =>
    from === 'server' && about === id ? [...(sdp.match(/^a=candidate:.*$/gm) ?? []), candidate?.candidate ?? ''] : [],
  );
  return [...new Set(lines.flatMap((line) => Number(/ udp \d+ \S+ (\d+) typ host/i.exec(line)?.[1] ?? 0) || []))];
}

describe('Galène: candidates', () => {
  test('47. of all kinds, at all times, for streams there are and are not: nothing fails', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    bob.watch();
    for (const person of [ann, bob]) trickle(person.client, 'unknown');
    const publishing = ann.publish({ id: 'early' });
    // Beside the offer, and before anybody answered.
    trickle(ann.client, 'early');
    trickle(bob.client, 'early');
    await publishing;
    const offered = bob.client.next({ type: 'offer', id: 'early' });
    await offered;
    trickle(bob.client, 'early');
    trickle(ann.client, 'early');
    const received = await bob.playing('early');
    const { shown } = received;
    await until(() => received.shown > shown + 10, 'more pictures');
    for (const person of [ann, bob]) {
      await person.client.ping();
      expect(person.talk.filter(({ frame }) => frame.type === 'usermessage')).toEqual([]);
    }
    expect(bob.story('early')).toEqual(['offer']);
  });

  test('47. a receiver may say its own before it answers', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    const held: { answer: GaleneFrame | undefined; ice: number } = { answer: undefined, ice: 0 };
    const send = bob.client.send.bind(bob.client);
    bob.client.send = (frame) => {
      if (frame.type !== 'answer') return send(frame);
      held.answer = frame;
    };
    bob.watch();
    const { id } = await ann.publish();
    await until(
      () => held.answer && bob.talk.some(({ from, frame }) => from === 'them' && frame.type === 'ice'),
      'both',
    );
    await bob.client.ping();
    send(held.answer as GaleneFrame);
    await bob.playing(id);
  });

  test('47. none of the publisher’s at all: the server is found by those that it said', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    const send = ann.client.send.bind(ann.client);
    ann.client.send = (frame) => frame.type === 'ice' || send(frame);
    bob.watch();
    const { id } = await ann.publish();
    await bob.playing(id);
  });
});

describe('Galène: strangers', () => {
  test('packets of people who were not asked, and nonsense on the way, change nothing for others', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    const mallory = await house.enter(group, 'mallory');
    for (const person of [bob, mallory]) person.watch();
    const camera = await ann.publish();
    const [received, mallorys] = [await bob.playing(camera.id), await mallory.playing(camera.id)];
    const own = await mallory.publish();
    const began = performance.now();

    const ports = [...portsOf(ann, camera.id), ...portsOf(bob, camera.id)];
    expect(ports.length).toBeGreaterThan(1);
    const socket = createSocket('udp4');
    const ssrc = camera.videos[0]?.ssrc ?? 0;
    const rtp = (sequenceNumber: number) =>
      writeRtp({
        ...{ payloadType: 96, marker: true, sequenceNumber, timestamp: 1, ssrc },
        extensions: [],
        payload: Buffer.alloc(500, 9),
      });
    const noise = (length: number) => Buffer.from(Array.from({ length }, () => Math.floor(Math.random() * 256)));
    for (let time = 0; time < 300; time++) {
      for (const port of ports) {
        socket.send(rtp(time), port, '127.0.0.1');
        socket.send(noise(time), port, '127.0.0.1');
        socket.send(stun(time), port, '127.0.0.1');
      }
      // By a connection of their own: the SSRCs of others, headers that are cut short, packets of nothing.
      toss(own.peer, rtp(time));
      toss(own.peer, Buffer.concat([Buffer.of(0x9f, 96), noise(20 + (time % 60))]));
      toss(own.peer, Buffer.concat([Buffer.of(0x8f, 205, 0, time & 255), noise(time % 90)]));
      toss(mallorys.peer, Buffer.concat([Buffer.of(0x81, 200 + (time % 8), 0, time & 255), noise(time % 90)]));
      toss(mallorys.peer, writeRtcp([{ type: 'nack', sender: 1, ssrc, missing: [time, time + 7, time + 300] }]));
      toss(mallorys.peer, writeRtcp([{ type: 'remb', sender: 1, bitrate: 1, ssrcs: [ssrc] }]));
      if (time % 30 === 0) await new Promise((resolve) => setImmediate(resolve));
    }
    const { shown, heard } = received;
    await until(() => received.shown > shown + 30 && received.heard > heard + 30, 'pictures and sound');
    socket.close();
    expect(received.longestFreeze(began)).toBeLessThan(1_000);
    expect(received.media.latest('video')).toMatchObject({ broken: 0, sequenceBreaks: 0, timestampBreaks: 0 });
    // To who names the SSRCs of another connection, their words are of nothing.
    expect(camera.allowed).toBeGreaterThanOrEqual(512_000);
    expect(camera.videos[0]).toMatchObject({ nacked: 0 });
    for (const person of [ann, bob, mallory]) await person.client.ping();
    expect(bob.story(camera.id)).toEqual(['offer']);
  });

  test('a stream’s id is its publisher’s: nobody else offers, closes, restarts or answers it', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    const mallory = await house.enter(group, 'mallory');
    bob.watch();
    const camera = await ann.publish();
    const received = await bob.playing(camera.id);
    const { id } = camera;
    const self = { source: mallory.client.id, username: 'mallory', id };
    const sdp = camera.stream.connection.localDescription?.sdp ?? '';
    mallory.client.send({ type: 'offer', kind: '', label: 'camera', ...self, sdp });
    await mallory.client.next({ type: 'usermessage', kind: 'error' });
    mallory.client.send({ type: 'offer', kind: '', label: 'camera', ...self, id: 'theirs', replace: id, sdp });
    for (const type of ['close', 'renegotiate', 'abort', 'answer'] as const) mallory.client.send({ type, id, sdp });
    trickle(mallory.client, id);
    await mallory.client.ping();
    const { shown } = received;
    await until(() => received.shown > shown + 20, 'pictures');
    expect(ann.story(id)).toEqual(['answer']);
    expect(bob.story(id)).toEqual(['offer']);
  });

  test('who never answers keeps nobody waiting', async () => {
    const group = house.group();
    const [ann, bob] = [await house.enter(group, 'ann'), await house.enter(group, 'bob')];
    const mute = await house.enter(group, 'mute');
    mute.client.send = () => {};
    mute.client.sendText(JSON.stringify({ type: 'request', request: EVERYTHING }));
    const { id } = await ann.publish();
    await until(() => mute.told('offer', id).length > 0, 'an offer');
    bob.watch();
    await bob.playing(id);
    expect(mute.told('offer', id)).toHaveLength(1);
  });
});

/** Some nonsense is such that our own library will not encrypt it. */
function toss(peer: DatachannelPeer, packet: Buffer): void {
  try {
    peer.send(packet);
  } catch {
    // Another one will do.
  }
}

/** A request of a name that nobody has. */
function stun(seed: number): Buffer {
  const name = Buffer.from(`nobody${seed % 10}:stranger`.padEnd(16, 'x'));
  const head = Buffer.alloc(24);
  head.writeUInt16BE(1, 0);
  head.writeUInt16BE(4 + name.length, 2);
  head.writeUInt32BE(0x2112a442, 4);
  head.writeUInt32BE(seed, 8);
  head.writeUInt16BE(6, 20);
  head.writeUInt16BE(name.length, 22);
  return Buffer.concat([head, name]);
}
