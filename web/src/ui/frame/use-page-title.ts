import { useEffect } from 'react';
import { unreadDirect } from '../../room/selectors.ts';
import { useRoom, useSession, useStore } from '../session-context.ts';

/** Direct messages count in the page's title, unless somebody does not want to be disturbed. */
export function usePageTitle(): void {
  const { bootstrap, presence } = useSession();
  const unread = useRoom(unreadDirect);
  const title = useRoom((room) => room.title);
  const { dnd } = useStore(presence.state);
  useEffect(() => {
    const count = unread > 0 && !dnd ? `(${unread}) ` : '';
    document.title = `${count}${title || bootstrap.roomTitle} · ${bootstrap.title}`;
  }, [unread, dnd, title, bootstrap]);
}
