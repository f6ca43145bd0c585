import { Hash } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import type { Thread } from '../../room/thread.ts';
import { Avatar } from '../avatar.tsx';
import { useRoom } from '../session-context.ts';
import css from './message-list.module.css';

interface ThreadStartProps {
  readonly thread: Thread;
  readonly name: string;
}

/** Above the very first message. */
export function ThreadStart({ thread, name }: ThreadStartProps) {
  const { target } = thread;
  const description = useRoom((room) =>
    'channel' in target ? room.channels.find((channel) => channel.id === target.channel)?.description : undefined,
  );
  const direct = 'to' in target;
  return (
    <div className={css.start}>
      {direct ? (
        <Avatar name={name} size="large" />
      ) : (
        <span className={css.startSign} aria-hidden="true">
          <Hash size={34} />
        </span>
      )}
      <h2>{t(direct ? 'talk.start-direct' : 'talk.start-channel', { name })}</h2>
      <p>{direct ? t('talk.start-direct-text') : description || t('talk.start-channel-text')}</p>
    </div>
  );
}
