import { Settings } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { Avatar } from '../avatar.tsx';
import { IconButton } from '../controls/button.tsx';
import { useRoom, useScope } from '../session-context.ts';
import css from './channels.module.css';
import { StatusMenu } from './status-menu.tsx';

/** Who we are here. */
export function OwnCard() {
  const { ui } = useScope();
  const name = useRoom((room) => room.self?.name ?? '');
  const status = useRoom((room) => room.self?.status ?? 'online');
  return (
    <div className={css.own}>
      <Avatar name={name} status={status} />
      <div className={css.ownText}>
        <p className={css.ownName}>{name}</p>
        <StatusMenu />
      </div>
      <IconButton
        label={t('own.settings')}
        icon={<Settings size={20} />}
        onPress={() => ui.openDialog({ kind: 'settings' })}
      />
    </div>
  );
}
