import { type FormEvent, useState } from 'react';
import { errorText } from '../../connection/server.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { TextField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';
import css from './settings.module.css';
import { useAttempt } from './use-attempt.ts';

const MAX_LENGTH = 1000;

/** A notice that all in the room read at once. */
export function AnnouncementForm() {
  const { server, toasts } = useSession();
  const [text, setText] = useState('');
  const { busy, refusal, run } = useAttempt(errorText);
  const notice = text.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    if (!(await run(() => server.client.ask({ type: 'announce', text: notice })))) return;
    toasts.show(t('announce.done'), 'good');
    setText('');
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={css.form} noValidate>
      <TextField
        label={t('announce.text')}
        hint={t('announce.hint')}
        value={text}
        onChange={setText}
        maxLength={MAX_LENGTH}
        autoComplete="off"
        error={refusal}
      />
      <Button type="submit">{t('announce.do')}</Button>
    </form>
  );
}
