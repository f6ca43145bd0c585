import { useCallback, useEffect, useRef, useState } from 'react';
import type { Thread } from '../../room/thread.ts';
import { useSession } from '../session-context.ts';

export interface Draft {
  readonly text: string;
  readonly change: (text: string) => void;
  /** Posts this, unless there is nothing but space, and begins anew. */
  readonly post: (said: string) => void;
}

/** What somebody writes in a thread. It outlives the thread being shown. */
export function useDraft({ key, target }: Thread): Draft {
  const { talk, drafts } = useSession();
  const [text, setText] = useState(() => drafts.get(key));
  const change = (next: string) => {
    setText(next);
    drafts.set(key, next);
    if (next.trim() === '') talk.stoppedTyping(target);
    else talk.typing(target);
  };
  const post = (said: string) => {
    if (said.trim() !== '') talk.post(target, said.trim());
    change('');
  };
  return { text, change, post };
}

/** The field it is written in. */
export function useTextArea({ text, change }: Draft) {
  const area = useRef<HTMLTextAreaElement>(null);
  /** Unless it would bring up the keyboard of a phone, which covers what somebody came to read. */
  const offerFocus = useCallback(() => {
    if (window.matchMedia('(hover: hover)').matches) area.current?.focus();
  }, []);
  useEffect(offerFocus, [offerFocus]);
  /** In place of what is selected. */
  const insert = (piece: string) => {
    const field = area.current;
    const start = field?.selectionStart ?? text.length;
    const end = field?.selectionEnd ?? text.length;
    change(text.slice(0, start) + piece + text.slice(end));
    requestAnimationFrame(() => {
      field?.focus();
      field?.setSelectionRange(start + piece.length, start + piece.length);
    });
  };
  return { area, insert, offerFocus };
}
