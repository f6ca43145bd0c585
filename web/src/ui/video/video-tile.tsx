import { Maximize2, Volume2, VolumeX, X } from 'lucide-react';
import { useRef, useState } from 'react';
import { Camera, has } from '../../../../src/core/camera.ts';
import { t } from '../../i18n/t.ts';
import type { Tile } from '../../media/watched-cameras.ts';
import { memberNamed } from '../../room/selectors.ts';
import { Avatar } from '../avatar.tsx';
import { cx } from '../cx.ts';
import { useRoom, useScope } from '../session-context.ts';
import css from './video.module.css';
import { VideoPicture } from './video-picture.tsx';

/** Somebody's camera. */
export function VideoTile({ tile }: { readonly tile: Tile }) {
  const { session, ui } = useScope();
  const { name, state } = tile;
  const frame = useRef<HTMLElement>(null);
  const [silent, setSilent] = useState(false);
  const [volume, setVolume] = useState(1);
  const camera = useRoom((room) => memberNamed(room, name)?.camera ?? 0);
  return (
    <figure ref={frame} className={css.tile} data-state={state}>
      <VideoPicture
        className={cx(css.picture)}
        stream={tile.stream}
        label={t('camera.of', { name })}
        muted={silent}
        volume={volume}
        onSilenced={() => setSilent(true)}
      />
      {state !== 'live' && (
        <div className={css.waiting} role="status">
          <Avatar name={name} size="large" />
          {t(state === 'opening' ? 'camera.opening' : 'camera.connecting')}
        </div>
      )}
      <figcaption className={css.caption}>
        <button type="button" className={css.captionName} onClick={(event) => ui.openPerson(name, event.currentTarget)}>
          {name}
        </button>
        {has(camera, Camera.micMuted) && <VolumeX size={14} role="img" aria-label={t('camera.mic-muted')} />}
        {has(camera, Camera.explicit) && <span className={css.mark}>{t('camera.explicit')}</span>}
      </figcaption>
      <div className={css.tileTools}>
        {state === 'live' && (
          <>
            <input
              type="range"
              className={css.volume}
              min={0}
              max={1}
              step={0.05}
              value={silent ? 0 : volume}
              aria-label={t('camera.volume', { name })}
              onChange={(event) => {
                setSilent(false);
                setVolume(Number(event.target.value));
              }}
            />
            <button
              type="button"
              aria-label={t(silent ? 'camera.unsilence' : 'camera.silence', { name })}
              title={t(silent ? 'camera.unsilence' : 'camera.silence', { name })}
              onClick={() => setSilent(!silent)}
            >
              {silent ? <VolumeX size={18} aria-hidden /> : <Volume2 size={18} aria-hidden />}
            </button>
            <button
              type="button"
              aria-label={t('camera.full', { name })}
              title={t('camera.full', { name })}
              onClick={() => toggleFullScreen(frame.current)}
            >
              <Maximize2 size={17} aria-hidden />
            </button>
          </>
        )}
        <button
          type="button"
          aria-label={t('camera.close', { name })}
          title={t('camera.close', { name })}
          onClick={() => session.cameras.unwatch(name)}
        >
          <X size={19} aria-hidden />
        </button>
      </div>
    </figure>
  );
}

function toggleFullScreen(frame: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void frame?.requestFullscreen?.().catch(() => undefined);
}
