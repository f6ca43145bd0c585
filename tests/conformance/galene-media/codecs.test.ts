import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { CODECS, type Codec } from '../../../src/dialects/galene/client-codecs.ts';
import type { DatachannelPeer } from '../../../src/dialects/galene/client-datachannel-peer.ts';
import { RtpSender } from '../../../src/dialects/galene/client-rtp-sender.ts';
import { parseSdp } from '../../../src/dialects/galene/client-sdp.ts';
import { syntheticTracks } from '../../../src/dialects/galene/client-synthetic-media.ts';
import { House } from './support/house.ts';
import { peerOf } from './support/published.ts';
import { until } from './support/until.ts';

let house: House;

beforeAll(async () => {
  house = await House.open();
});
afterEach(() => house.empty());
afterAll(() => house.close());

interface Sample {
  readonly codec: Codec;
  readonly kind: 'audio' | 'video';
  /** In the server's own offers (`spec/galene.md` 2.7). */
  readonly payloadType: number;
  /** The beginning of a picture that needs no other, as it is known by its first bytes; or of any sound. */
  readonly start: readonly number[];
}

const SAMPLES: Readonly<Record<string, Sample>> = {
  // B and E without P; N of a new sequence; a sequence parameter set, then a slice of an IDR picture.
  vp9: { codec: CODECS.vp9, kind: 'video', payloadType: 98, start: [0x0c] },
  av1: { codec: CODECS.av1, kind: 'video', payloadType: 35, start: [0x18, 0x0a] },
  h264: { codec: CODECS.h264, kind: 'video', payloadType: 108, start: [0x78, 0, 2, 0x67, 0x42, 0, 2, 0x65, 0x88] },
  pcmu: { codec: CODECS.pcmu, kind: 'audio', payloadType: 0, start: [] },
};
const PUBLISHERS_OWN = 121;

/** Sends a packet that stands for itself, every few milliseconds. Returns what stops it. */
function sending(peer: DatachannelPeer, { start }: Sample): () => void {
  const [transceiver] = peer.transceivers;
  const [codec] = transceiver?.agreement?.codecs ?? [];
  const [ssrc = 0] = transceiver?.agreement?.ssrcs ?? [];
  const { payloadType = 0, clockRate = 0 } = codec ?? {};
  const sender = new RtpSender({
    ...{ ssrc, payloadType, clockRate, extensions: [], random: Math.random },
    send: (packet) => peer.send(packet),
  });
  const payload = Buffer.concat([Buffer.from(start), Buffer.alloc(200, 0x11)]);
  const timer = setInterval(() => sender.send({ at: performance.now(), marker: true, payload }), 10);
  return () => clearInterval(timer);
}

describe('Galène: codecs of groups', () => {
  test.each(Object.keys(SAMPLES))(
    '50. in a group of %s that is what is taken, and offered by the usual number',
    async (name) => {
      const sample = SAMPLES[name] as Sample;
      const { codec, kind, payloadType } = sample;
      // Fixed numbers are fixed.
      const own = codec.payloadType < 96 && kind === 'audio' ? codec : { ...codec, payloadType: PUBLISHERS_OWN };
      const lists =
        kind === 'audio' ? { audio: [CODECS.opus, own], video: [] } : { audio: [], video: [CODECS.vp8, own] };
      const known = kind === 'audio' ? { audio: [codec], video: [] } : { audio: [], video: [codec] };
      const ann = await house.enter(name, 'ann', { peer: { codecs: lists } });
      const bob = await house.enter(name, 'bob', { peer: { codecs: known } });
      const carol = await house.enter(name, 'carol');
      for (const person of [bob, carol]) person.watch();
      const stream = ann.client.publish({ tracks: syntheticTracks({ [kind]: true }) });
      await stream.answered;
      const answer = parseSdp(ann.told('answer', stream.id)[0]?.sdp ?? '').sections;
      expect(answer.map(({ codecs }) => codecs.map((each) => [each.name, each.payloadType]))).toEqual([
        [[codec.name, own.payloadType]],
      ]);
      const stop = sending(peerOf(stream), sample);

      const received = await bob.stream(stream.id);
      await until(() => received.packets.length > 30, 'packets');
      const offer = parseSdp(bob.told('offer', stream.id)[0]?.sdp ?? '').sections;
      expect(offer.map(({ codecs }) => codecs.map((each) => [each.name, each.payloadType]))).toEqual([
        kind === 'audio'
          ? [[codec.name, payloadType]]
          : [
              [codec.name, payloadType],
              ['rtx', payloadType + 1],
            ],
      ]);
      expect(new Set(received.packets.map((packet) => packet.payloadType))).toEqual(new Set([payloadType]));

      // Who does not know it is told, and the others have it still.
      await carol.client.next({ type: 'close', id: stream.id });
      await carol.client.next({ type: 'usermessage', kind: 'error' });
      expect(carol.story(stream.id)).toEqual(['offer', 'close']);
      const { length } = received.packets;
      await until(() => received.packets.length > length + 30, 'more packets');
      expect(bob.story(stream.id)).toEqual(['offer']);
      stop();
    },
  );

  test('50. a stream of nothing that may be used here is refused', async () => {
    const ann = await house.enter('vp9', 'ann');
    const stream = ann.client.publish({ tracks: syntheticTracks({ video: true }) });
    await ann.client.next({ type: 'abort', id: stream.id });
    await ann.client.next({ type: 'usermessage', kind: 'error' });
    await ann.client.ping();
  });

  test('50. who knows the sound only has that', async () => {
    const group = house.group();
    const ann = await house.enter(group, 'ann');
    const bob = await house.enter(group, 'bob', { peer: { codecs: { audio: [CODECS.opus], video: [CODECS.h264] } } });
    bob.watch();
    const { id } = await ann.publish();
    const received = await bob.stream(id);
    await until(() => received.heard > 20, 'sound');
    expect(received.seen).toBe(0);
    expect(bob.story(id)).not.toContain('close');
  });
});
