import { DoorOpen } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { selectChannelLines, selectDirectLines } from '../../room/selectors.ts';
import { IconButton } from '../controls/button.tsx';
import { Logo } from '../logo.tsx';
import { useRoom, useScope } from '../session-context.ts';
import css from './channels.module.css';
import { OwnCard } from './own-card.tsx';
import { ThreadLink } from './thread-link.tsx';

export function ChannelsPane() {
  const { session, ui } = useScope();
  const { bootstrap } = session;
  const title = useRoom((room) => room.title);
  const channels = useRoom(selectChannelLines);
  const direct = useRoom(selectDirectLines);
  return (
    <nav className={css.pane} aria-label={t('nav.channels')}>
      <header className={css.brand}>
        <Logo size={30} />
        <div className={css.brandText}>
          <p className={css.roomTitle}>{title || bootstrap.roomTitle}</p>
          <p className={css.siteTitle}>{bootstrap.title}</p>
        </div>
        <IconButton
          label={t('rooms.title')}
          icon={<DoorOpen size={20} />}
          onPress={() => ui.openDialog({ kind: 'rooms' })}
        />
      </header>
      <div className={css.lists}>
        <h2 className={css.heading}>{t('channels.title')}</h2>
        <ul>
          {channels.map((line) => (
            <ThreadLink key={line.key} line={line} />
          ))}
        </ul>
        {channels.length === 0 && <p className={css.empty}>{t('channels.empty')}</p>}
        <h2 className={css.heading}>{t('direct.title')}</h2>
        <ul>
          {direct.map((line) => (
            <ThreadLink key={line.key} line={line} />
          ))}
        </ul>
        {direct.length === 0 && <p className={css.empty}>{t('direct.empty')}</p>}
      </div>
      <OwnCard />
    </nav>
  );
}
