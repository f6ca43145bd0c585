import { Maximize2, Pin, PinOff, Volume2, VolumeX } from 'lucide-react';
import type { ReactNode, RefObject } from 'react';
import { t } from '../../i18n/t.ts';
import { useScope } from '../session-context.ts';
import css from './meeting.module.css';
import type { StageTile } from './stage-tiles.ts';

export interface Sound {
  readonly silent: boolean;
  /** From 0 to 1. */
  readonly volume: number;
}

interface MeetingTileToolsProps {
  readonly tile: StageTile;
  readonly frame: RefObject<HTMLElement | null>;
  readonly isPinned: boolean;
  readonly sound: Sound;
  readonly onSound: (sound: Sound) => void;
}

/** On a tile: its size and its sound. */
export function MeetingTileTools({ tile, frame, isPinned, sound, onSound }: MeetingTileToolsProps) {
  const { ui } = useScope();
  const { key, name, own, kind } = tile;
  const { silent, volume } = sound;
  const shown = kind === 'screen' && !own ? t('meeting.screen-of', { name }) : name;
  return (
    <div className={css.tools} data-alert={silent || undefined}>
      {!own && (
        <>
          <input
            type="range"
            className={css.volume}
            min={0}
            max={1}
            step={0.05}
            value={silent ? 0 : volume}
            aria-label={t('camera.volume', { name: shown })}
            onChange={(event) => onSound({ silent: false, volume: Number(event.target.value) })}
          />
          <Tool
            label={t(silent ? 'camera.unsilence' : 'camera.silence', { name: shown })}
            icon={silent ? <VolumeX size={17} aria-hidden /> : <Volume2 size={17} aria-hidden />}
            onClick={() => onSound({ silent: !silent, volume })}
          />
        </>
      )}
      <Tool
        label={t(isPinned ? 'meeting.unpin' : 'meeting.pin', { name: shown })}
        icon={isPinned ? <PinOff size={17} aria-hidden /> : <Pin size={17} aria-hidden />}
        onClick={() => ui.setStage({ pinned: isPinned ? undefined : key })}
      />
      <Tool
        label={t('camera.full', { name: shown })}
        icon={<Maximize2 size={16} aria-hidden />}
        onClick={() => toggleFullScreen(frame.current)}
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

function toggleFullScreen(frame: HTMLElement | null): void {
  if (document.fullscreenElement) void document.exitFullscreen();
  else void frame?.requestFullscreen?.().catch(() => undefined);
}
