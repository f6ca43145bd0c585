import { ArrowDown } from 'lucide-react';
import { useEffect, useMemo, useState } from 'react';
import type { WireMessage } from '../../../../src/dialects/parlour/wire.ts';
import { settings as settingsStore } from '../../connection/settings.ts';
import { t } from '../../i18n/t.ts';
import { selectUnheard, threadName } from '../../room/selectors.ts';
import type { Thread } from '../../room/thread.ts';
import { timeline } from '../../room/timeline.ts';
import { useRoom, useSession, useStore } from '../session-context.ts';
import { EmojiPopover } from './emoji-picker.tsx';
import { ImageLightbox } from './lightbox.tsx';
import { type Anchored, ListContext } from './list-context.ts';
import css from './message-list.module.css';
import { ThreadStart } from './thread-start.tsx';
import { TimelineRow } from './timeline-row.tsx';
import { useActiveRow } from './use-active-row.ts';
import { useFollowing } from './use-following.ts';

const KEEP = 250;
/** Beyond this, a thread that is read at its end drops its oldest messages; they can be loaded again. */
const TRIM_FROM = 500;
const NO_PASSAGES = [] as const;

/** A conversation. One stop of the Tab key; arrow keys go from message to message. */
export function MessageList({ thread }: { readonly thread: Thread }) {
  const { talk, room } = useSession();
  const [picking, setPicking] = useState<Anchored<WireMessage>>();
  const [image, setImage] = useState<WireMessage>();
  const list = useMemo(() => ({ pick: setPicking, show: setImage }), []);
  const react = (message: WireMessage, emoji: string) => {
    setPicking(undefined);
    const { self } = room.get();
    const by = message.reactions.find((reaction) => reaction.emoji === emoji)?.by ?? [];
    talk.react(message.id, emoji, { on: !by.includes(self?.name ?? '') });
  };
  return (
    <ListContext value={list}>
      <Conversation thread={thread} marked={picking?.value.id} />
      <EmojiPopover
        anchor={picking?.anchor}
        onClose={() => setPicking(undefined)}
        onPick={(emoji) => picking && react(picking.value, emoji)}
      />
      {image && <ImageLightbox message={image} onClose={() => setImage(undefined)} />}
    </ListContext>
  );
}

interface ConversationProps {
  readonly thread: Thread;
  /** The message that something is picked for. */
  readonly marked: number | undefined;
}

function Conversation({ thread, marked }: ConversationProps) {
  const { talk } = useSession();
  const items = useTimeline(thread);
  const name = useRoom((model) => threadName(model, thread));
  const following = useFollowing({ items, thread, loadOlder: () => talk.loadOlder(thread.target) });
  const { isActive, handlers } = useActiveRow(marked);
  useTrimming(thread, following.atEnd);
  return (
    <div className={css.scrollFrame}>
      <div
        ref={following.ref}
        className={css.scroll}
        role="log"
        aria-label={t('to' in thread.target ? 'talk.with' : 'talk.log', { name })}
        aria-busy={following.loading}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keyboard.
        tabIndex={0}
        onScroll={following.onScroll}
        {...handlers}
      >
        <div className={css.items}>
          {thread.past === 'complete' ? (
            <ThreadStart thread={thread} name={name} />
          ) : (
            <p className={css.loading}>{following.loading ? t('talk.loading') : ''}</p>
          )}
          {items.map((item) => (
            <TimelineRow
              key={item.key}
              item={item}
              thread={thread}
              active={item.kind === 'message' && isActive(item.message.id)}
            />
          ))}
        </div>
      </div>
      {!following.atEnd && (
        <button type="button" className={css.jump} onClick={following.jump}>
          <ArrowDown size={16} aria-hidden />
          {following.missed > 0 ? t('talk.jump-new', { count: following.missed }) : t('talk.jump')}
        </button>
      )}
    </div>
  );
}

function useTrimming(thread: Thread, atEnd: boolean): void {
  const { room } = useSession();
  const { key, messages } = thread;
  useEffect(() => {
    if (atEnd && messages.length > TRIM_FROM) room.dispatch({ type: 'trim', key, keep: KEEP });
  }, [atEnd, messages.length, key, room]);
}

function useTimeline(thread: Thread) {
  const { passages: wanted } = useStore(settingsStore);
  const all = useRoom((room) => room.passages);
  const divider = useRoom((room) => room.divider);
  const enteredAfter = useRoom((room) => room.enteredAfter);
  const channel = 'channel' in thread.target ? thread.target.channel : undefined;
  const welcome = useRoom((room) => room.channels.find((each) => each.id === channel)?.welcome);
  const unheard = useRoom(selectUnheard);
  return useMemo(() => {
    const passages = wanted && channel !== undefined ? all : NO_PASSAGES;
    const welcomeAfter = welcome && welcome.length > 0 ? { welcomeAfter: enteredAfter } : {};
    return timeline(thread, { passages, divider, ...(channel === undefined ? {} : { unheard }), ...welcomeAfter });
  }, [thread, wanted, all, divider, enteredAfter, channel, welcome, unheard]);
}
