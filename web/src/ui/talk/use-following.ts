import { useCallback, useEffect, useLayoutEffect, useRef, useState } from 'react';
import type { Thread } from '../../room/thread.ts';
import type { TimelineItem } from '../../room/timeline.ts';

interface FollowingOptions {
  readonly items: readonly TimelineItem[];
  readonly thread: Thread;
  readonly loadOlder: () => Promise<void>;
}

/** This close to the end counts as its end. Pixels. */
const END = 48;
/** Older messages are fetched this long before their place is reached. Pixels. */
const AHEAD = 600;

/** Keeps a conversation at its end while its reader is there, and where they are while they are not. */
export function useFollowing({ items, thread, loadOlder }: FollowingOptions) {
  const first = thread.messages[0]?.id;
  const lastId = thread.messages.at(-1)?.id ?? 0;
  const sending = thread.pending.length;
  const complete = thread.past === 'complete';
  const ref = useRef<HTMLDivElement>(null);
  const [atEnd, setAtEnd] = useState(true);
  const [loading, setLoading] = useState(false);
  const following = useRef(true);
  const before = useRef({ first, sending, height: 0, started: false });
  const seen = useRef(lastId);

  const stick = useCallback(() => {
    const scroller = ref.current;
    if (scroller && following.current) scroller.scrollTop = scroller.scrollHeight;
  }, []);

  // After each change of what is shown.
  useLayoutEffect(() => {
    const scroller = ref.current;
    if (!scroller) return;
    const { first: formerFirst, height, started } = before.current;
    // Who writes wants to see it stand there.
    if (sending > before.current.sending) following.current = true;
    const divider = started ? null : scroller.querySelector('[data-unread-divider]');
    if (divider instanceof HTMLElement) {
      scroller.scrollTop = Math.max(0, divider.offsetTop - scroller.clientHeight / 3);
      following.current = isAtEnd(scroller);
      setAtEnd(following.current);
    } else if (following.current) scroller.scrollTop = scroller.scrollHeight;
    else if (first !== undefined && formerFirst !== undefined && first < formerFirst) {
      // Older ones came in above: what is read stays under the eye.
      scroller.scrollTop += scroller.scrollHeight - height;
    }
    before.current = { first, sending, height: scroller.scrollHeight, started: started || items.length > 0 };
    if (following.current) seen.current = lastId;
  }, [items]);

  const fetchOlder = useRef(loadOlder);
  fetchOlder.current = loadOlder;
  const load = useCallback(async () => {
    setLoading(true);
    await fetchOlder.current();
    setLoading(false);
  }, []);

  // Where there is too little to scroll, or the end of what is known is near, there must be more.
  const near = useCallback(() => (ref.current?.scrollTop ?? 0) < AHEAD, []);
  // Asks again after each page.
  useEffect(() => {
    if (!complete && !loading && near()) void load();
  }, [first, complete]);

  // Pictures, the keyboard of a phone and opened cameras change heights without a change of ours.
  useEffect(() => {
    const scroller = ref.current;
    if (!scroller) return;
    const observer = new ResizeObserver(stick);
    observer.observe(scroller);
    for (const child of scroller.children) observer.observe(child);
    return () => observer.disconnect();
  }, [stick]);

  const onScroll = () => {
    const scroller = ref.current;
    if (!scroller || scroller.clientHeight === 0) return;
    following.current = isAtEnd(scroller);
    before.current = { ...before.current, height: scroller.scrollHeight };
    if (following.current) seen.current = lastId;
    setAtEnd(following.current);
    if (!complete && !loading && near()) void load();
  };

  const jump = () => {
    following.current = true;
    stick();
    setAtEnd(true);
  };

  const missed = atEnd ? 0 : thread.messages.filter((message) => message.id > seen.current).length;
  return { ref, atEnd, loading, onScroll, jump, missed };
}

function isAtEnd(scroller: HTMLElement): boolean {
  return scroller.scrollHeight - scroller.scrollTop - scroller.clientHeight < END;
}
