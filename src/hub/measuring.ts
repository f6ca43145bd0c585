import type { MeasuredConnection, MeasuredRoom } from '../core/administration.ts';
import type { MemberId } from '../core/ids.ts';
import type { ConnectionStatistics } from '../media/port.ts';
import type { HostedRoom } from './hosted-room.ts';

/** Who is in a room, a recorder among them, and what is measured of the streams that they send and receive. */
export async function measureRoom(room: HostedRoom): Promise<MeasuredRoom> {
  const statistics = await room.mediaStatistics();
  const up = byMember(statistics, ({ stream, to }) => (to === undefined ? room.publisherOf(stream) : undefined));
  const down = byMember(statistics, ({ to }) => to);
  const members = [...room.view.members()].map(({ id, handle }) => ({
    handle,
    up: up.get(id) ?? [],
    down: down.get(id) ?? [],
  }));
  const { recording } = room.view;
  if (recording) members.push({ handle: recording.handle, up: [], down: [] });
  return { name: room.door.group?.name ?? room.view.name, members };
}

function byMember(
  statistics: readonly ConnectionStatistics[],
  memberOf: (one: ConnectionStatistics) => MemberId | undefined,
): ReadonlyMap<MemberId | undefined, readonly MeasuredConnection[]> {
  return Map.groupBy(statistics, memberOf);
}
