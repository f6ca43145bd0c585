import { describe, expect, test } from 'vitest';
import { figuresOf } from './figures.ts';
import { readStats } from './stats-sample.ts';

type Entry = Record<string, unknown>;

const CODECS: Entry[] = [
  { type: 'codec', id: 'C1', mimeType: 'video/VP8' },
  { type: 'codec', id: 'C2', mimeType: 'audio/opus' },
];
const pair = { type: 'candidate-pair', state: 'succeeded', nominated: true, currentRoundTripTime: 0.045 };
const down = (second: number, more: Entry = {}): Entry[] => [
  ...CODECS,
  pair,
  { type: 'candidate-pair', state: 'failed', currentRoundTripTime: 9 },
  {
    ...{ type: 'inbound-rtp', kind: 'video', codecId: 'C1', bytesReceived: 125_000 * second, packetsLost: 10 * second },
    ...{ packetsReceived: 90 * second, framesDecoded: 25 * second, frameWidth: 640, frameHeight: 360, jitter: 0.01 },
    ...{ totalFreezesDuration: 0.25 * second, lastPacketReceivedTimestamp: 1000 * second },
    ...more,
  },
  {
    ...{
      type: 'inbound-rtp',
      kind: 'audio',
      codecId: 'C2',
      bytesReceived: 4_000 * second,
      packetsReceived: 50 * second,
    },
    ...{ packetsLost: 0, jitter: 0.02, concealedSamples: 5_800 * second, silentConcealedSamples: 1_000 * second },
    totalSamplesReceived: 48_000 * second,
  },
];
const sample = (second: number, entries: Iterable<Entry>, direction: 'in' | 'out' = 'in') =>
  readStats(entries, { at: second * 1000, direction, isConnected: true });

test('what comes in, as of a second', () => {
  const figures = figuresOf(sample(1, down(1)), sample(2, down(2)));
  expect(figures).toMatchObject({ direction: 'in', isConnected: true, jitterMs: 20 });
  expect(figures?.rttMs).toBeCloseTo(45);
  expect(figures?.loss).toBeCloseTo(10 / 150);
  expect(figures?.bitrate).toBeCloseTo(1_032_000);
  expect(figures?.video).toMatchObject({ width: 640, height: 360, codec: 'VP8', frames: 25, frozen: 0.25 });
  expect(figures?.audio).toMatchObject({ codec: 'opus', bitrate: 32_000 });
  expect(figures?.audio?.concealed).toBeCloseTo(0.1);
});

describe('a picture that stands', () => {
  const look = (second: number, more: Entry = {}, expects?: 'camera' | 'screen') => ({
    ...sample(second, down(second, more)),
    ...(expects ? { expects } : {}),
  });
  const STILL = { framesDecoded: 50, packetsReceived: 180 };

  test('is one of which no new one comes, with packets or without', () => {
    const before = look(2, STILL, 'camera');
    expect(figuresOf(before, look(4, STILL, 'camera'))?.standing).toEqual({ of: 'camera', packets: false });
    const undecoded = { ...STILL, packetsReceived: 200 };
    expect(figuresOf(before, look(4, undecoded, 'camera'))?.standing).toEqual({ of: 'camera', packets: true });
    expect(figuresOf(look(2, STILL, 'screen'), look(4, STILL, 'screen'))?.standing?.of).toBe('screen');
  });

  test('is none while new ones come, before there was one, or where none is expected', () => {
    const none = { framesDecoded: 0 };
    expect(figuresOf(look(2, {}, 'camera'), look(4, {}, 'camera'))?.standing).toBeUndefined();
    expect(figuresOf(look(2, none, 'camera'), look(4, none, 'camera'))?.standing).toBeUndefined();
    expect(figuresOf(look(2, STILL), look(4, STILL))?.standing).toBeUndefined();
    // Nobody wanted it, or the camera was off, until a moment ago.
    expect(figuresOf(look(2, STILL), look(4, STILL, 'camera'))?.standing).toBeUndefined();
    expect(figuresOf(look(2, STILL, 'camera'), look(4, STILL))?.standing).toBeUndefined();
  });
});

test('a section that is not used any more does not count', () => {
  const old = { type: 'inbound-rtp', kind: 'video', bytesReceived: 9e9, frameWidth: 1, lastPacketReceivedTimestamp: 5 };
  const figures = figuresOf(sample(1, [old, ...down(1)]), sample(2, [old, ...down(2)]));
  expect(figures?.video?.width).toBe(640);
});

test('a track that began anew counts from nothing', () => {
  const figures = figuresOf(sample(9, down(9)), sample(10, down(1)));
  expect(figures?.video?.bitrate).toBeCloseTo(1_000_000);
  expect(figures?.loss).toBeGreaterThanOrEqual(0);
});

test('what goes out, in two sizes', () => {
  const size = (rid: string, width: number, second: number): Entry => ({
    ...{ type: 'outbound-rtp', kind: 'video', rid, codecId: 'C1', frameWidth: width, frameHeight: width / 2 },
    ...{ bytesSent: 50_000 * second, packetsSent: 100 * second, retransmittedPacketsSent: 4 * second, active: true },
    ...{ framesEncoded: 15 * second, qualityLimitationReason: rid === 'h' ? 'cpu' : 'none' },
  });
  const source = { type: 'media-source', kind: 'video', height: 720 };
  const up = (second: number) => [...CODECS, pair, source, size('l', 320, second), size('h', 640, second)];
  const figures = figuresOf(sample(1, up(1), 'out'), sample(2, up(2), 'out'));
  expect(figures?.video).toMatchObject({
    ...{ width: 640, height: 320, frames: 15, limitedBy: 'cpu', sourceHeight: 720, codec: 'VP8' },
    sizes: [
      { rid: 'h', width: 640, height: 320 },
      { rid: 'l', width: 320, height: 160 },
    ],
  });
  expect(figures?.loss).toBeCloseTo(0.04);
  expect(figures?.video?.bitrate).toBeCloseTo(800_000);
});

test('one look alone says nothing, and neither do two of different kinds', () => {
  expect(figuresOf(undefined, sample(1, down(1)))).toBeUndefined();
  expect(figuresOf(sample(1, down(1), 'out'), sample(2, down(2)))).toBeUndefined();
  expect(figuresOf(sample(1, down(1)), sample(1, down(1)))).toBeUndefined();
});

test('a browser that counts nothing is no error', () => {
  const figures = figuresOf(sample(1, []), sample(2, [{ type: 'inbound-rtp', kind: 'video' }]));
  expect(figures).toMatchObject({ loss: 0, bitrate: 0, video: { width: 0, frames: 0 } });
});
