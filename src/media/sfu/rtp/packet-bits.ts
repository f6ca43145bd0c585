/**
 * What matters of a packet's payload, in the bits of one number so that nothing is allocated. `FRAME_START` and
 * `FRAME_END` are of a picture (all its spatial layers). In H.264 and AV1, whose packets do not say it, `FRAME_START`
 * is on those that may begin one.
 */
export const FRAME_START = 1;
export const FRAME_END = 2;
/** The first packet of a keyframe. H.264 has it on the parameter sets and again where the picture itself begins. */
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

export function layersAsInfo(temporal: number, spatial: number): number {
  return ((temporal & 7) << 8) | ((spatial & 7) << 12);
}

export function temporalLayer(info: number): number {
  return (info >> 8) & 7;
}

export function spatialLayer(info: number): number {
  return (info >> 12) & 7;
}
