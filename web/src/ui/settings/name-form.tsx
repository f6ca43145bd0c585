import { type FormEvent, useState } from 'react';
import { errorText } from '../../connection/server.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { TextField } from '../controls/fields.tsx';
import { useRoom, useSession } from '../session-context.ts';
import css from './settings.module.css';
import { useAttempt } from './use-attempt.ts';

const MAX_NAME = 48;

/** Another name, for who has no account. Where somebody else bears it, the server gives the next free one. */
export function NameForm() {
  const { account, room, toasts } = useSession();
  const known = useRoom((model) => model.self?.name ?? '');
  const [name, setName] = useState(known);
  const { busy, refusal, run } = useAttempt(errorText);
  const wanted = name.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (wanted === '' || wanted === known || busy) return;
    if (!(await run(() => account.rename(wanted)))) return;
    const given = room.get().self?.name ?? wanted;
    toasts.show(t('account.renamed', { name: given }), 'good');
    setName(given);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={css.entry} noValidate>
      <TextField
        label={t('account.name')}
        value={name}
        onChange={setName}
        maxLength={MAX_NAME}
        autoComplete="nickname"
        error={refusal}
      />
      <Button type="submit">{t('account.rename')}</Button>
    </form>
  );
}
