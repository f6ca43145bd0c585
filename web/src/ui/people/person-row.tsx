import { BellOff, EllipsisVertical, Gem, ShieldCheck, VolumeX } from 'lucide-react';
import { memo } from 'react';
import { isOn } from '../../../../src/core/camera.ts';
import type { WireMember } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { hasRelation } from '../../room/selectors.ts';
import { Avatar } from '../avatar.tsx';
import { useRoom, useScope } from '../session-context.ts';
import { statusText } from '../status-text.ts';
import { CameraButton } from './camera-button.tsx';
import css from './people.module.css';

interface PersonRowProps {
  readonly person: WireMember;
  readonly self: boolean;
}

export const PersonRow = memo(function PersonRow({ person, self }: PersonRowProps) {
  const { ui } = useScope();
  const muted = useRoom((room) => hasRelation(room, 'mute', person.name));
  const { name } = person;
  const line = describe(person);
  return (
    <li className={css.row}>
      <Avatar name={name} status={person.status} />
      <div className={css.text}>
        <p className={css.name}>
          <span className={css.nameText}>{person.nickname || name}</span>
          {/* Nicknames are anybody's; names belong to one person. */}
          {person.nickname && person.nickname !== name && <span className={css.you}>@{name}</span>}
          {self && <span className={css.you}>{t('people.you')}</span>}
          {person.operator && <Badge label={t('people.operator')} icon={<ShieldCheck size={15} aria-hidden />} />}
          {person.vip && !person.operator && <Badge label={t('people.vip')} icon={<Gem size={14} aria-hidden />} />}
          {person.dnd && <Badge label={t('own.dnd')} icon={<BellOff size={14} aria-hidden />} />}
          {muted && <Badge label={t('people.muted')} icon={<VolumeX size={15} aria-hidden />} />}
        </p>
        {line !== '' && <p className={css.status}>{line}</p>}
      </div>
      {isOn(person.camera) && <CameraButton person={person} self={self} />}
      {!self && (
        <button
          type="button"
          className={css.more}
          aria-label={t('people.actions', { name })}
          aria-haspopup="menu"
          onClick={(event) => ui.openPerson(name, event.currentTarget)}
        >
          <EllipsisVertical size={18} aria-hidden />
        </button>
      )}
    </li>
  );
});

function describe(person: WireMember): string {
  const status = person.status === 'online' ? '' : statusText(person.status);
  return [person.emoji, status].filter(Boolean).join(' · ');
}

function Badge({ label, icon }: { readonly label: string; readonly icon: React.ReactNode }) {
  return (
    <span className={css.badge} title={label}>
      {icon}
      <span className="visually-hidden">{label}</span>
    </span>
  );
}
