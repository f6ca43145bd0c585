import { Gem, Hash } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { memberNamed, type ThreadLine } from '../../room/selectors.ts';
import { Avatar } from '../avatar.tsx';
import { useRoom, useScope } from '../session-context.ts';
import css from './channels.module.css';

/** A channel, or somebody we write to, with what is new there. */
export function ThreadLink({ line }: { readonly line: ThreadLine }) {
  const { session, ui } = useScope();
  const { channel, name, unread } = line;
  const target = channel ? { channel: channel.id } : { to: name };
  return (
    <li>
      <button
        type="button"
        className={css.link}
        data-unread={unread > 0 || undefined}
        aria-current={line.open ? 'page' : undefined}
        onClick={() => ui.openThread(session, target)}
      >
        {channel ? <ChannelSign icon={channel.icon} vip={channel.vip} /> : <PersonSign name={name} />}
        <span className={css.linkName}>{name}</span>
        {unread > 0 && (
          <span className={css.badge} data-loud={line.mention || !channel || undefined}>
            <span aria-hidden="true">{line.mention && channel ? '@' : unread > 99 ? '99+' : unread}</span>
            <span className="visually-hidden">
              {t('thread.unread', { count: unread })}
              {line.mention && `, ${t('thread.mentioned')}`}
            </span>
          </span>
        )}
      </button>
    </li>
  );
}

/** Channels may name an emoji; other clients know style classes, which mean nothing here. */
function ChannelSign({ icon, vip }: { readonly icon: string; readonly vip: boolean }) {
  if (/\p{Extended_Pictographic}/u.test(icon)) {
    return (
      <span className={css.sign} aria-hidden="true">
        {icon}
      </span>
    );
  }
  return (
    <span className={css.sign} title={vip ? t('channels.vip') : undefined}>
      {vip ? <Gem size={16} aria-hidden /> : <Hash size={17} aria-hidden />}
    </span>
  );
}

function PersonSign({ name }: { readonly name: string }) {
  const status = useRoom((room) => memberNamed(room, name)?.status);
  return <Avatar name={name} size="small" status={status} />;
}
