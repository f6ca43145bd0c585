import { type FormEvent, useState } from 'react';
import { errorText } from '../../connection/server.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { SwitchField, TextField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';
import css from './settings.module.css';
import { useAttempt } from './use-attempt.ts';

const BLANK = { name: '', description: '', vip: false, photos: true };

/** A channel that the server makes; its id is made of the name. */
export function ChannelForm() {
  const { server, toasts } = useSession();
  const [channel, setChannel] = useState(BLANK);
  const { busy, refusal, run } = useAttempt(errorText);
  const change = (said: Partial<typeof BLANK>) => setChannel({ ...channel, ...said });
  const name = channel.name.trim();
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (busy) return;
    const description = channel.description.trim();
    if (!(await run(() => server.client.ask({ ...channel, type: 'create-channel', name, description })))) return;
    toasts.show(t('manage.created', { name }), 'good');
    setChannel(BLANK);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={css.form} noValidate>
      <h4>{t('manage.new')}</h4>
      <TextField
        label={t('manage.name')}
        value={channel.name}
        onChange={(text) => change({ name: text })}
        maxLength={100}
        autoComplete="off"
        error={refusal}
      />
      <TextField
        label={t('manage.description')}
        value={channel.description}
        onChange={(description) => change({ description })}
        maxLength={500}
        autoComplete="off"
      />
      <SwitchField on={channel.vip} onChange={(vip) => change({ vip })}>
        {t('manage.vip')}
      </SwitchField>
      <SwitchField on={channel.photos} onChange={(photos) => change({ photos })}>
        {t('manage.photos')}
      </SwitchField>
      <Button type="submit">{t('manage.create')}</Button>
    </form>
  );
}
