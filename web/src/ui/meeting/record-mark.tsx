import { t } from '../../i18n/t.ts';
import { useRoom } from '../session-context.ts';
import { clockTime } from '../talk/format-time.ts';
import css from './record-mark.module.css';

/** While the meeting is recorded, for everybody: in the head of the conversation, and over the meeting. */
export function RecordMark({ place }: { readonly place: 'head' | 'stage' }) {
  const since = useRoom((room) => room.meeting.recordingSince);
  const by = useRoom((room) => room.recordingBy);
  if (since === undefined) return null;
  const time = clockTime(since);
  const whole = by === undefined ? t('record.since', { time }) : t('record.since-by', { time, name: by });
  return (
    <p className={css.mark} data-place={place} title={whole}>
      <span className={css.dot} aria-hidden />
      {place === 'stage' && by !== undefined ? t('record.on-by', { name: by }) : t('record.on')}
    </p>
  );
}
