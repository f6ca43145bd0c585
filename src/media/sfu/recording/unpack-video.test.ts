import { describe, expect, it } from 'vitest';
import { packetInfo } from '../rtp/packet-info.ts';
import { type CAPTURED_CODECS, capturedPackets } from '../rtp/testing/captured.ts';
import { headerOf, rtp } from '../rtp/testing/packets.ts';
import { FrameAssembler } from './frame-assembler.ts';
import type { QueuedPacket } from './jitter-buffer.ts';
import { h264Sets, h264Units, vp8Picture, vp9Picture } from './testing/made-pictures.ts';
import { videoUnpacker } from './unpack-video.ts';
import type { Picture } from './video-format.ts';

type Codec = (typeof CAPTURED_CODECS)[number];

function queued(codec: Codec, bytes: Buffer): QueuedPacket {
  const header = headerOf(bytes);
  const { sequence, timestamp, marker, payloadStart, payloadEnd } = header;
  const info = packetInfo(codec, bytes, header);
  return { sequence, timestamp, isLast: marker, info, payload: bytes.subarray(payloadStart, payloadEnd), at: 0 };
}

/** What is made of packets that come one after the other. */
function unpack(codec: Codec, packets: readonly Buffer[]): readonly (Picture | undefined)[] {
  const assembler = new FrameAssembler();
  const unpacker = videoUnpacker(codec);
  let last: number | undefined;
  return packets.flatMap((bytes) => {
    const packet = queued(codec, bytes);
    const isAfterGap = last !== undefined && packet.sequence !== ((last + 1) & 0xffff);
    last = packet.sequence;
    return assembler.put({ packet, isAfterGap }).map((whole) => unpacker?.(whole));
  });
}

function payloads(items: readonly (Buffer | readonly number[])[], timestamp = 1): readonly Buffer[] {
  return items.map((payload, i) =>
    rtp({ sequence: 10 + i, timestamp, marker: i === items.length - 1, payload: Buffer.from(payload) }),
  );
}

const BODY = Buffer.alloc(40, 7);
const KEY = { isKeyframe: true, width: 1280, height: 720, body: BODY };
const DELTA = { ...KEY, isKeyframe: false };

describe('what Chromium sent', () => {
  it.each([
    ['vp8', 'V_VP8'],
    ['vp9', 'V_VP9'],
    ['h264', 'V_MPEG4/ISO/AVC'],
    ['av1', 'V_AV1'],
  ] as const)('of %s becomes pictures whose size is known', (codec, id) => {
    const found = unpack(codec, capturedPackets(codec, 'video')).filter((picture) => picture !== undefined);
    const keyframes = found.filter(({ format }) => format !== undefined);
    expect(keyframes.length).toBeGreaterThanOrEqual(1);
    for (const { format } of keyframes) expect(format).toMatchObject({ codec: id, size: { width: 160, height: 120 } });
    expect(found.length).toBeGreaterThan(keyframes.length);
  });
});

describe('VP8', () => {
  it('is what follows the descriptors, of all packets of a picture', () => {
    const picture = vp8Picture(KEY);
    const [first, second] = [picture.subarray(0, 25), picture.subarray(25)];
    const long = Buffer.of(0x90, 0xf0, 0x81, 0x02, 0x03, 0x44);
    const short = Buffer.of(0x80, 0x80, 0x05);
    const [found] = unpack('vp8', payloads([Buffer.concat([long, first]), Buffer.concat([short, second])]));
    expect(found).toEqual({ data: picture, format: { codec: 'V_VP8', size: { width: 1280, height: 720 } } });
  });

  it('is no keyframe where its first bit says so', () => {
    const [found] = unpack('vp8', payloads([Buffer.concat([Buffer.of(0x10), vp8Picture(DELTA)])]));
    expect(found).toEqual({ data: vp8Picture(DELTA), format: undefined });
  });
});

