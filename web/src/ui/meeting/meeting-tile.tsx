import { Hand, MicOff } from 'lucide-react';
import { lazy, Suspense, useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import type { Measured } from '../../media/meeting/measuring/measuring.ts';
import { Avatar } from '../avatar.tsx';
import { cx } from '../cx.ts';
import { useScope } from '../session-context.ts';
import { useFileDrop } from '../transfers/use-file-drop.ts';
import { VideoPicture } from '../video/video-picture.tsx';
import { LastFrame } from './last-frame.tsx';
import css from './meeting.module.css';
import { MeetingTileTools, type Sound } from './meeting-tile-tools.tsx';
import { QualityMark } from './quality-mark.tsx';
import type { Rect } from './stage-layout.ts';
import type { StageTile } from './stage-tiles.ts';
import { useLook } from './use-look.ts';

const FiguresOverlay = lazy(() =>
  import('./figures-overlay.tsx').then(({ FiguresOverlay: overlay }) => ({ default: overlay })),
);

interface MeetingTileViewProps {
  readonly tile: StageTile;
  /** Absent before the stage knows its size. */
  readonly rect: Rect | undefined;
  readonly isLarge: boolean;
  readonly isPinned: boolean;
  readonly isSpeaking: boolean;
  /** How it gets through; absent before that is known. */
  readonly measured: Measured | undefined;
  /** Whether its figures are shown. */
  readonly figures: boolean;
}

/** Below this nothing fits beside a name. */
const SMALL = 150;

/** Somebody in the meeting, or their screen. */
export function MeetingTileView(props: MeetingTileViewProps) {
  const { tile, rect, isLarge, isPinned, isSpeaking, measured, figures } = props;
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
      {figures && (
        <Suspense fallback={null}>
          <FiguresOverlay measured={measured} asked={tile.received?.asked} label={nameOf(tile)} />
        </Suspense>
      )}
      <Caption tile={tile} isSpeaking={isSpeaking} measured={measured} />
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

type CaptionProps = Pick<MeetingTileViewProps, 'tile' | 'isSpeaking' | 'measured'>;

function Caption({ tile, isSpeaking, measured }: CaptionProps) {
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
      {measured && <QualityMark measured={measured} own={own} />}
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
