import type { MemberId } from '../../core/ids.ts';
import type { StreamId } from '../../core/stream.ts';
import type { ConnectionStatistics } from '../port.ts';
import type { DownTrack } from './down-track.ts';
import { isLayered } from './ladder.ts';
import type { Publisher } from './publisher.ts';
import type { StreamReceiver } from './stream-receiver.ts';

type TrackStatistics = ConnectionStatistics['tracks'][number];

export function publisherStatistics(stream: StreamId, publisher: Publisher, now: number): ConnectionStatistics {
  const tracks = publisher.tracks.flatMap(({ kind, feeds }) =>
    feeds.flatMap((feed): TrackStatistics[] => {
      if (!feed) return [];
      const { loss, jitterMs } = feed.reception.totals();
      return [{ kind, bitrate: feed.rate.bitrate(now), loss, jitter: jitterMs }];
    }),
  );
  return { stream, maxBitrate: publisher.allowed(now), tracks };
}

export function receiverStatistics(
  { stream, to }: { readonly stream: StreamId; readonly to: MemberId },
  receiver: StreamReceiver,
  now: number,
): ConnectionStatistics {
  const tracks = receiver.tracks.map((track) => downStatistics(track, now));
  const maxBitrate = tracks.reduce((sum, track) => sum + (track.maxBitrate ?? 0), 0);
  return { stream, to, ...(maxBitrate > 0 ? { maxBitrate } : {}), tracks };
}

function downStatistics(track: DownTrack, now: number): TrackStatistics {
  const { kind, roundTripMs: rtt } = track;
  const { bitrate, loss, jitterMs: jitter } = track.measured;
  const layers = layersOf(track);
  return {
    ...{ kind, bitrate, loss, jitter },
    ...(rtt === undefined ? {} : { rtt }),
    // Nobody says how much sound may be.
    ...(kind === 'audio' ? {} : { maxBitrate: isLayered(track.track) ? track.wish(now) : track.allowed(now) }),
    ...(layers ? { layers } : {}),
  };
}

/** Sizes count as spatial layers do, as one sees the same of them. Undefined where there is nothing to choose from. */
function layersOf({ track, source, layers }: DownTrack): TrackStatistics['layers'] {
  if (!source || !isLayered(track)) return undefined;
  const { topSpatial, topTemporal } = source.rates;
  const sizes = track.layers - 1;
  return {
    spatial: sizes > 0 ? sizes - source.layer : Math.min(layers.spatial, topSpatial),
    maxSpatial: sizes > 0 ? sizes : topSpatial,
    temporal: Math.min(layers.temporal, topTemporal),
    maxTemporal: topTemporal,
  };
}
