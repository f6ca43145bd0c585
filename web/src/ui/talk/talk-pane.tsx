import { t } from '../../i18n/t.ts';
import { CaptionLines } from '../meeting/caption-lines.tsx';
import { MeetingStage } from '../meeting/meeting-stage.tsx';
import { useRoom } from '../session-context.ts';
import { VideoShelf } from '../video/video-shelf.tsx';
import { Composer } from './composer.tsx';
import { MessageList } from './message-list.tsx';
import { TalkHeader } from './talk-header.tsx';
import css from './talk-pane.module.css';
import { TypingLine } from './typing-line.tsx';
import { useDrop } from './use-drop.ts';
import { useTray } from './use-tray.ts';

export function TalkPane() {
  const thread = useRoom((room) => room.threads[room.open]);
  const tray = useTray(thread);
  const drop = useDrop(tray.add);
  return (
    <main className={css.pane} {...drop.handlers}>
      <TalkHeader thread={thread} />
      <MeetingStage />
      <VideoShelf />
      {thread ? (
        <>
          <MessageList key={thread.key} thread={thread} />
          <TypingLine thread={thread.key} />
          <Composer key={`composer ${thread.key}`} thread={thread} tray={tray} />
        </>
      ) : (
        <p className={css.pick}>{t('talk.pick')}</p>
      )}
      <CaptionLines />
      {drop.over && (
        <div className={css.drop} aria-hidden="true">
          {t('talk.drop')}
        </div>
      )}
    </main>
  );
}
