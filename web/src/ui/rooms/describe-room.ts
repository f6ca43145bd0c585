import type { ListedRoom } from '../../connection/rooms.ts';
import { t } from '../../i18n/t.ts';
import { timeAgo } from './time-ago.ts';

/** How many are there, of how many there may be; or how long ago somebody was. `now` in milliseconds since 1970. */
export function describeRoom({ members, guestLimit, activeAt }: ListedRoom, now: number): string {
  if (members === 0) {
    const ago = timeAgo(activeAt, now);
    return ago === '' ? t('rooms.nobody') : `${t('rooms.nobody')} · ${t('rooms.active', { ago })}`;
  }
  if (guestLimit === 0) return t('rooms.members', { count: members });
  const some = t('rooms.members-of', { count: members, limit: guestLimit });
  return members >= guestLimit ? `${some} · ${t('rooms.full')}` : some;
}
