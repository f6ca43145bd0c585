import { Activity, DoorOpen } from 'lucide-react';
import { useState } from 'react';
import { t } from '../i18n/t.ts';
import { CheckDialog } from './connection/check-dialog.tsx';
import { Button, TextButton } from './controls/button.tsx';
import { TextField } from './controls/fields.tsx';
import { PasswordField } from './controls/password-field.tsx';
import { Logo } from './logo.tsx';
import { RoomsDialog } from './rooms/rooms-dialog.tsx';
import css from './sign-in.module.css';
import { type Door, useEntry } from './use-entry.ts';

interface SignInProps extends Door {
  readonly invited: boolean;
  /** Somebody was here before, in this browser. */
  readonly known: boolean;
}

const MAX_NAME = 48;

export function SignIn(props: SignInProps) {
  const { bootstrap, refusal } = props;
  const [open, setOpen] = useState<'rooms' | 'check'>();
  const close = () => setOpen(undefined);
  const { roomTitle, title, landingPage, roomsAllowed, guestsAllowed } = bootstrap;
  return (
    <main className={css.page}>
      <div className={css.card}>
        <Logo size={52} />
        <div className={css.words}>
          <p className={css.site}>{title}</p>
          <h1 className={css.title}>
            {props.known && !props.invited ? t('signin.back') : t('signin.title')}{' '}
            <span className={css.room}>{t('signin.to', { room: roomTitle })}</span>
          </h1>
          <p className={css.intro}>{intro(props)}</p>
        </div>
        {refusal !== undefined && (
          <p className={css.error} role="alert">
            {refusal.message}
          </p>
        )}
        <EntryForm {...props} />
        {landingPage !== undefined && (
          <p className={css.footnote}>
            <a href={landingPage}>{t('signin.website')}</a>
          </p>
        )}
        <p className={css.footnote}>{t('signin.footnote')}</p>
        <div className={css.elsewhere}>
          <TextButton onPress={() => setOpen('rooms')}>
            <DoorOpen size={16} aria-hidden />
            {t('rooms.title')}
          </TextButton>
          <TextButton onPress={() => setOpen('check')}>
            <Activity size={16} aria-hidden />
            {t('check.title')}
          </TextButton>
        </div>
      </div>
      {open === 'check' && <CheckDialog servers={bootstrap.ice} onClose={close} />}
      {open === 'rooms' && (
        <RoomsDialog here={bootstrap.room} mayCreate={roomsAllowed && guestsAllowed} onClose={close} />
      )}
    </main>
  );
}

function EntryForm(door: Door) {
  const { form, change, focus, errors, submit } = useEntry(door);
  return (
    <form className={css.form} onSubmit={submit} noValidate>
      <TextField
        label={t('signin.name')}
        value={form.name}
        onChange={(name) => change({ name })}
        maxLength={MAX_NAME}
        autoComplete={form.hasAccount ? 'username' : 'nickname'}
        autoFocus={focus === 'name'}
        error={errors.name}
      />
      {form.hasAccount && (
        <PasswordField
          label={t('signin.password')}
          value={form.password}
          onChange={(password) => change({ password })}
          autoComplete="current-password"
          autoFocus={focus !== 'roomPassword'}
          error={errors.password}
        />
      )}
      <TextButton aria-expanded={form.hasAccount} onPress={() => change({ hasAccount: !form.hasAccount })}>
        {t(form.hasAccount ? 'signin.no-account' : 'signin.has-account')}
      </TextButton>
      {form.asksRoom && (
        <PasswordField
          label={t('signin.room-password')}
          value={form.roomPassword}
          onChange={(roomPassword) => change({ roomPassword })}
          autoComplete="off"
          autoFocus={focus === 'roomPassword'}
          error={errors.roomPassword}
        />
      )}
      <Button type="submit" look="primary">
        {t('signin.join')}
      </Button>
    </form>
  );
}

function intro({ bootstrap, invited, known }: SignInProps): string {
  if (invited) return t('signin.invited');
  return t(!bootstrap.guestsAllowed && !known ? 'signin.no-guests' : 'signin.intro');
}
