import { VolumeX } from 'lucide-react';
import { useRef, useState } from 'react';
import { Camera, has } from '../../../../src/core/camera.ts';
import { t } from '../../i18n/t.ts';
import type { Tile } from '../../media/watched-cameras.ts';
import { memberNamed } from '../../room/selectors.ts';
import { Avatar } from '../avatar.tsx';
import { cx } from '../cx.ts';
import { useRoom, useScope } from '../session-context.ts';
import { type Sound, TileTools } from './tile-tools.tsx';
import css from './video.module.css';
import { VideoPicture } from './video-picture.tsx';

/** Somebody's camera. */
export function VideoTile({ tile }: { readonly tile: Tile }) {
  const { name, state } = tile;
  const frame = useRef<HTMLElement>(null);
  const [sound, setSound] = useState<Sound>({ silent: false, volume: 1 });
  return (
    <figure ref={frame} className={css.tile} data-state={state}>
      <VideoPicture
        className={cx(css.picture)}
        stream={tile.stream}
        label={t('camera.of', { name })}
        muted={sound.silent}
        volume={sound.volume}
        onSilenced={() => setSound((known) => ({ ...known, silent: true }))}
      />
      {state !== 'live' && (
        <div className={css.waiting} role="status">
          <Avatar name={name} size="large" />
          {t(state === 'opening' ? 'camera.opening' : 'camera.connecting')}
        </div>
      )}
      <TileCaption name={name} />
      <TileTools tile={tile} sound={sound} onSound={setSound} onFullScreen={() => toggleFullScreen(frame.current)} />
    </figure>
  );
}

function TileCaption({ name }: { readonly name: string }) {
  const { ui } = useScope();
  const camera = useRoom((room) => memberNamed(room, name)?.camera ?? 0);
  return (
    <figcaption className={css.caption}>
      <button type="button" className={css.captionName} onClick={(event) => ui.openPerson(name, event.currentTarget)}>
        {name}
      </button>
      {has(camera, Camera.micMuted) && <VolumeX size={14} role="img" aria-label={t('camera.mic-muted')} />}
      {has(camera, Camera.explicit) && <span className={css.mark}>{t('camera.explicit')}</span>}
    </figcaption>
  );
}

function toggleFullScreen(frame: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void frame?.requestFullscreen?.().catch(() => undefined);
}
