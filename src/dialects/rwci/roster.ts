import type { Channel } from '../../core/channel.ts';
import { mayRead, view } from '../../core/view.ts';
import type { Viewer } from '../dialect.ts';

/** The names that this viewer may see, their own among them, as they are written. */
export function namesSeenBy({ member, room }: Viewer): string[] {
  if (!member || !room) return [];
  const names = view(room, member).map((row) => row.member.name);
  // One's own is there even for a hidden operator: without it, the client is not ready.
  if (!names.includes(member.name)) names.push(member.name);
  return names.sort((one, other) => one.localeCompare(other));
}

/** The ids of the channels that this viewer may read; the first is the default one. */
export function channelsOf({ member, room }: Viewer): Channel['id'][] {
  if (!member || !room) return [];
  return room.channels.filter((channel) => mayRead(channel, member)).map(({ id }) => id);
}
