import { memo } from 'react';
import { t } from '../../i18n/t.ts';
import type { Thread } from '../../room/thread.ts';
import type { TimelineItem } from '../../room/timeline.ts';
import { useRoom } from '../session-context.ts';
import { dayName } from './format-time.ts';
import { MarkdownText } from './markdown-text.tsx';
import css from './message-list.module.css';
import { MessageRow } from './message-row.tsx';
import { PassagesRow } from './passages-row.tsx';
import { PendingRow } from './pending-row.tsx';

interface TimelineRowProps {
  readonly item: TimelineItem;
  readonly thread: Thread;
  readonly active: boolean;
}

export const TimelineRow = memo(
  function TimelineRow({ item, thread, active }: TimelineRowProps) {
    switch (item.kind) {
      case 'message':
        return <MessageRow message={item.message} lead={item.lead} active={active} />;
      case 'pending':
        return <PendingRow message={item.message} lead={item.lead} target={thread.target} />;
      case 'passages':
        return <PassagesRow passages={item.passages} />;
      case 'welcome':
        return <WelcomeRow thread={thread} />;
      case 'day':
        return (
          <div className={css.day}>
            <span>{dayName(item.at, Date.now())}</span>
          </div>
        );
      case 'unread':
        return (
          <div className={css.unread} data-unread-divider>
            <span>{t('talk.new')}</span>
          </div>
        );
    }
  },
  (before, after) =>
    before.active === after.active && sameItem(before.item, after.item) && before.thread.key === after.thread.key,
);

/** The timeline is made anew with each message; what stands in it mostly stays. */
function sameItem(one: TimelineItem, other: TimelineItem): boolean {
  if (one.kind === 'message')
    return other.kind === 'message' && one.message === other.message && one.lead === other.lead;
  if (one.kind === 'pending')
    return other.kind === 'pending' && one.message === other.message && one.lead === other.lead;
  if (one.kind === 'passages') return other.kind === 'passages' && one.passages.length === other.passages.length;
  return one.kind === other.kind && one.key === other.key;
}

function WelcomeRow({ thread }: { readonly thread: Thread }) {
  const channel = 'channel' in thread.target ? thread.target.channel : undefined;
  const welcome = useRoom((room) => room.channels.find((each) => each.id === channel)?.welcome);
  if (!welcome) return null;
  return (
    <div className={css.welcome}>
      {welcome.map((text) => (
        <MarkdownText key={text} text={text} />
      ))}
    </div>
  );
}
