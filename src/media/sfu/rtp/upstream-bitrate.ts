/** A track as `upstreamBitrate` counts it; each simulcast layer is one. */
export type CountedTrack =
  | { readonly kind: 'audio' }
  /** The smaller ones of a simulcast: rid `l`. */
  | { readonly kind: 'low-layer' }
  | {
      readonly kind: 'video';
      /** What each receiver allows, in bits per second: the smaller one of their REMB and their loss-based rate. */
      readonly receivers: readonly number[];
      /** The highest temporal layer that is used, 0 where there is but one. */
      readonly temporalLayer: number;
      readonly hasSpatialLayers: boolean;
    };

/** What the publisher is told that they may send for all tracks together (`spec/galene.md` 2.11). */
export function upstreamBitrate(tracks: readonly CountedTrack[]): number {
  throw new Error(`not yet ${tracks}`);
}
