import { changeSettings, settings } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import type { Receive } from '../../media/meeting/wanting.ts';
import { ChoiceField } from '../controls/fields.tsx';
import { useSession, useStore } from '../session-context.ts';
import css from './meeting.module.css';

const CHOICES = [
  { value: 'everything', text: t('meeting.receive-everything') },
  { value: 'screens', text: t('meeting.receive-screens') },
  { value: 'audio', text: t('meeting.receive-audio') },
  { value: 'nothing', text: t('meeting.receive-nothing') },
] as const;

/** How much of the meeting comes here. */
export function ReceiveField() {
  const { meeting } = useSession();
  const { receive } = useStore(settings);
  const pick = (choice: Receive) => {
    changeSettings({ receive: choice });
    meeting.setReceive(choice);
  };
  return (
    <div className={css.receive}>
      <ChoiceField label={t('meeting.receive')} value={receive} choices={CHOICES} onChange={pick} />
      <p className={css.what}>{t('meeting.receive-hint')}</p>
    </div>
  );
}
