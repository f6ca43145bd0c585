import { describe, expect, it } from 'vitest';
import type { CodecName } from '../../port.ts';
import {
  DISCARDABLE,
  EMPTY,
  FRAME_END,
  FRAME_START,
  KEYFRAME,
  LAYER_END,
  LAYER_START,
  LAYER_SYNC,
  layersAsInfo,
  packetInfo,
  spatialLayer,
  temporalLayer,
  withDescriptor,
} from './packet-info.ts';
import { headerOf, rtp, vp8 } from './testing/packets.ts';

const NAMES = { FRAME_START, FRAME_END, KEYFRAME, LAYER_SYNC, DISCARDABLE, LAYER_START, LAYER_END, EMPTY };

function bits(codec: CodecName, payload: readonly number[] | Buffer, marker = false): string[] {
  const packet = rtp({ payload, marker });
  const info = packetInfo(codec, packet, headerOf(packet));
  return Object.entries(NAMES).flatMap(([name, bit]) => (info & bit ? [name] : []));
}

function layers(codec: CodecName, payload: readonly number[] | Buffer) {
  const packet = rtp({ payload });
  const info = packetInfo(codec, packet, headerOf(packet));
  return { temporal: temporalLayer(info), spatial: spatialLayer(info) };
}

describe('VP8', () => {
  it('says where keyframes begin', () => {
    expect(bits('vp8', vp8({ key: true, pictureId: 300, tl0: 1, temporalLayer: 0 }))).toEqual([
      'FRAME_START',
      'KEYFRAME',
      'LAYER_START',
    ]);
    expect(bits('vp8', vp8({ key: true }))).toContain('KEYFRAME');
    expect(bits('vp8', vp8({ key: false, pictureId: 3, shortId: true }))).not.toContain('KEYFRAME');
  });

  it('takes the middle of a keyframe for what it is', () => {
    expect(bits('vp8', [0x00, 0x00, 1, 2], true)).toEqual(['FRAME_END', 'LAYER_END']);
    // The second partition of a frame begins with S set, too.
    expect(bits('vp8', [0x11, 0x00])).toEqual([]);
  });

  it('says temporal layers, and where one may begin with them', () => {
    const payload = vp8({ pictureId: 1, tl0: 1, temporalLayer: 2, sync: true });
    expect(layers('vp8', payload)).toEqual({ temporal: 2, spatial: 0 });
    expect(bits('vp8', payload)).toContain('LAYER_SYNC');
    expect(bits('vp8', [0x30, 0x01])).toContain('DISCARDABLE');
  });

  it('says nothing of what is cut short', () => {
    const payload = vp8({ key: true, pictureId: 300, tl0: 1, temporalLayer: 0 });
    for (let length = 1; length <= 6; length += 1) {
      expect(bits('vp8', payload.subarray(0, length))).not.toContain('KEYFRAME');
    }
  });
});

describe('VP9', () => {
  // I=0x80 P=0x40 L=0x20 F=0x10 B=0x08 E=0x04 V=0x02 Z=0x01
  it('says where keyframes begin', () => {
    expect(bits('vp9', [0x80 | 0x08 | 0x02, 0x81, 0x01, 0x00, 9])).toEqual(['FRAME_START', 'KEYFRAME', 'LAYER_START']);
    expect(bits('vp9', [0x80 | 0x40 | 0x08 | 0x04, 0x05, 9], true)).toEqual([
      'FRAME_START',
      'FRAME_END',
      'LAYER_START',
      'LAYER_END',
    ]);
  });

  it('says layers, and takes a higher one of a keyframe for no keyframe', () => {
    const base = [0x80 | 0x20 | 0x08 | 0x04, 0x81, 0x01, (0 << 5) | (0 << 1), 7, 9];
    const upper = [0x80 | 0x20 | 0x08 | 0x04, 0x81, 0x01, (2 << 5) | 0x10 | (1 << 1) | 1, 7, 9];
    expect(bits('vp9', base)).toEqual(['FRAME_START', 'KEYFRAME', 'LAYER_START', 'LAYER_END']);
    expect(bits('vp9', upper, true)).toEqual(['FRAME_END', 'LAYER_SYNC', 'LAYER_START', 'LAYER_END']);
    expect(layers('vp9', upper)).toEqual({ temporal: 2, spatial: 1 });
  });
});

