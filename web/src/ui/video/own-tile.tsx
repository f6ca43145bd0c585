import { Eye, Mic, MicOff, VideoOff } from 'lucide-react';
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
  const { session, ui } = useScope();
  const watchers = useCameras((cameras) => cameras.watchers);
  const { muted, explicit } = own.choice;
  const audible = own.stream.getAudioTracks().length > 0;
  return (
    <figure className={css.tile} data-own>
      <VideoPicture className={cx(css.picture)} stream={own.stream} label={t('camera.yours')} muted mirrored />
      <figcaption className={css.caption}>
        <span className={css.captionName}>{t('camera.you')}</span>
        {explicit && <span className={css.mark}>{t('camera.explicit')}</span>}
      </figcaption>
      <button type="button" className={css.watchers} onClick={() => ui.openDialog({ kind: 'watchers' })}>
        <Eye size={15} aria-hidden />
        {t('watchers.count', { count: watchers.length })}
      </button>
      <div className={css.tileTools}>
        {audible && (
          <button
            type="button"
            aria-label={t(muted ? 'camera.unmute' : 'camera.mute')}
            title={t(muted ? 'camera.unmute' : 'camera.mute')}
            data-alert={muted || undefined}
            onClick={() => session.cameras.change({ muted: !muted })}
          >
            {muted ? <MicOff size={18} aria-hidden /> : <Mic size={18} aria-hidden />}
          </button>
        )}
        <button
          type="button"
          aria-label={t('camera.stop')}
          title={t('camera.stop')}
          onClick={() => session.cameras.stop()}
        >
          <VideoOff size={18} aria-hidden />
        </button>
      </div>
    </figure>
  );
}
