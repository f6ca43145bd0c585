import { u8 } from './bytes.ts';
import { FRAME_START, KEYFRAME } from './packet-bits.ts';

const SEQUENCE_HEADER = 1;

/**
 * `packetInfo` of AV1 (the RTP payload format of AOMedia, section 4.4). Of which layers a packet is, the payload says
 * only where one begins: that is left to the descriptors, and without them all are sent.
 */
export function av1Info(packet: Uint8Array, from: number, end: number): number {
  const aggregation = u8(packet, from);
  const continues = (aggregation & 0x80) !== 0;
  let info = continues ? 0 : FRAME_START;
  if (aggregation & 0x08 && !continues) info |= KEYFRAME;
  const count = (aggregation >> 4) & 3;
  let at = from + 1;
  for (let element = 1; at < end; element += 1) {
    let length = end - at;
    if (count === 0 || element < count) {
      const size = lengthOfLeb128(packet, at, end);
      if (size === 0) break;
      length = leb128(packet, at, size);
      at += size;
    }
    if (length < 0 || at + length > end) break;
    if (length > 0 && !(continues && element === 1) && typeOf(packet, at) === SEQUENCE_HEADER) info |= KEYFRAME;
    at += length;
    if (element === count) break;
  }
  return info;
}

function typeOf(packet: Uint8Array, at: number): number {
  return (u8(packet, at) >> 3) & 15;
}

/** How many bytes the number takes; 0 where it does not end, or is longer than any packet. */
function lengthOfLeb128(packet: Uint8Array, at: number, end: number): number {
  for (let size = 1; size <= 4 && at + size <= end; size += 1) {
    if (u8(packet, at + size - 1) < 0x80) return size;
  }
  return 0;
}

function leb128(packet: Uint8Array, at: number, size: number): number {
  let value = 0;
  for (let i = 0; i < size; i += 1) value |= (u8(packet, at + i) & 0x7f) << (7 * i);
  return value;
}
