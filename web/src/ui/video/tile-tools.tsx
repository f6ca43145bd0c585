import { Maximize2, Volume2, VolumeX, X } from 'lucide-react';
import type { ReactNode } from 'react';
import { t } from '../../i18n/t.ts';
import type { Tile } from '../../media/watched-cameras.ts';
import { useSession } from '../session-context.ts';
import css from './video.module.css';

export interface Sound {
  readonly silent: boolean;
  /** From 0 to 1. */
  readonly volume: number;
}

interface TileToolsProps {
  readonly tile: Tile;
  readonly sound: Sound;
  readonly onSound: (sound: Sound) => void;
  readonly onFullScreen: () => void;
}

/** On somebody's picture: its sound, its size, its end. */
export function TileTools({ tile, sound, onSound, onFullScreen }: TileToolsProps) {
  const { cameras } = useSession();
  const { name, state } = tile;
  const { silent, volume } = sound;
  return (
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
            onChange={(event) => onSound({ silent: false, volume: Number(event.target.value) })}
          />
          <Tool
            label={t(silent ? 'camera.unsilence' : 'camera.silence', { name })}
            icon={silent ? <VolumeX size={18} aria-hidden /> : <Volume2 size={18} aria-hidden />}
            onClick={() => onSound({ silent: !silent, volume })}
          />
          <Tool label={t('camera.full', { name })} icon={<Maximize2 size={17} aria-hidden />} onClick={onFullScreen} />
        </>
      )}
      <Tool
        label={t('camera.close', { name })}
        icon={<X size={19} aria-hidden />}
        onClick={() => cameras.unwatch(name)}
      />
    </div>
  );
}

interface ToolProps {
  readonly label: string;
  readonly icon: ReactNode;
  readonly onClick: () => void;
}

function Tool({ label, icon, onClick }: ToolProps) {
  return (
    <button type="button" aria-label={label} title={label} onClick={onClick}>
      {icon}
    </button>
  );
}
