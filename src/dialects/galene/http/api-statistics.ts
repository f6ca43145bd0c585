import type { MeasuredConnection, MeasuredRoom, MeasuredTrack } from '../../../core/administration.ts';

/** As the page of statistics reads it (`spec/galene.md` 3.6): nobody's name is in it. */
export function statisticsOf(rooms: readonly MeasuredRoom[]): readonly object[] {
  return rooms
    .map(({ name, members }) => ({
      name,
      ...(members.length === 0 ? {} : { clients: members.map(clientOf) }),
    }))
    .sort((one, other) => (one.name < other.name ? -1 : 1));
}

function clientOf({ handle, up, down }: MeasuredRoom['members'][number]): object {
  return {
    id: handle,
    ...(up.length === 0 ? {} : { up: up.map((one) => connectionOf(one, upTrack)) }),
    ...(down.length === 0 ? {} : { down: down.map((one) => connectionOf(one, downTrack)) }),
  };
}

function connectionOf({ stream, maxBitrate, tracks }: MeasuredConnection, track: typeof upTrack): object {
  return { id: stream, ...number('maxBitrate', maxBitrate), tracks: tracks.map(track) };
}

function upTrack({ bitrate, maxBitrate, loss, jitter }: MeasuredTrack): object {
  return {
    bitrate: Math.round(bitrate),
    ...number('maxBitrate', maxBitrate),
    loss,
    ...(jitter === undefined ? {} : { jitter }),
  };
}

/** Which sizes somebody gets, and how far away they are, is known of those who receive alone. */
function downTrack(track: MeasuredTrack): object {
  const { layers, rtt } = track;
  const { spatial: sid, maxSpatial: maxSid, temporal: tid, maxTemporal: maxTid } = layers ?? {};
  return {
    ...(layers ? { sid, maxSid, tid, maxTid } : {}),
    ...upTrack(track),
    ...(rtt === undefined ? {} : { rtt }),
  };
}

function number(name: string, value: number | undefined): Readonly<Record<string, number>> {
  return value === undefined ? {} : { [name]: Math.round(value) };
}
