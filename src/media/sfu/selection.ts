import type { Wanted } from '../../core/stream.ts';
import type { PublishedTrack, Quality } from './published-track.ts';

export interface Choice {
  readonly track: PublishedTrack;
  readonly quality: Quality;
}

export interface Choices {
  readonly audio: Choice | undefined;
  readonly video: Choice | undefined;
}

/**
 * Which tracks of a stream somebody gets: the first of audio; the first of video, or where they want little the last
 * (`spec/galene.md` 1.7). Never one whose codec they turned down, by the payload types of our offers.
 */
export function choose(tracks: readonly PublishedTrack[], wanted: Wanted, refused: ReadonlySet<number>): Choices {
  const known = tracks.filter(({ codec }) => !refused.has(codec.offered.payloadType));
  const audio = known.find(({ kind }) => kind === 'audio');
  const quality = wanted.video === 'low' ? 'low' : 'high';
  const videos = known.filter(({ kind }) => kind === 'video');
  const video = quality === 'low' ? videos.at(-1) : videos[0];
  return {
    audio: wanted.audio && audio ? { track: audio, quality: 'high' } : undefined,
    video: wanted.video !== 'none' && video ? { track: video, quality } : undefined,
  };
}
