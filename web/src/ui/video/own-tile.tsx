import { Eye, MicOff } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import type { OwnCameraState } from '../../media/own-camera.ts';
import { cx } from '../cx.ts';
import { useCameras, useScope } from '../session-context.ts';
import css from './video.module.css';
import { VideoPicture } from './video-picture.tsx';

interface OwnTileProps {
  readonly own: Extract<OwnCameraState, { kind: 'on' }>;
}

/** What others see of us, and how many do. */
export function OwnTile({ own }: OwnTileProps) {
  const { ui } = useScope();
  const watchers = useCameras((cameras) => cameras.watchers);
  const { muted, explicit } = own.choice;
  return (
    <figure className={css.tile}>
      <VideoPicture className={cx(css.picture)} stream={own.stream} label={t('camera.yours')} muted mirrored />
      <figcaption className={css.caption}>
        <span className={css.captionName}>{t('camera.you')}</span>
        {muted && <MicOff size={14} role="img" aria-label={t('camera.mic-muted')} />}
        {explicit && <span className={css.mark}>{t('camera.explicit')}</span>}
      </figcaption>
      <button type="button" className={css.watchers} onClick={() => ui.openDialog({ kind: 'watchers' })}>
        <Eye size={15} aria-hidden />
        {t('watchers.count', { count: watchers.length })}
      </button>
    </figure>
  );
}
