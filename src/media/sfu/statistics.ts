import type { MemberId } from '../../core/ids.ts';
import type { StreamId } from '../../core/stream.ts';
import type { ConnectionStatistics } from '../port.ts';
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
  const tracks = receiver.tracks.map((track): TrackStatistics => {
    const { bitrate, loss, jitterMs } = track.measured;
    const rtt = track.roundTripMs;
    return { kind: track.kind, bitrate, loss, jitter: jitterMs, ...(rtt === undefined ? {} : { rtt }) };
  });
  const video = receiver.tracks.filter(({ kind }) => kind === 'video');
  const maxBitrate = video.reduce((sum, track) => sum + track.allowed(now), 0);
  return { stream, to, ...(maxBitrate > 0 ? { maxBitrate } : {}), tracks };
}
