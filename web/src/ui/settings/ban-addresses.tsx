import { type FormEvent, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { TextField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';
import css from './settings.module.css';

const HOURS = 24;

/** Keeps everybody out who comes from some addresses; for a day, as a ban of somebody is unless said otherwise. */
export function BanAddresses({ onBanned }: { readonly onBanned: () => void }) {
  const { server, toasts } = useSession();
  const [addresses, setAddresses] = useState('');
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const range = addresses.trim();
    if (range === '' || !(await server.tell({ type: 'ban-addresses', addresses: range, hours: HOURS }))) return;
    toasts.show(t('person.banned', { name: range }), 'good');
    setAddresses('');
    onBanned();
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={css.line}>
      <TextField
        label={t('settings.ban-addresses')}
        hint={t('settings.ban-addresses-hint')}
        value={addresses}
        onChange={setAddresses}
        maxLength={64}
      />
      <Button type="submit">{t('ban.do')}</Button>
    </form>
  );
}
