import { VideoOff } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { Avatar } from '../avatar.tsx';
import { Button } from '../controls/button.tsx';
import { cx } from '../cx.ts';
import type { PreviewState } from './use-preview.ts';
import css from './video.module.css';
import { VideoPicture } from './video-picture.tsx';

interface PreviewProps {
  readonly state: PreviewState;
  readonly onRetry: () => void;
  /** Who is seen by their initials, where there is no picture. */
  readonly name?: string;
}

/** What others would see; or why they would not. */
export function Preview({ state, onRetry, name = '' }: PreviewProps) {
  return (
    <div className={css.preview}>
      {state.kind === 'ready' && state.stream.getVideoTracks().length === 0 && (
        <div className={css.previewFailed}>
          <Avatar name={name} size="large" />
          <p>{t('meeting.camera-is-off')}</p>
        </div>
      )}
      {state.kind === 'ready' && state.stream.getVideoTracks().length > 0 && (
        <VideoPicture className={cx(css.picture)} stream={state.stream} label={t('camera.yours')} muted mirrored />
      )}
      {state.kind === 'opening' && <p role="status">{t('setup.opening')}</p>}
      {state.kind === 'failed' && (
        <div className={css.previewFailed} role="alert">
          <VideoOff size={28} aria-hidden />
          <p>{t(`setup.${state.failure}`)}</p>
          <Button onPress={onRetry}>{t('action.retry')}</Button>
        </div>
      )}
    </div>
  );
}
