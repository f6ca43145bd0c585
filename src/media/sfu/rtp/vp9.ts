import { u8 } from './bytes.ts';
import { FRAME_START, KEYFRAME, LAYER_END, LAYER_START, LAYER_SYNC, layersAsInfo } from './packet-bits.ts';

/** `packetInfo` of VP9 (RFC 9628 section 4.2). */
export function vp9Info(packet: Uint8Array, from: number, end: number): number {
  const first = u8(packet, from);
  let at = from + 1;
  if (first & 0x80) at += u8(packet, at) & 0x80 ? 2 : 1;
  if (at >= end) return 0;
  const layers = first & 0x20 ? u8(packet, at) : 0;
  const spatial = (layers >> 1) & 7;
  const begins = (first & 0x08) !== 0;
  const startsFrame = begins && spatial === 0;
  let info = layersAsInfo(layers >> 5, spatial);
  if (begins) info |= LAYER_START;
  if (first & 0x04) info |= LAYER_END;
  if (startsFrame) info |= FRAME_START;
  if (startsFrame && (first & 0x40) === 0) info |= KEYFRAME;
  if (layers & 0x10) info |= LAYER_SYNC;
  return info;
}
