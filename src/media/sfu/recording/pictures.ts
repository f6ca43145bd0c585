import { u8, u16, u24 } from '../rtp/bytes.ts';
import { BitReader } from './bit-reader.ts';
import type { Size } from './payloads.ts';

/** The size that a keyframe of VP8 says (RFC 6386 9.1); undefined where it is none. */
export function vp8Size(frame: Uint8Array): Size | undefined {
  const isKeyframe = frame.length >= 10 && (u8(frame, 0) & 1) === 0;
  if (!isKeyframe || u24(frame, 3) !== 0x9d012a) return undefined;
  const width = ((u8(frame, 7) << 8) | u8(frame, 6)) & 0x3fff;
  const height = ((u8(frame, 9) << 8) | u8(frame, 8)) & 0x3fff;
  return sizeOf(width, height);
}

const VP9_SYNC = 0x498342;
const VP9_RGB = 7;

/** The size that a keyframe of VP9 says in its uncompressed header; undefined where it is none. */
export function vp9Size(frame: Uint8Array): Size | undefined {
  const bits = new BitReader(frame);
  if (bits.read(2) !== 2) return undefined;
  const profile = bits.read(1) + 2 * bits.read(1);
  if (profile === 3) bits.read(1);
  const isShownAgain = bits.read(1) === 1;
  if (isShownAgain || bits.read(1) !== 0) return undefined;
  bits.read(2);
  if (bits.read(24) !== VP9_SYNC) return undefined;
  if (profile >= 2) bits.read(1);
  const isRgb = bits.read(3) === VP9_RGB;
  const hasSubsampling = profile === 1 || profile === 3;
  if (!isRgb) bits.read(1);
  if (hasSubsampling) bits.read(isRgb ? 1 : 3);
  return sizeOf(bits.read(16) + 1, bits.read(16) + 1);
}

/**
 * Several layers of one moment as one frame: an index at its end says how long each is (annex B of the VP9
 * specification), without which some decoders see only the first.
 */
export function vp9Superframe(layers: readonly Buffer[]): Buffer {
  const [only] = layers;
  if (only !== undefined && layers.length === 1) return only;
  const marker = 0xc0 | (3 << 3) | (layers.length - 1);
  const index = Buffer.alloc(2 + 4 * layers.length, marker);
  for (const [i, { length }] of layers.entries()) index.writeUInt32LE(length, 1 + 4 * i);
  return Buffer.concat([...layers, index]);
}

/** How long a packet of Opus sounds, in milliseconds (RFC 6716 3.1). */
export function opusDuration(packet: Uint8Array): number {
  const first = u8(packet, 0);
  const configuration = first >> 3;
  const code = first & 3;
  const frames = code === 0 ? 1 : code === 3 ? u8(packet, 1) & 0x3f : 2;
  return Math.min(120, frames * frameDuration(configuration));
}

function frameDuration(configuration: number): number {
  if (configuration < 12) return [10, 20, 40, 60][configuration & 3] ?? 20;
  if (configuration < 16) return configuration & 1 ? 20 : 10;
  return [2.5, 5, 10, 20][configuration & 3] ?? 20;
}

/** What a decoder of Opus is told (RFC 7845 5.1): two channels, nothing to skip, as it begins in the midst. */
export function opusHead(): Buffer {
  const head = Buffer.alloc(19);
  head.write('OpusHead');
  head[8] = 1;
  head[9] = 2;
  head.writeUInt32LE(48_000, 12);
  return head;
}

export function sizeOf(width: number, height: number): Size | undefined {
  return width > 0 && height > 0 ? { width, height } : undefined;
}

export function isSameSize(a: Size, b: Size): boolean {
  return a.width === b.width && a.height === b.height;
}

/** Of a length-prefixed unit. */
export function lengthPrefixed(unit: Uint8Array): Buffer {
  const prefix = Buffer.alloc(4);
  prefix.writeUInt32BE(unit.length);
  return Buffer.concat([prefix, unit]);
}

/** Big-endian, as RTP aggregates have them. */
export function prefixedUnits(payload: Buffer, from: number): readonly Buffer[] {
  const units: Buffer[] = [];
  let at = from;
  while (at + 2 < payload.length) {
    const end = at + 2 + u16(payload, at);
    if (end > payload.length || end === at + 2) break;
    units.push(payload.subarray(at + 2, end));
    at = end;
  }
  return units;
}