describe('VP9', () => {
  it('is what follows the descriptors, whatever is in them', () => {
    const picture = vp9Picture(KEY);
    // A picture id of two bytes, layers, flexible with a reference, a structure with a size and a group of two.
    const structure = [0x18, 0x05, 0x00, 0x02, 0xd0, 2, 0x04, 9, 0x00];
    const descriptor = Buffer.from([0x80 | 0x20 | 0x10 | 0x08 | 0x04 | 0x02, 0x81, 0x02, 0x00, ...structure]);
    const [found] = unpack('vp9', payloads([Buffer.concat([descriptor, picture])]));
    expect(found).toEqual({ data: picture, format: { codec: 'V_VP9', size: { width: 1280, height: 720 } } });
  });

  it('of several layers is one frame with an index, in the size of the largest', () => {
    const low = vp9Picture({ ...KEY, width: 640, height: 360 });
    const high = vp9Picture(DELTA);
    const structure = [0x30, 0x02, 0x80, 0x01, 0x68, 0x05, 0x00, 0x02, 0xd0];
    const [found] = unpack('vp9', [
      rtp({ sequence: 1, payload: Buffer.concat([Buffer.from([0x2e, 0x00, 0x00, ...structure]), low]) }),
      rtp({ sequence: 2, marker: true, payload: Buffer.concat([Buffer.of(0x6c, 0x03, 0x00), high]) }),
    ]);
    const index = Buffer.from([0xd9, low.length, 0, 0, 0, high.length, 0, 0, 0, 0xd9]);
    expect(found?.data).toEqual(Buffer.concat([low, high, index]));
    expect(found?.format?.size).toEqual({ width: 1280, height: 720 });
  });
});

describe('H.264', () => {
  const [sps = Buffer.alloc(0), pps = Buffer.alloc(0)] = h264Sets();
  const slice = h264Units(KEY).at(-1) ?? Buffer.alloc(0);
  const avcc = Buffer.concat([
    Buffer.of(1, sps[1] ?? 0, sps[2] ?? 0, sps[3] ?? 0, 0xff, 0xe1, 0, sps.length),
    sps,
    Buffer.of(1, 0, pps.length),
    pps,
  ]);
  const prefixed = (...units: readonly Buffer[]) =>
    Buffer.concat(units.flatMap((unit) => [Buffer.of(0, 0, 0, unit.length), unit]));
  const inOne = Buffer.concat([Buffer.of(0x78, 0, sps.length), sps, Buffer.of(0, pps.length), pps]);

  it('of several units in a packet, and of one in fragments, is each with its length', () => {
    const parts = [slice.subarray(1, 20), slice.subarray(20, 30), slice.subarray(30)];
    const fragments = parts.map((part, i) => Buffer.concat([Buffer.of(0x7c, [0x85, 0x05, 0x45][i] ?? 0), part]));
    const [found] = unpack('h264', payloads([inOne, ...fragments]));
    expect(found?.data).toEqual(prefixed(sps, pps, slice));
    expect(found?.format).toMatchObject({ size: { width: 160, height: 120 }, codecPrivate: avcc });
  });

  it('keeps parameter sets for keyframes that come without', () => {
    const first = payloads([sps, pps, slice], 1);
    const [, second] = unpack('h264', [...first, rtp({ sequence: 13, timestamp: 2, marker: true, payload: slice })]);
    expect(second?.data).toEqual(prefixed(slice));
    expect(second?.format).toMatchObject({ codecPrivate: avcc });
  });

  it('is nothing to begin with before they were there', () => {
    const [found] = unpack('h264', payloads([slice]));
    expect(found?.format).toBeUndefined();
  });

  it.each([
    ['does not begin', [[0x7c, 0x05, 1, 2]]],
    ['does not end', [[0x7c, 0x85, 0x88, 2]]],
    [
      'is interrupted',
      [
        [0x7c, 0x85, 0x88, 2],
        [0x41, 0x88],
      ],
    ],
  ])('is nothing where a fragment %s', (_what, items) => {
    expect(unpack('h264', payloads(items)).filter((picture) => picture !== undefined)).toEqual([]);
  });
});

