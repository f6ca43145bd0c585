import { BellOff, EllipsisVertical, Gem, Hand, MessageCircleOff, ShieldCheck, VideoOff, VolumeX } from 'lucide-react';
import { memo } from 'react';
import { isOn } from '../../../../src/core/camera.ts';
import type { WireMember } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { hasRelation, turnOf } from '../../room/selectors.ts';
import { Avatar } from '../avatar.tsx';
import { useRoom, useScope, useSession } from '../session-context.ts';
import { statusText } from '../status-text.ts';
import { useFileDrop } from '../transfers/use-file-drop.ts';
import { CameraButton } from './camera-button.tsx';
import css from './people.module.css';

interface PersonRowProps {
  readonly person: WireMember;
  readonly self: boolean;
}

export const PersonRow = memo(function PersonRow({ person, self }: PersonRowProps) {
  const { ui } = useScope();
  const muted = useRoom((room) => hasRelation(room, 'mute', person.name));
  const turn = useRoom((room) => turnOf(room, person.id));
  const { name } = person;
  const drop = useFileDrop(name);
  const line = drop.over && !self ? t('files.drop', { name }) : describe(person);
  return (
    <li className={css.row} data-over={(drop.over && !self) || undefined} {...(self ? {} : drop.handlers)}>
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
          {person.noPresent && <Badge label={t('people.no-present')} icon={<VideoOff size={14} aria-hidden />} />}
          {person.noMessage && (
            <Badge label={t('people.no-message')} icon={<MessageCircleOff size={14} aria-hidden />} />
          )}
          {muted && <Badge label={t('people.muted')} icon={<VolumeX size={15} aria-hidden />} />}
        </p>
        {line !== '' && <p className={css.status}>{line}</p>}
      </div>
      {(self || turn > 0) && <HandSign turn={turn} self={self} />}
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

/** Whose turn it is; one's own can be taken back. */
function HandSign({ turn, self }: { readonly turn: number; readonly self: boolean }) {
  const { meeting } = useSession();
  const sign = (
    <>
      <Hand size={self ? 18 : 14} aria-hidden />
      {turn > 0 && (
        <>
          <span aria-hidden>{turn}</span>
          <span className="visually-hidden">{t('people.hand', { turn })}</span>
        </>
      )}
    </>
  );
  if (!self)
    return (
      <span className={css.hand} title={t('people.hand', { turn })}>
        {sign}
      </span>
    );
  const label = t(turn > 0 ? 'meeting.hand-down' : 'meeting.hand-up');
  return (
    <button
      type="button"
      className={css.ownHand}
      data-up={turn > 0 || undefined}
      aria-label={label}
      title={label}
      onClick={() => meeting.setHand({ raised: turn === 0 })}
    >
      {sign}
    </button>
  );
}

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
