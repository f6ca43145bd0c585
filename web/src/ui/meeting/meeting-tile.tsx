import { Hand, MicOff } from 'lucide-react';
import { useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Avatar } from '../avatar.tsx';
import { cx } from '../cx.ts';
import { useScope } from '../session-context.ts';
import { useFileDrop } from '../transfers/use-file-drop.ts';
import { VideoPicture } from '../video/video-picture.tsx';
import { LastFrame } from './last-frame.tsx';
import css from './meeting.module.css';
import { MeetingTileTools, type Sound } from './meeting-tile-tools.tsx';
import type { Rect } from './stage-layout.ts';
import type { StageTile } from './stage-tiles.ts';
import { useLook } from './use-look.ts';

interface MeetingTileViewProps {
  readonly tile: StageTile;
  /** Absent before the stage knows its size. */
  readonly rect: Rect | undefined;
  readonly isLarge: boolean;
  readonly isPinned: boolean;
  readonly isSpeaking: boolean;
}

/** Below this nothing fits beside a name. */
const SMALL = 150;

/** Somebody in the meeting, or their screen. */
export function MeetingTileView({ tile, rect, isLarge, isPinned, isSpeaking }: MeetingTileViewProps) {
  const { own, kind, stream, hasPicture } = tile;
  const frame = useRef<HTMLLIElement>(null);
  const [sound, setSound] = useState<Sound>({ silent: false, volume: 1 });
  const drop = useFileDrop(tile.name);
  useLook(frame, tile.received);
  return (
    <li
      ref={frame}
      className={css.tile}
      style={rect ?? { visibility: 'hidden' }}
      data-kind={kind}
      data-large={isLarge || undefined}
      data-small={(rect && rect.width < SMALL) || undefined}
      data-speaking={isSpeaking || undefined}
      {...(own ? {} : drop.handlers)}
    >
      <VideoPicture
        className={cx(css.picture)}
        stream={stream}
        label={labelOf(tile)}
        muted={own || sound.silent}
        volume={sound.volume}
        mirrored={own && kind === 'camera'}
        onSilenced={() => setSound((known) => ({ ...known, silent: true }))}
      />
      {!own && <LastFrame of={frame} stream={stream} />}
      {!hasPicture && <Initials tile={tile} />}
      {tile.isConnecting && hasPicture && !stream && <p className={css.waiting}>{t('meeting.connecting')}</p>}
      <Caption tile={tile} isSpeaking={isSpeaking} />
      {drop.over && !own && (
        <p className={css.over} aria-hidden>
          {t('files.drop', { name: tile.name })}
        </p>
      )}
      <MeetingTileTools tile={tile} frame={frame} isPinned={isPinned} sound={sound} onSound={setSound} />
    </li>
  );
}

function Initials({ tile }: { readonly tile: StageTile }) {
  return (
    <div className={css.initials}>
      <Avatar name={tile.name} size="large" />
    </div>
  );
}

function Caption({ tile, isSpeaking }: { readonly tile: StageTile; readonly isSpeaking: boolean }) {
  const { ui } = useScope();
  const { own, name, kind, isSilent, turn } = tile;
  return (
    <div className={css.caption}>
      {turn > 0 && (
        <span className={css.hand} title={t('meeting.hand', { turn })}>
          <Hand size={14} aria-hidden />
          <span aria-hidden>{turn}</span>
          <span className="visually-hidden">{t('meeting.hand', { turn })}</span>
        </span>
      )}
      {isSilent && <MicOff size={14} role="img" aria-label={t('meeting.muted')} />}
      {own || kind === 'screen' ? (
        <span className={css.name}>{nameOf(tile)}</span>
      ) : (
        <button type="button" className={css.name} onClick={(event) => ui.openPerson(name, event.currentTarget)}>
          {name}
        </button>
      )}
      {isSpeaking && <span className="visually-hidden">{t('meeting.speaking')}</span>}
    </div>
  );
}

function nameOf({ own, name, kind }: StageTile): string {
  if (kind === 'screen') return own ? t('meeting.your-screen') : t('meeting.screen-of', { name });
  return own ? t('meeting.you', { name }) : name;
}

function labelOf(tile: StageTile): string {
  if (tile.kind === 'screen') return nameOf(tile);
  return tile.own ? t('meeting.your-tile') : t('meeting.tile', { name: tile.name });
}
