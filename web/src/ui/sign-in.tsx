import { type FormEvent, useState } from 'react';
import type { Bootstrap } from '../connection/bootstrap.ts';
import { t } from '../i18n/t.ts';
import { Button } from './controls/button.tsx';
import { TextField } from './controls/fields.tsx';
import { Logo } from './logo.tsx';
import css from './sign-in.module.css';

interface SignInProps {
  readonly bootstrap: Bootstrap;
  readonly invited: boolean;
  readonly knownName: string;
  readonly error: string | undefined;
  readonly onJoin: (name: string) => void;
}

const MAX_NAME = 48;

export function SignIn({ bootstrap, invited, knownName, error, onJoin }: SignInProps) {
  const [name, setName] = useState(knownName);
  const [missing, setMissing] = useState(false);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const chosen = name.trim();
    setMissing(chosen === '');
    if (chosen !== '') onJoin(chosen);
  };
  const closed = !bootstrap.guestsAllowed && !invited && knownName === '';
  const intro = invited ? t('signin.invited') : closed ? t('signin.no-guests') : t('signin.intro');
  return (
    <main className={css.page}>
      <form className={css.card} onSubmit={submit} noValidate>
        <Logo size={52} />
        <div className={css.words}>
          <p className={css.site}>{bootstrap.title}</p>
          <h1 className={css.title}>
            {knownName !== '' && !invited ? t('signin.back') : t('signin.title')}{' '}
            <span className={css.room}>{t('signin.to', { room: bootstrap.roomTitle })}</span>
          </h1>
          <p className={css.intro}>{intro}</p>
        </div>
        {error !== undefined && (
          <p className={css.error} role="alert">
            {error}
          </p>
        )}
        <TextField
          label={t('signin.name')}
          value={name}
          onChange={setName}
          maxLength={MAX_NAME}
          autoComplete="nickname"
          autoFocus
          error={missing ? t('signin.empty') : undefined}
        />
        <Button type="submit" look="primary">
          {t('signin.join')}
        </Button>
        {bootstrap.landingPage !== undefined && (
          <p className={css.footnote}>
            <a href={bootstrap.landingPage}>{t('signin.website')}</a>
          </p>
        )}
        <p className={css.footnote}>{t('signin.footnote')}</p>
      </form>
    </main>
  );
}
