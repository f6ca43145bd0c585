import type { CodecName } from '../../port.ts';
import type { RtpHeader } from './header.ts';

/**
 * What matters of a packet's payload, in the bits of one number so that nothing is allocated. `FRAME_START` and
 * `FRAME_END` are of a picture (all its spatial layers), `KEYFRAME` is set on the first packet of a keyframe only.
 */
export const FRAME_START = 1;
export const FRAME_END = 2;
export const KEYFRAME = 4;
/** A receiver of lower temporal layers may begin with this one here. */
export const LAYER_SYNC = 8;
/** Nothing refers to it. */
export const DISCARDABLE = 16;
/** The first and last packet of one spatial layer's frame (VP9); the same as those of the frame for other codecs. */
export const LAYER_START = 32;
export const LAYER_END = 64;
/** There is no payload: padding, to try the path. Of no use to receivers. */
export const EMPTY = 128;

export function temporalLayer(info: number): number {
  return (info >> 8) & 7;
}

export function spatialLayer(info: number): number {
  return (info >> 12) & 7;
}

/** Never throws: what cannot be read has no bits set but `FRAME_END`, which is the marker for most codecs. */
export function packetInfo(codec: CodecName, packet: Uint8Array, header: RtpHeader): number {
  throw new Error(`not yet ${codec} ${packet} ${header}`);
}

/** Audio has no keyframes: a receiver can begin anywhere. */
export function needsKeyframe(codec: CodecName): boolean {
  return codec === 'vp8' || codec === 'vp9' || codec === 'h264' || codec === 'av1';
}
