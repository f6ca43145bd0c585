import { Users, Video } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { useMeeting, useRoom, useScope } from '../session-context.ts';
import css from './meeting.module.css';

/** The way into the meeting; and back to looking on, for who may not be seen there. */
export function JoinButton() {
  const { session, ui } = useScope();
  const mayPresent = useRoom((room) => room.self?.permissions.includes('present') ?? false);
  const attending = useMeeting((meeting) => meeting.attending);
  const joined = useMeeting((meeting) => meeting.own !== undefined);
  if (!session.bootstrap.meetings || joined || (!mayPresent && attending)) return null;
  const text = mayPresent ? t('meeting.join') : t('meeting.watch');
  const press = () => (mayPresent ? ui.openDialog({ kind: 'meeting' }) : session.meeting.attend());
  return (
    <span className={css.join}>
      <Button look="primary" onPress={press} aria-label={text}>
        {mayPresent ? <Video size={18} aria-hidden /> : <Users size={18} aria-hidden />}
        <span className={css.joinText}>{text}</span>
        <span className={css.joinShort}>{t(mayPresent ? 'meeting.go' : 'meeting.watch-short')}</span>
      </Button>
    </span>
  );
}