describe('AV1', () => {
  const [captured = Buffer.alloc(0)] = capturedPackets('av1', 'video');
  const { payloadStart, payloadEnd } = headerOf(captured);
  const first = captured.subarray(payloadStart, payloadEnd);
  // Chromium begins with the sequence header, whose length is the second byte.
  const header = first.subarray(2, 2 + (first[1] ?? 0));
  const sized = Buffer.concat([Buffer.of((header[0] ?? 0) | 2, header.length - 1), header.subarray(1)]);
  const frame = Buffer.concat([Buffer.of(0x30), Buffer.alloc(300, 9)]);
  const sizedFrame = Buffer.concat([Buffer.of(0x32, 0xac, 0x02), Buffer.alloc(300, 9)]);
  const inParts = [
    Buffer.concat([Buffer.of(0x78, 0x02, 0x12, 0x00, header.length), header, frame.subarray(0, 100)]),
    Buffer.concat([Buffer.of(0xd0), frame.subarray(100, 200)]),
    Buffer.concat([Buffer.of(0x90), frame.subarray(200)]),
  ];

  it('is units with their sizes, put together of their parts, without delimiters', () => {
    const [found] = unpack('av1', payloads(inParts));
    expect(found?.data).toEqual(Buffer.concat([sized, sizedFrame]));
    expect(found?.format).toMatchObject({ size: { width: 160, height: 120 } });
    expect(Buffer.from(found?.format?.codecPrivate ?? []).subarray(4)).toEqual(sized);
  });

  it('is nothing where a part does not follow another', () => {
    expect(unpack('av1', payloads(inParts.slice(0, 2))).filter((picture) => picture !== undefined)).toEqual([]);
  });
});

describe('a picture', () => {
  const packets = (timestamp: number, sequence: number) =>
    payloads([Buffer.concat([Buffer.of(0x10), vp8Picture(KEY)]), [0, 1, 2, 3], [0, 4, 5, 6]], timestamp).map(
      (bytes, i) => {
        bytes.writeUInt16BE(sequence + i, 2);
        return bytes;
      },
    );

  it('that misses a packet is given to nobody, wherever that is', () => {
    const whole = [...packets(1, 10), ...packets(2, 13), ...packets(3, 16)];
    expect(unpack('vp8', whole)).toHaveLength(3);
    for (const missing of [3, 4, 5]) {
      const rest = whole.filter((_, i) => i !== missing);
      expect(unpack('vp8', rest)).toHaveLength(2);
    }
  });

  it('ends where the next begins, if it does not say so itself', () => {
    const unmarked = packets(1, 10).map((bytes) => {
      bytes[1] = 96;
      return bytes;
    });
    expect(unpack('vp8', [...unmarked, ...packets(2, 13)])).toHaveLength(2);
  });

  it('has nothing of padding in it', () => {
    const [first, ...rest] = packets(1, 10);
    const padding = rtp({ sequence: 11, timestamp: 1, payload: [], padding: 50 });
    const moved = rest.map((bytes) => {
      bytes.writeUInt16BE(bytes.readUInt16BE(2) + 1, 2);
      return bytes;
    });
    const [found] = unpack('vp8', [first ?? padding, padding, ...moved]);
    expect(found?.data.length).toBe(vp8Picture(KEY).length + 6);
  });
});

it('whatever comes, nothing throws', () => {
  let seed = 7;
  const byte = () => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed & 255;
  };
  for (const codec of ['vp8', 'vp9', 'h264', 'av1'] as const) {
    for (let i = 0; i < 3_000; i += 1) {
      const payload = Buffer.from(Array.from({ length: byte() % 40 }, byte));
      unpack(codec, [rtp({ sequence: 1, marker: true, payload })]);
    }
  }
});
