import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { ChoiceField, TextField } from '../controls/fields.tsx';
import { useRoom } from '../session-context.ts';
import { LINK_ROLES, type LinkRole, rolesWithin } from './link-roles.ts';
import css from './meeting.module.css';

export interface NewLink {
  readonly permissions: string[];
  readonly expires: number;
  readonly username?: string;
}

const HOUR = 3_600_000;
const DURATIONS = [
  { value: '1', text: t('links.hour') },
  { value: '24', text: t('links.day') },
  { value: '168', text: t('links.week') },
  { value: '720', text: t('links.month') },
  { value: '8760', text: t('links.year') },
] as const;
const MAX_NAME = 48;

export function LinkForm({ onCreate }: { readonly onCreate: (link: NewLink) => void }) {
  const permissions = useRoom((room) => room.self?.permissions);
  const roles = rolesWithin(permissions ?? []);
  const [picked, setPicked] = useState<LinkRole>('presenter');
  const role = roles.includes(picked) ? picked : (roles.at(-1) ?? 'observer');
  const [hours, setHours] = useState<(typeof DURATIONS)[number]['value']>('24');
  const [name, setName] = useState('');
  const username = name.trim();
  const create = () =>
    onCreate({
      permissions: [...LINK_ROLES[role]],
      expires: Date.now() + Number(hours) * HOUR,
      ...(username === '' ? {} : { username }),
    });
  return (
    <>
      <div className={css.linkForm}>
        <ChoiceField
          label={t('links.role')}
          value={role}
          choices={roles.map((value) => ({ value, text: t(`links.${value}`) }))}
          onChange={setPicked}
        />
        <ChoiceField label={t('links.expires')} value={hours} choices={DURATIONS} onChange={setHours} />
      </div>
      <TextField
        label={t('links.name')}
        hint={t('links.name-hint')}
        value={name}
        onChange={setName}
        maxLength={MAX_NAME}
      />
      <Button look="primary" onPress={create}>
        {t('links.create')}
      </Button>
    </>
  );
}
