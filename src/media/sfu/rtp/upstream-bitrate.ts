/** A track as `upstreamBitrate` counts it; each simulcast layer is one. */
export type CountedTrack =
  | { readonly kind: 'audio' }
  /** The smaller ones of a simulcast: rid `l`. */
  | { readonly kind: 'low-layer' }
  | {
      readonly kind: 'video';
      /** What each receiver allows, or would take, in bits per second. */
      readonly receivers: readonly number[];
      /** The highest temporal layer that is sent, 0 where there is but one. */
      readonly temporalLayer: number;
      readonly hasSpatialLayers: boolean;
      /** It is the best of several sizes: who cannot take it gets another. */
      readonly hasSizes: boolean;
    };

const LOW_LAYER = 102_400;
/** Nobody throttles a publisher further, and so much is for a picture that nobody watches. Bits per second. */
export const LEAST_UPSTREAM = 204_800;
const MOST = 2 ** 30;
/** What part of it spatial layers are varies. */
const SPATIAL_SLACK = 1.25;

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

/**
 * Who can be sent a smaller picture lowers nobody's: there the best receiver counts, and not the worst one as in 2.11.
 * Leaving out pictures saves a bounded part only, so that there, and where nothing can be left out, the worst one does.
 */
function countedVideo({
  receivers,
  temporalLayer,
  hasSpatialLayers,
  hasSizes,
}: CountedTrack & { readonly kind: 'video' }): number {
  if (receivers.length === 0) return LEAST_UPSTREAM;
  const most = Math.max(LEAST_UPSTREAM, ...receivers);
  if (hasSizes) return most;
  if (hasSpatialLayers) return most * SPATIAL_SLACK;
  return Math.max(LEAST_UPSTREAM, Math.min(...receivers)) * 2 ** temporalLayer;
}
