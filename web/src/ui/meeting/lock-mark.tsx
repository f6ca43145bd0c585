import { Lock } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { useRoom } from '../session-context.ts';
import css from './meeting.module.css';

/** In the head of the conversation, while operators alone can come in. */
export function LockMark() {
  const { locked, lockMessage = '' } = useRoom((room) => room.meeting);
  if (!locked) return null;
  return (
    <span
      className={css.lock}
      role="img"
      aria-label={t('meeting.locked-hint')}
      title={lockMessage || t('meeting.locked-hint')}
    >
      <Lock size={15} aria-hidden />
      <span className={css.lockText}>{t('meeting.locked')}</span>
    </span>
  );
}
