import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input } from 'mediabunny';
import { describe, expect, it } from 'vitest';
import { type ContainerFrame, type ContainerTrack, cluster, containerEnd, containerHead } from './container.ts';
import { readHead } from './read-head.ts';

const NOTE = { startedAt: 1_795_276_800_123, publisher: 'Zoë 🎥', label: 'camera', session: 'monday-7' };
const PICTURE: ContainerTrack = { number: 1, codec: 'V_VP8', size: { width: 640, height: 360 } };
const OPUS_HEAD = Buffer.from('4f70757348656164010200008 0bb0000000000'.replaceAll(' ', ''), 'hex');
const SOUND: ContainerTrack = { number: 2, codec: 'A_OPUS', codecPrivate: OPUS_HEAD };

function frame(track: number, at: number, isKeyframe: boolean): ContainerFrame {
  return { track, at, isKeyframe, data: Buffer.of(isKeyframe ? 0x10 : 0x11, 0, 0, track, at & 255) };
}

const FIRST = [frame(1, 0, true), frame(2, 3, true), frame(1, 33, false), frame(2, 23, true)].sort(
  (a, b) => a.at - b.at,
);
const SECOND = [frame(1, 1000, true), frame(2, 1003, true), frame(1, 1033, false)];

function written({ isFinished }: { readonly isFinished: boolean }): Buffer {
  const head = containerHead('webm', { tracks: [PICTURE, SOUND], note: NOTE });
  const clusters = [cluster(FIRST), cluster(SECOND)];
  const body = Buffer.concat([head.bytes, ...clusters]);
  if (!isFinished) return body;
  const places = [head.bytes.length, head.bytes.length + (clusters[0]?.length ?? 0)];
  const cues = places.map((clusterAt, i) => ({ at: i * 1000, track: 1, clusterAt }));
  const { tail, patches } = containerEnd(head, { end: body.length, durationMs: 1066, cues });
  for (const { at, bytes } of patches) bytes.copy(body, at);
  return Buffer.concat([body, tail]);
}

async function readBack(bytes: Buffer) {
  const input = new Input({ formats: ALL_FORMATS, source: new BufferSource(new Uint8Array(bytes)) });
  const video = await input.getPrimaryVideoTrack();
  const audio = await input.getPrimaryAudioTrack();
  if (!video || !audio) throw new Error('a track is missing');
  const packets = async (track: typeof video | typeof audio) => {
    const found: { at: number; isKeyframe: boolean; data: Buffer }[] = [];
    for await (const { timestamp, type, data } of new EncodedPacketSink(track).packets()) {
      found.push({ at: Math.round(timestamp * 1000), isKeyframe: type === 'key', data: Buffer.from(data) });
    }
    return found;
  };
  return { input, video, audio, pictures: await packets(video), sounds: await packets(audio) };
}

describe.each([true, false])('a container that was finished: %s', (isFinished) => {
  it('is read by others as it was written', async () => {
    const { input, video, audio, pictures, sounds } = await readBack(written({ isFinished }));
    expect((await input.getFormat()).name).toBe('WebM');
    expect([video.codec, video.codedWidth, video.codedHeight]).toEqual(['vp8', 640, 360]);
    expect([audio.codec, audio.sampleRate, audio.numberOfChannels]).toEqual(['opus', 48_000, 2]);
    const all = [...FIRST, ...SECOND];
    const of = (wanted: number) =>
      all.filter(({ track }) => track === wanted).map(({ at, isKeyframe, data }) => ({ at, isKeyframe, data }));
    expect(pictures).toEqual(of(1));
    expect(sounds).toEqual(of(2));
  });

  it('says what it is at its front', () => {
    const head = readHead(written({ isFinished }).subarray(0, 2_000));
    expect(head).toEqual({ note: NOTE, durationMs: isFinished ? 1066 : undefined, isFinished });
  });
});

it('the index leads to each cluster', async () => {
  const { video } = await readBack(written({ isFinished: true }));
  const sink = new EncodedPacketSink(video);
  expect((await sink.getKeyPacket(1.5))?.timestamp).toBe(1);
  expect((await sink.getKeyPacket(0.5))?.timestamp).toBe(0);
});

it('what is cut off anywhere in a cluster can be read up to there', async () => {
  const whole = written({ isFinished: false });
  const { pictures, sounds } = await readBack(whole.subarray(0, whole.length - 3));
  expect(pictures.map(({ at }) => at).slice(0, 2)).toEqual([0, 33]);
  expect(sounds.map(({ at }) => at).slice(0, 2)).toEqual([3, 23]);
});

it.each([0, 90, 180, 270] as const)('a picture is to be turned by %i', async (rotation) => {
  const { bytes } = containerHead('webm', { tracks: [{ ...PICTURE, rotation }, SOUND], note: NOTE });
  const { video } = await readBack(Buffer.concat([bytes, cluster(FIRST)]));
  expect(video.rotation).toBe(rotation);
});

describe('the head of a file', () => {
  it.each([
    ['empty', ''],
    ['text', Buffer.from('no container at all').toString('hex')],
    ['only begun', '1a45dfa3'],
    ['of sizes that lie', '1a45dfa381ff18538067ff1549a966ff44898803'],
    ['of endless numbers', '0000000000000000'],
  ])('is none where it is %s, or says nothing', (_what, hex) => {
    expect(readHead(Buffer.from(hex, 'hex'))?.note ?? {}).toEqual({});
  });

  it('keeps texts short, in whole characters', () => {
    const note = { ...NOTE, publisher: '🎥'.repeat(5_000), label: 'x'.repeat(9_000), session: 's'.repeat(9_000) };
    const { bytes } = containerHead('webm', { tracks: [PICTURE, SOUND], note });
    expect(bytes.length).toBeLessThan(4_000);
    expect(readHead(bytes)?.note.publisher).toBe('🎥'.repeat(200));
  });

  it('can be cut anywhere', () => {
    const bytes = written({ isFinished: true });
    for (let length = 0; length < 1_000; length += 1) readHead(bytes.subarray(0, length));
  });
});
