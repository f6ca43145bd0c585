import { EyeOff } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { Avatar } from '../avatar.tsx';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { focusAround } from '../controls/focus-around.ts';
import { useCameras, useSession } from '../session-context.ts';
import css from './video.module.css';

export function WatchersDialog({ onClose }: { readonly onClose: () => void }) {
  const { server } = useSession();
  const watchers = useCameras((cameras) => cameras.watchers);
  const boot = (name: string) => void server.tell({ type: 'relate', kind: 'boot', names: [name], on: true });
  return (
    <Dialog title={t('watchers.title')} onClose={onClose} width={400}>
      {watchers.length === 0 && <p className={css.nobody}>{t('watchers.none')}</p>}
      <ul className={css.watcherList} aria-label={t('watchers.title')}>
        {watchers.map((name) => (
          <li key={name}>
            <Avatar name={name} size="small" />
            <span className={css.watcherName}>{name}</span>
            <Button
              aria-label={t('watchers.boot', { name })}
              onPress={({ target }) => {
                focusAround(target);
                boot(name);
              }}
            >
              <EyeOff size={16} aria-hidden />
              {t('watchers.boot-short')}
            </Button>
          </li>
        ))}
      </ul>
    </Dialog>
  );
}
