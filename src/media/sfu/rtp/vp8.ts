import { u8, u16 } from './bytes.ts';

/** Where things are in a VP8 payload descriptor (RFC 7741 section 4.2). One is made and filled for each packet. */
export interface Vp8Descriptor {
  startsFrame: boolean;
  isKeyframe: boolean;
  isDiscardable: boolean;
  /** Offsets in the packet; 0 where it has none. */
  pictureIdAt: number;
  pictureIdBits: number;
  tl0At: number;
  pictureId: number;
  tl0: number;
  temporalLayer: number;
  isSync: boolean;
}

export function newVp8Descriptor(): Vp8Descriptor {
  return {
    startsFrame: false,
    isKeyframe: false,
    isDiscardable: false,
    pictureIdAt: 0,
    pictureIdBits: 0,
    tl0At: 0,
    pictureId: 0,
    tl0: 0,
    temporalLayer: 0,
    isSync: false,
  };
}

/** False where the descriptor is cut short; `into` is then of no use. */
export function readVp8(packet: Uint8Array, from: number, end: number, into: Vp8Descriptor): boolean {
  const first = u8(packet, from);
  let at = from + 1;
  into.pictureIdAt = 0;
  into.tl0At = 0;
  into.temporalLayer = 0;
  into.isSync = false;
  if (first & 0x80) {
    const present = u8(packet, at);
    at += 1;
    if (present & 0x80) at = readPictureId(packet, at, into);
    if (present & 0x40) {
      into.tl0At = at;
      into.tl0 = u8(packet, at);
      at += 1;
    }
    if (present & 0x30) {
      const layers = u8(packet, at);
      at += 1;
      into.temporalLayer = present & 0x20 ? layers >> 6 : 0;
      into.isSync = (present & 0x20) !== 0 && (layers & 0x20) !== 0;
    }
  }
  if (at >= end) return false;
  into.isDiscardable = (first & 0x20) !== 0;
  into.startsFrame = (first & 0x1f) === 0x10;
  into.isKeyframe = into.startsFrame && (u8(packet, at) & 1) === 0;
  return true;
}

function readPictureId(packet: Uint8Array, at: number, into: Vp8Descriptor): number {
  into.pictureIdAt = at;
  if (u8(packet, at) & 0x80) {
    into.pictureIdBits = 15;
    into.pictureId = u16(packet, at) & 0x7fff;
    return at + 2;
  }
  into.pictureIdBits = 7;
  into.pictureId = u8(packet, at);
  return at + 1;
}

/** Writes another picture id into a descriptor at `at`, in as many bits as it has. */
export function putPictureId(packet: Uint8Array, at: number, descriptor: Vp8Descriptor, id: number): void {
  if (descriptor.pictureIdBits === 7) {
    packet[at] = id & 0x7f;
    return;
  }
  packet[at] = 0x80 | ((id >> 8) & 0x7f);
  packet[at + 1] = id & 0xff;
}
