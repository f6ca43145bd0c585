import { Mic, MicOff, Settings, Video, VideoOff } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { Avatar } from '../avatar.tsx';
import { IconButton } from '../controls/button.tsx';
import { useCameras, useRoom, useScope } from '../session-context.ts';
import css from './channels.module.css';
import { StatusMenu } from './status-menu.tsx';

/** Who we are here, and our own camera. */
export function OwnCard() {
  const { session, ui } = useScope();
  const name = useRoom((room) => room.self?.name ?? '');
  const status = useRoom((room) => room.self?.status ?? 'online');
  const mayPresent = useRoom((room) => room.self?.permissions.includes('present') ?? false);
  const own = useCameras((cameras) => cameras.own);
  const on = own.kind === 'on';
  return (
    <div className={css.own}>
      <Avatar name={name} status={status} />
      <div className={css.ownText}>
        <p className={css.ownName}>{name}</p>
        <StatusMenu />
      </div>
      {mayPresent && !on && (
        <IconButton
          label={t('camera.start')}
          icon={<Video size={20} />}
          onPress={() => ui.openDialog({ kind: 'camera' })}
        />
      )}
      {on && (
        <>
          <IconButton
            label={t(own.choice.muted ? 'camera.unmute' : 'camera.mute')}
            icon={own.choice.muted ? <MicOff size={20} /> : <Mic size={20} />}
            onPress={() => session.cameras.change({ muted: !own.choice.muted })}
          />
          <IconButton
            label={t('camera.stop')}
            tone="accent"
            icon={<VideoOff size={20} />}
            onPress={() => session.cameras.stop()}
          />
        </>
      )}
      <IconButton
        label={t('own.settings')}
        icon={<Settings size={20} />}
        onPress={() => ui.openDialog({ kind: 'settings' })}
      />
    </div>
  );
}
