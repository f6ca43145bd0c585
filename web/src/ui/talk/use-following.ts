import { type RefObject, useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Thread } from '../../room/thread.ts';
import type { TimelineItem } from '../../room/timeline.ts';
import { Following } from './following.ts';

interface FollowingOptions {
  readonly items: readonly TimelineItem[];
  readonly thread: Thread;
  readonly loadOlder: () => Promise<void>;
}

/** Keeps a conversation at its end while its reader is there, and where they are while they are not. */
export function useFollowing({ items, thread, loadOlder }: FollowingOptions) {
  const first = thread.messages[0]?.id;
  const last = thread.messages.at(-1)?.id ?? 0;
  const sending = thread.pending.length;
  const ref = useRef<HTMLDivElement>(null);
  const [following] = useState(() => new Following({ first, last, sending }));
  const [atEnd, setAtEnd] = useState(true);
  const older = useOlder({ thread, loadOlder, near: () => ref.current !== null && following.wantsOlder(ref.current) });

  // The items change whenever something here does.
  useLayoutEffect(() => {
    const scroller = ref.current;
    if (!scroller) return;
    const divider = scroller.querySelector('[data-unread-divider]');
    const place = divider instanceof HTMLElement ? divider.offsetTop : undefined;
    following.changed(scroller, { first, last, sending, filled: items.length > 0 }, place);
    setAtEnd(following.atEnd);
  }, [items, following]);
  useStickiness(ref, following);

  const onScroll = () => {
    if (!ref.current) return;
    following.scrolled(ref.current, last);
    setAtEnd(following.atEnd);
    older.look();
  };
  const jump = () => {
    if (!ref.current) return;
    following.jump(ref.current);
    setAtEnd(true);
  };
  const missed = atEnd ? 0 : thread.messages.filter((message) => message.id > following.seen).length;
  return { ref, atEnd, loading: older.loading, onScroll, jump, missed };
}

interface OlderOptions extends Omit<FollowingOptions, 'items'> {
  readonly near: () => boolean;
}

/** Fetches earlier messages while their place is near, page after page. */
function useOlder({ thread, loadOlder, near }: OlderOptions) {
  const [loading, setLoading] = useState(false);
  const look = () => {
    if (loading || thread.past === 'complete' || !near()) return;
    setLoading(true);
    void loadOlder().finally(() => setLoading(false));
  };
  const latest = useRef(look);
  latest.current = look;
  const place = `${thread.messages[0]?.id} ${thread.past}`;
  const tried = useRef('');
  useEffect(() => {
    // A page that could not be fetched is asked for again when somebody scrolls, not at once.
    if (loading || tried.current === place) return;
    tried.current = place;
    latest.current();
  }, [place, loading]);
  return { loading, look };
}

/** Pictures, the keyboard of a phone and opened cameras change heights without a change of ours. */
function useStickiness(ref: RefObject<HTMLElement | null>, following: Following): void {
  const stick = useCallback(() => {
    if (ref.current) following.stick(ref.current);
  }, [ref, following]);
  useEffect(() => {
    const scroller = ref.current;
    if (!scroller) return;
    const observer = new ResizeObserver(stick);
    observer.observe(scroller);
    for (const child of scroller.children) observer.observe(child);
    return () => observer.disconnect();
  }, [ref, stick]);
}
