import { u8, u16 } from '../rtp/bytes.ts';

/**
 * Where the picture begins in a payload, after the descriptor that only matters on the way; the payload's length where
 * it is cut short.
 */
export function vp8Start(payload: Uint8Array): number {
  if ((u8(payload, 0) & 0x80) === 0) return Math.min(1, payload.length);
  const present = u8(payload, 1);
  let at = 2;
  if (present & 0x80) at += u8(payload, at) & 0x80 ? 2 : 1;
  if (present & 0x40) at += 1;
  if (present & 0x30) at += 1;
  return Math.min(at, payload.length);
}

export interface Size {
  readonly width: number;
  readonly height: number;
}

export interface Vp9Descriptor {
  /** Where the picture begins. */
  readonly start: number;
  /** Of the largest layer, where the descriptor says it (with keyframes of several layers). */
  readonly size: Size | undefined;
}

/** RFC 9628 section 4.2. */
export function readVp9Descriptor(payload: Uint8Array): Vp9Descriptor {
  const first = u8(payload, 0);
  let at = 1;
  if (first & 0x80) at += u8(payload, at) & 0x80 ? 2 : 1;
  const isFlexible = (first & 0x10) !== 0;
  if (first & 0x20) at += isFlexible ? 1 : 2;
  if (isFlexible && first & 0x40) at = afterReferences(payload, at);
  const structure = first & 0x02 ? readStructure(payload, at) : { end: at, size: undefined };
  return { start: Math.min(structure.end, payload.length), size: structure.size };
}

/** Up to three, each of which says whether another one follows. */
function afterReferences(payload: Uint8Array, from: number): number {
  let at = from;
  for (let i = 0; i < 3; i += 1) {
    at += 1;
    if ((u8(payload, at - 1) & 1) === 0) break;
  }
  return at;
}

function readStructure(payload: Uint8Array, from: number): { readonly end: number; readonly size: Size | undefined } {
  const first = u8(payload, from);
  const layers = (first >> 5) + 1;
  let at = from + 1;
  let size: Size | undefined;
  if (first & 0x10) {
    at += 4 * layers;
    size = { width: u16(payload, at - 4), height: u16(payload, at - 2) };
  }
  if (first & 0x08) at = afterGroup(payload, at);
  return { end: at, size };
}

function afterGroup(payload: Uint8Array, from: number): number {
  const pictures = u8(payload, from);
  let at = from + 1;
  for (let i = 0; i < pictures && at < payload.length; i += 1) at += 1 + ((u8(payload, at) >> 2) & 3);
  return at;
}
