import { u8, u16 } from './bytes.ts';
import { DISCARDABLE, FRAME_START, KEYFRAME } from './packet-bits.ts';

const SLICE = 1;
const IDR_SLICE = 5;
const SEI = 6;
const SPS = 7;
const DELIMITER = 9;
const STAP_A = 24;
const FU_A = 28;

/** `packetInfo` of H.264 (RFC 6184): single units, several in one packet, and fragments. */
export function h264Info(packet: Uint8Array, from: number, end: number): number {
  const first = u8(packet, from);
  const type = first & 0x1f;
  const discardable = (first & 0x60) === 0 ? DISCARDABLE : 0;
  if (type === STAP_A) return stapInfo(packet, from + 1, end) | discardable;
  if (type !== FU_A) return unitInfo(packet, type, from + 1, end) | discardable;
  const fragment = u8(packet, from + 1);
  if (from + 2 >= end || (fragment & 0x80) === 0) return discardable;
  return unitInfo(packet, fragment & 0x1f, from + 2, end) | discardable;
}

function stapInfo(packet: Uint8Array, from: number, end: number): number {
  let info = 0;
  let at = from;
  while (at + 3 <= end) {
    const length = u16(packet, at);
    const next = at + 2 + length;
    if (length === 0 || next > end) break;
    info |= unitInfo(packet, u8(packet, at + 2) & 0x1f, at + 3, next);
    at = next;
  }
  return info;
}

function unitInfo(packet: Uint8Array, type: number, payload: number, end: number): number {
  if (type === SPS) return KEYFRAME | FRAME_START;
  if (type === SEI || type === DELIMITER) return FRAME_START;
  if (type !== SLICE && type !== IDR_SLICE) return 0;
  // A slice begins with the number of its first macroblock; 0 is written as a single 1 bit.
  const beginsPicture = payload < end && u8(packet, payload) >= 0x80;
  if (!beginsPicture) return 0;
  return type === IDR_SLICE ? KEYFRAME | FRAME_START : FRAME_START;
}
