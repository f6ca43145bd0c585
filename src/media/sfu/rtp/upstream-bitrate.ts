/** A track as `upstreamBitrate` counts it; each simulcast layer is one. */
export type CountedTrack =
  | { readonly kind: 'audio' }
  /** The smaller ones of a simulcast: rid `l`. */
  | { readonly kind: 'low-layer' }
  | {
      readonly kind: 'video';
      /** What each receiver allows, or would take, in bits per second. */
      readonly receivers: readonly number[];
      /** Whether less is sent where somebody cannot take it; else they get a smaller size, or less detail. */
      readonly givesWay: boolean;
      /** How many times as much may be sent as they take who count, as not all of it is for everybody; 1 without layers. */
      readonly slack: number;
    };

const LOW_LAYER = 102_400;
/** Nobody throttles a publisher further, and so much is for a picture that nobody watches. Bits per second. */
export const LEAST_UPSTREAM = 204_800;
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

/**
 * Who can be sent a smaller picture lowers nobody's: there the best receiver counts, and not the worst one as in 2.11.
 * Leaving out pictures saves a bounded part only, so that there, and where nothing can be left out, the worst one does.
 */
function countedVideo({ receivers, givesWay, slack }: CountedTrack & { readonly kind: 'video' }): number {
  if (receivers.length === 0) return LEAST_UPSTREAM;
  if (!givesWay) return Math.max(LEAST_UPSTREAM, ...receivers) * slack;
  return Math.max(LEAST_UPSTREAM, Math.min(...receivers)) * slack;
}
