import { lazy, Suspense, useRef } from 'react';
import { t } from '../../i18n/t.ts';
import { useMeeting, useRoom, useSession, useStore, useUi } from '../session-context.ts';
import { ControlBar } from './control-bar.tsx';
import css from './meeting.module.css';
import { MeetingTileView } from './meeting-tile.tsx';
import { RecordMark } from './record-mark.tsx';
import { layoutOf } from './stage-layout.ts';
import { planStage } from './stage-plan.ts';
import { stageTiles } from './stage-tiles.ts';
import { useArea } from './use-area.ts';
import { useFigures } from './use-figures.ts';

const CaptionField = lazy(() => import('./caption-field.tsx').then(({ CaptionField: field }) => ({ default: field })));

/** The meeting, above the conversation. Not there while there is nothing of it. */
export function MeetingStage() {
  const meeting = useMeeting((state) => state);
  if (!meeting.own && !meeting.screen && meeting.tiles.length === 0) return null;
  return <Stage />;
}

function Stage() {
  const { listening, measuring } = useSession().meeting;
  const { stage } = useUi();
  const meeting = useMeeting((state) => state);
  const voices = useStore(listening.state);
  const measured = useStore(measuring.state);
  const figures = useFigures();
  const self = useRoom((room) => room.self);
  const members = useRoom((room) => room.members);
  const hands = useRoom((room) => room.hands);
  const mayCaption = self?.permissions.includes('caption') ?? false;
  const floor = useRef<HTMLUListElement>(null);
  const area = useArea(floor);
  const tiles = stageTiles(meeting, { self, members, hands });
  const plan = planStage(tiles, { ...stage, speaker: voices.speaker });
  const layout = area && layoutOf(plan, area);
  return (
    <section className={css.stage} aria-label={t('meeting.stage')} data-stage data-wide={stage.wide || undefined}>
      <ul ref={floor} className={css.floor} aria-label={t('meeting.tiles')}>
        {tiles.map((tile) => (
          <MeetingTileView
            key={tile.key}
            tile={tile}
            rect={layout?.tiles.get(tile.key)}
            isLarge={tile.key === plan.large}
            isPinned={tile.key === stage.pinned}
            measured={measured.get(tile.key)}
            figures={figures}
            isSpeaking={!tile.isSilent && voices.speaking.includes(tile.key)}
          />
        ))}
        {/* As high as all tiles are: what is placed by itself makes no room. */}
        <li className={css.depth} aria-hidden style={{ height: layout?.height ?? 0 }} />
      </ul>
      <RecordMark place="stage" />
      {stage.captioning && mayCaption && (
        <Suspense fallback={null}>
          <CaptionField />
        </Suspense>
      )}
      <ControlBar />
    </section>
  );
}
