import { t } from '../../i18n/t.ts';
import { useCameras } from '../session-context.ts';
import { OwnTile } from './own-tile.tsx';
import css from './video.module.css';
import { VideoTile } from './video-tile.tsx';

/** Our own picture and those we watch, above the conversation. */
export function VideoShelf() {
  const own = useCameras((cameras) => cameras.own);
  const tiles = useCameras((cameras) => cameras.tiles);
  const count = tiles.length + (own.kind === 'on' ? 1 : 0);
  if (count === 0) return null;
  return (
    <section className={css.shelf} data-shelf aria-label={t('camera.shelf')} data-many={count > 3 || undefined}>
      {own.kind === 'on' && <OwnTile own={own} />}
      {tiles.map((tile) => (
        <VideoTile key={tile.key} tile={tile} />
      ))}
    </section>
  );
}
