import { type FormEvent, useState } from 'react';
import { RefusedError } from '../../../../src/dialects/parlour/client.ts';
import { errorText } from '../../connection/server.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { PasswordField } from '../controls/password-field.tsx';
import { useSession } from '../session-context.ts';
import css from './settings.module.css';
import { useAttempt } from './use-attempt.ts';

interface PasswordFormProps {
  readonly name: string;
  readonly hasAccount: boolean;
  /** Of another thing than the account. */
  readonly setPassword?: (change: { readonly current?: string; readonly password: string }) => Promise<void>;
}

const BLANK = { current: '', password: '', again: '' } as const;

/** Another password for an account, or the first one, which makes it. */
export function PasswordForm({ name, hasAccount, setPassword }: PasswordFormProps) {
  const { account, toasts } = useSession();
  const [fields, setFields] = useState<Readonly<Record<keyof typeof BLANK, string>>>(BLANK);
  const [differ, setDiffer] = useState(false);
  const { busy, refusal, run } = useAttempt(explain);
  const change = (key: keyof typeof BLANK) => (value: string) => setFields({ ...fields, [key]: value });
  const { current, password, again } = fields;
  const submit = async (event: FormEvent) => {
    event.preventDefault();
    setDiffer(password !== again);
    if (password !== again || busy) return;
    const set = setPassword ?? ((order) => account.setPassword(order));
    if (!(await run(() => set(hasAccount ? { current, password } : { password })))) return;
    toasts.show(t(hasAccount ? 'account.changed' : 'account.made', { name }), 'good');
    setFields(BLANK);
  };
  return (
    <form onSubmit={(event) => void submit(event)} className={css.form} noValidate>
      <h4>{t(hasAccount ? 'account.change' : 'account.keep')}</h4>
      {!hasAccount && <p className={css.hint}>{t('account.keep-text')}</p>}
      {/* For the browser's own keeping of passwords: it wants to know whose it is. */}
      <input hidden readOnly type="text" autoComplete="username" value={name} />
      {refusal !== undefined && (
        <p className={css.refusal} role="alert">
          {refusal}
        </p>
      )}
      {hasAccount && (
        <PasswordField
          label={t('account.current')}
          value={current}
          onChange={change('current')}
          autoComplete="current-password"
        />
      )}
      <PasswordField
        label={t('account.new')}
        value={password}
        onChange={change('password')}
        autoComplete="new-password"
      />
      <PasswordField
        label={t('account.again')}
        value={again}
        onChange={change('again')}
        autoComplete="new-password"
        error={differ ? t('account.differ') : undefined}
      />
      <Button type="submit">{t(hasAccount ? 'account.change' : 'account.set')}</Button>
    </form>
  );
}

/** The server says the same as at the door, where there is a name as well. */
function explain(error: unknown): string {
  return error instanceof RefusedError && error.code === 'login-failed' ? t('account.wrong') : errorText(error);
}
