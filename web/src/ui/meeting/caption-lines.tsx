import { t } from '../../i18n/t.ts';
import { useSession, useStore } from '../session-context.ts';
import css from './meeting.module.css';

/** What is said, in writing, over the end of the conversation. Read out when nothing else is. */
export function CaptionLines() {
  const { captions } = useSession();
  const shown = useStore(captions.state);
  return (
    <section className={css.captions} aria-label={t('meeting.captions')} aria-live="polite">
      {shown.map(({ id, name, text }) => (
        <p key={id}>
          <strong>{name}</strong> {text}
        </p>
      ))}
    </section>
  );
}
