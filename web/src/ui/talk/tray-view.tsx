import { X } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import css from './tray.module.css';
import type { Tray } from './use-tray.ts';

interface TrayViewProps {
  readonly tray: Tray;
  readonly onRemoved: () => void;
}

/** Images before they are sent, and how far they are. */
export function TrayView({ tray, onRemoved }: TrayViewProps) {
  if (tray.images.length === 0) return null;
  return (
    <ul className={css.tray} aria-label={t('image.tray')}>
      {tray.images.map(({ id, file, previewUrl, progress }) => (
        <li key={id}>
          <img src={previewUrl} alt={file.name} />
          {progress === undefined ? (
            <button
              type="button"
              aria-label={t('image.remove', { name: file.name })}
              title={t('image.remove', { name: file.name })}
              onClick={() => {
                tray.remove(id);
                onRemoved();
              }}
            >
              <X className={css.trayMark} size={14} aria-hidden />
            </button>
          ) : (
            <progress aria-label={t('image.uploading', { name: file.name })} value={progress} max={1} />
          )}
        </li>
      ))}
    </ul>
  );
}