describe('H.264', () => {
  const sps = [0x67, 0x42, 0xe0, 0x1f];
  const pps = [0x68, 0xce];
  it('says keyframes by their parameter sets, alone and with others', () => {
    expect(bits('h264', sps)).toContain('KEYFRAME');
    expect(bits('h264', [0x78, 0, sps.length, ...sps, 0, pps.length, ...pps])).toContain('KEYFRAME');
    expect(bits('h264', [0x78, 0, pps.length, ...pps])).not.toContain('KEYFRAME');
  });

  it('says keyframes by their first slice, whole and in pieces', () => {
    expect(bits('h264', [0x65, 0x88, 1], true)).toEqual([
      'FRAME_START',
      'FRAME_END',
      'KEYFRAME',
      'LAYER_START',
      'LAYER_END',
    ]);
    expect(bits('h264', [0x7c, 0x85, 0x88, 1])).toContain('KEYFRAME');
    // Further pieces, and slices further down.
    expect(bits('h264', [0x7c, 0x05, 0x88, 1])).toEqual([]);
    expect(bits('h264', [0x65, 0x48, 1])).toEqual([]);
  });

  it('takes other slices for what they are', () => {
    expect(bits('h264', [0x41, 0x9a, 1])).toEqual(['FRAME_START', 'LAYER_START']);
    expect(bits('h264', [0x01, 0x9a, 1])).toEqual(['FRAME_START', 'DISCARDABLE', 'LAYER_START']);
  });

  it('reads no further than the packet where a unit says that it is longer', () => {
    expect(bits('h264', [0x78, 0xff, 0xff, ...sps])).toEqual([]);
    expect(bits('h264', [0x7c])).toEqual([]);
  });
});

describe('AV1', () => {
  const sequenceHeader = [0x08, 1, 2, 3];
  const frame = [0x30, 4, 5];
  it('says keyframes by the aggregation header, and by the sequence header', () => {
    expect(bits('av1', [0x18, ...frame])).toContain('KEYFRAME');
    expect(bits('av1', [0x20, sequenceHeader.length, ...sequenceHeader, ...frame])).toContain('KEYFRAME');
    expect(bits('av1', [0x00, sequenceHeader.length, ...sequenceHeader, frame.length, ...frame])).toContain('KEYFRAME');
    expect(bits('av1', [0x00, frame.length, ...frame, sequenceHeader.length, ...sequenceHeader])).toContain('KEYFRAME');
  });

  it('takes other frames, and pieces of units, for what they are', () => {
    expect(bits('av1', [0x10, ...frame], true)).toEqual(['FRAME_START', 'FRAME_END', 'LAYER_START', 'LAYER_END']);
    // Goes on with a unit that began before, whatever its bytes look like.
    expect(bits('av1', [0x90, ...sequenceHeader])).toEqual([]);
  });

  it('leaves it to the descriptors of which layers it is', () => {
    expect(layers('av1', [0x10, 0x34, (1 << 5) | (2 << 3), 1])).toEqual({ temporal: 0, spatial: 0 });
    const described = layersAsInfo(1, 2) | LAYER_START;
    const info = withDescriptor(FRAME_START | FRAME_END | LAYER_END | KEYFRAME, described);
    expect(info).toBe(described | FRAME_END | KEYFRAME);
  });

  it('ends where a length leads out of the packet, or does not end', () => {
    expect(bits('av1', [0x00, 0x7f, ...sequenceHeader])).not.toContain('KEYFRAME');
    expect(bits('av1', [0x00, 0x80, 0x80, 0x80, 0x80, 0x80, 0x80])).not.toContain('KEYFRAME');
  });
});

describe('sound', () => {
  it('has no keyframes; each packet is whole', () => {
    expect(bits('opus', [1])).toEqual(['FRAME_START', 'FRAME_END', 'LAYER_START', 'LAYER_END']);
    expect(bits('pcmu', [1])).not.toContain('KEYFRAME');
  });
});

it('tells padding that has no payload from the rest', () => {
  for (const codec of ['vp8', 'vp9', 'h264', 'av1', 'opus'] as const) expect(bits(codec, [])).toEqual(['EMPTY']);
});
