import { SlidersHorizontal, Video } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { useCameras, useRoom, useScope } from '../session-context.ts';
import css from './video.module.css';

/** In the conversation's head: to go on camera, or to change how. To stop, use the own tile. */
export function CameraControls() {
  const { ui } = useScope();
  const on = useCameras((cameras) => cameras.own.kind === 'on');
  const mayPresent = useRoom((room) => room.self?.permissions.includes('present') ?? false);
  if (!mayPresent) return null;
  const open = () => ui.openDialog({ kind: 'camera' });
  if (on) return <IconButton label={t('camera.options')} icon={<SlidersHorizontal size={20} />} onPress={open} />;
  return (
    <span className={css.start}>
      <Button onPress={open} aria-label={t('camera.start')}>
        <Video size={18} aria-hidden />
        <span className={css.startText}>{t('camera.start')}</span>
      </Button>
    </span>
  );
}
