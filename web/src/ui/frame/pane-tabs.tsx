import { Hash, MessagesSquare, Users } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { selectChannelLines, selectDirectLines } from '../../room/selectors.ts';
import { useRoom, useScope, useUi } from '../session-context.ts';
import type { Pane } from '../ui-state.ts';
import css from './frame.module.css';

const PANES = [
  { pane: 'channels', icon: Hash, text: t('nav.channels') },
  { pane: 'talk', icon: MessagesSquare, text: t('nav.talk') },
  { pane: 'people', icon: Users, text: t('nav.people') },
] as const satisfies readonly { pane: Pane; icon: typeof Hash; text: string }[];

/** Only on narrow screens. */
export function PaneTabs() {
  const { pane } = useUi();
  const { ui } = useScope();
  const unread = useRoom(unreadElsewhere);
  const here = useRoom((room) => Object.keys(room.members).length);
  return (
    <nav className={css.tabs} aria-label={t('nav.label')}>
      {PANES.map(({ pane: each, icon: Icon, text }) => (
        <button
          key={each}
          type="button"
          className={css.tab}
          aria-current={pane === each ? 'page' : undefined}
          onClick={() => ui.show(each)}
        >
          <Icon size={20} aria-hidden />
          <span>{text}</span>
          {each === 'channels' && unread > 0 && <span className={css.count}>{unread > 99 ? '99+' : unread}</span>}
          {each === 'people' && <span className={css.quietCount}>{here}</span>}
        </button>
      ))}
    </nav>
  );
}

function unreadElsewhere(room: Parameters<typeof selectChannelLines>[0]): number {
  return [...selectChannelLines(room), ...selectDirectLines(room)].reduce((sum, line) => sum + line.unread, 0);
}
