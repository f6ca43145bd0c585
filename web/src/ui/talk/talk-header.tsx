import { Gem, Hash, Users } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { memberNamed } from '../../room/selectors.ts';
import type { Thread } from '../../room/thread.ts';
import { Avatar } from '../avatar.tsx';
import { IconButton } from '../controls/button.tsx';
import { JoinButton } from '../meeting/join-button.tsx';
import { LockMark } from '../meeting/lock-mark.tsx';
import { RecordMark } from '../meeting/record-mark.tsx';
import { RoomTools } from '../meeting/room-tools.tsx';
import { useRoom, useScope, useUi } from '../session-context.ts';
import { statusText } from '../status-text.ts';
import { CameraControls } from '../video/camera-controls.tsx';
import css from './talk-pane.module.css';

export function TalkHeader({ thread }: { readonly thread: Thread | undefined }) {
  const { ui } = useScope();
  const { pane } = useUi();
  const people = useRoom((room) => Object.keys(room.members).length);
  return (
    <header className={css.head}>
      {thread &&
        ('to' in thread.target ? <DirectTitle name={thread.target.to} /> : <ChannelTitle id={thread.target.channel} />)}
      <div className={css.headTools}>
        <RecordMark place="head" />
        <LockMark />
        <JoinButton />
        <CameraControls />
        <RoomTools />
        <span className={css.peopleToggle}>
          <IconButton
            label={`${t('people.toggle')} (${people})`}
            icon={<Users size={20} />}
            aria-expanded={pane === 'people'}
            onPress={() => ui.show(pane === 'people' ? 'talk' : 'people')}
          />
        </span>
      </div>
    </header>
  );
}

function ChannelTitle({ id }: { readonly id: string }) {
  const channel = useRoom((room) => room.channels.find((each) => each.id === id));
  const Icon = channel?.vip ? Gem : Hash;
  return (
    <div className={css.headTitle}>
      <Icon size={20} aria-hidden />
      <h1>{channel?.name ?? id}</h1>
      {channel?.description && <p title={channel.description}>{channel.description}</p>}
    </div>
  );
}

function DirectTitle({ name }: { readonly name: string }) {
  const status = useRoom((room) => memberNamed(room, name)?.status);
  return (
    <div className={css.headTitle}>
      <Avatar name={name} size="small" status={status} />
      <h1>{name}</h1>
      <p>{status === undefined ? t('talk.direct-hint') : statusText(status)}</p>
    </div>
  );
}
