import { t } from '../../i18n/t.ts';
import { ChoiceField, SwitchField, TextField } from '../controls/fields.tsx';
import { PasswordField } from '../controls/password-field.tsx';
import css from './rooms.module.css';
import type { Creation } from './use-creation.ts';

const MAX_NAME = 64;

const LIMITS = [
  { value: '0', text: t('rooms.limit-none') },
  ...['2', '3', '5', '10'].map((value) => ({ value, text: t('rooms.limit-some', { count: value }) })),
];

/** A room of one's own. Its buttons are those of the dialog. */
export function RoomForm({ id, creation }: { readonly id: string; readonly creation: Creation }) {
  const { order, change, missing, refusal, submit } = creation;
  return (
    <form id={id} className={css.form} onSubmit={submit} noValidate>
      {refusal !== undefined && (
        <p className={css.refusal} role="alert">
          {refusal}
        </p>
      )}
      <TextField
        label={t('rooms.name')}
        value={order.name}
        onChange={(name) => change({ name })}
        maxLength={MAX_NAME}
        autoComplete="off"
        autoFocus
        error={missing ? t('rooms.name-empty') : undefined}
      />
      <PasswordField
        label={t('rooms.password-new')}
        hint={t('rooms.password-hint')}
        value={order.password}
        onChange={(password) => change({ password })}
        autoComplete="off"
      />
      <ChoiceField
        label={t('rooms.limit')}
        value={String(order.guestLimit)}
        choices={LIMITS}
        onChange={(limit) => change({ guestLimit: Number(limit) })}
      />
      <SwitchField on={order.isPublic} onChange={(isPublic) => change({ isPublic })} hint={t('rooms.public-hint')}>
        {t('rooms.public')}
      </SwitchField>
    </form>
  );
}
