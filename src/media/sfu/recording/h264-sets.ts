import { u8 } from '../rtp/bytes.ts';
import { BitReader } from './bit-reader.ts';
import type { Size } from './payloads.ts';
import { sizeOf } from './pictures.ts';

/** Profiles whose sequence parameter sets say more of colour. */
const HIGH_PROFILES: readonly number[] = [100, 110, 122, 244, 44, 83, 86, 118, 128, 138, 139, 134, 135];

/** What a sequence parameter set says of the picture's size (ITU-T H.264 7.3.2.1.1); undefined where it is broken. */
export function spsSize(sps: Uint8Array): Size | undefined {
  const bits = new BitReader(withoutEmulation(sps.subarray(4)));
  bits.readExpGolomb();
  const chroma = HIGH_PROFILES.includes(u8(sps, 1)) ? readColour(bits) : 1;
  bits.readExpGolomb();
  readOrder(bits);
  bits.readExpGolomb();
  bits.read(1);
  const width = (bits.readExpGolomb() + 1) * 16;
  const rows = bits.readExpGolomb() + 1;
  const fields = 2 - bits.read(1);
  if (fields === 2) bits.read(1);
  bits.read(1);
  const height = rows * 16 * fields;
  const [left, right, top, bottom] = bits.read(1) === 1 ? readCrop(bits) : [0, 0, 0, 0];
  if (bits.isPastEnd) return undefined;
  const unitX = chroma === 1 || chroma === 2 ? 2 : 1;
  const unitY = (chroma === 1 ? 2 : 1) * fields;
  return sizeOf(width - (left + right) * unitX, height - (top + bottom) * unitY);
}

/** The record that goes before a stream of H.264 in files (ISO 14496-15 5.3.3.1). */
export function avcConfiguration(sps: Uint8Array, pps: Uint8Array): Buffer {
  return Buffer.concat([
    Buffer.of(1, u8(sps, 1), u8(sps, 2), u8(sps, 3), 0xff, 0xe1),
    length16(sps),
    sps,
    Buffer.of(1),
    length16(pps),
    pps,
  ]);
}

function length16({ length }: Uint8Array): Buffer {
  return Buffer.of(length >> 8, length & 255);
}

/** Gives `chroma_format_idc`. */
function readColour(bits: BitReader): number {
  const chroma = bits.readExpGolomb();
  if (chroma === 3) bits.read(1);
  bits.readExpGolomb();
  bits.readExpGolomb();
  bits.read(1);
  const hasLists = bits.read(1) === 1;
  for (let i = 0; hasLists && i < (chroma === 3 ? 12 : 8); i += 1) {
    if (bits.read(1) === 1) skipList(bits, i < 6 ? 16 : 64);
  }
  return chroma;
}

function skipList(bits: BitReader, size: number): void {
  let last = 8;
  let next = 8;
  for (let i = 0; i < size && !bits.isPastEnd; i += 1) {
    if (next !== 0) next = (last + bits.readSignedExpGolomb() + 256) % 256;
    if (next !== 0) last = next;
  }
}

/** In which order pictures are. */
function readOrder(bits: BitReader): void {
  const type = bits.readExpGolomb();
  if (type === 0) bits.readExpGolomb();
  if (type !== 1) return;
  bits.read(1);
  bits.readExpGolomb();
  bits.readExpGolomb();
  const count = bits.readExpGolomb();
  for (let i = 0; i < count && !bits.isPastEnd; i += 1) bits.readExpGolomb();
}

function readCrop(bits: BitReader): readonly [number, number, number, number] {
  return [bits.readExpGolomb(), bits.readExpGolomb(), bits.readExpGolomb(), bits.readExpGolomb()];
}

/** Bytes of 3 after two of 0 are there so that nothing looks like a start code. */
function withoutEmulation(bytes: Uint8Array): Buffer {
  const kept: number[] = [];
  for (const [i, byte] of bytes.entries()) {
    if (byte === 3 && i >= 2 && bytes[i - 1] === 0 && bytes[i - 2] === 0) continue;
    kept.push(byte);
  }
  return Buffer.from(kept);
}
