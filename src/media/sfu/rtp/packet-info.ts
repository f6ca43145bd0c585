import type { CodecName } from '../../port.ts';
import { av1Info } from './av1.ts';
import { h264Info } from './h264.ts';
import type { RtpHeader } from './header.ts';
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
} from './packet-bits.ts';
import { newVp8Descriptor, readVp8 } from './vp8.ts';
import { vp9Info } from './vp9.ts';

export * from './packet-bits.ts';

/** The bits of `packet-bits.ts`, of a packet whose header was read. Of what cannot be read only the marker counts. */
export function packetInfo(codec: CodecName, packet: Uint8Array, header: RtpHeader): number {
  const { payloadStart, payloadEnd } = header;
  if (payloadEnd <= payloadStart) return EMPTY;
  if (!needsKeyframe(codec)) return WHOLE;
  const end = header.marker ? FRAME_END : 0;
  if (codec === 'vp9') return vp9Info(packet, payloadStart, payloadEnd) | end;
  return withLayers(videoInfo(codec, packet, header) | end);
}

/** Audio has no keyframes: a receiver can begin anywhere. */
export function needsKeyframe(codec: CodecName): boolean {
  return codec === 'vp8' || codec === 'vp9' || codec === 'h264' || codec === 'av1';
}

const WHOLE = FRAME_START | FRAME_END | LAYER_START | LAYER_END;

/** The same where a descriptor says more exactly which frame it is of, and of which layers. */
export function withDescriptor(info: number, described: number): number {
  return (info & (KEYFRAME | FRAME_END | EMPTY)) | described;
}

function videoInfo(codec: CodecName, packet: Uint8Array, { payloadStart, payloadEnd }: RtpHeader): number {
  if (codec === 'vp8') return vp8Info(packet, payloadStart, payloadEnd);
  if (codec === 'h264') return h264Info(packet, payloadStart, payloadEnd);
  return av1Info(packet, payloadStart, payloadEnd);
}

/** Without spatial layers, a layer's frame is the frame. */
function withLayers(info: number): number {
  return info | (info & FRAME_START ? LAYER_START : 0) | (info & FRAME_END ? LAYER_END : 0);
}

const descriptor = newVp8Descriptor();

function vp8Info(packet: Uint8Array, from: number, end: number): number {
  if (!readVp8(packet, from, end, descriptor)) return 0;
  let info = layersAsInfo(descriptor.temporalLayer, 0);
  if (descriptor.startsFrame) info |= FRAME_START;
  if (descriptor.isKeyframe) info |= KEYFRAME;
  if (descriptor.isSync) info |= LAYER_SYNC;
  if (descriptor.isDiscardable) info |= DISCARDABLE;
  return info;
}
