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

const LOW_LAYER = 102_400;
/** Nobody throttles a publisher further, and so much is for a picture that nobody watches. */
const LEAST = 204_800;
const MOST = 2 ** 30;

/** What the publisher is told that they may send for all tracks together (`spec/galene.md` 2.11). */
export function upstreamBitrate(tracks: readonly CountedTrack[]): number {
  return Math.min(
    MOST,
    tracks.reduce((sum, track) => sum + counted(track), 0),
  );
}

function counted(track: CountedTrack): number {
  if (track.kind === 'audio') return 0;
  return track.kind === 'low-layer' ? LOW_LAYER : countedVideo(track);
}

function countedVideo({ receivers, temporalLayer, hasSpatialLayers }: CountedTrack & { readonly kind: 'video' }) {
  if (receivers.length === 0) return LEAST;
  let least = Number.POSITIVE_INFINITY;
  let most = LEAST;
  for (const rate of receivers) {
    least = Math.min(least, Math.max(LEAST, rate));
    most = Math.max(most, rate);
  }
  const slack = least * 2 ** temporalLayer;
  return hasSpatialLayers ? Math.min(slack, most * 1.25) : slack;
}
