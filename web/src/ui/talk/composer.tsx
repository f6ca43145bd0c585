import { ImagePlus, SendHorizontal, SmilePlus } from 'lucide-react';
import { type ClipboardEvent, type FormEvent, type KeyboardEvent, useEffect, useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { threadName } from '../../room/selectors.ts';
import type { Thread } from '../../room/thread.ts';
import { useRoom, useSession } from '../session-context.ts';
import { EmojiPopover } from './emoji-picker.tsx';
import css from './talk.module.css';
import { TrayView } from './tray-view.tsx';
import { photosPermitted, type Tray } from './use-tray.ts';

const MAX_LENGTH = 16_000;

interface ComposerProps {
  readonly thread: Thread;
  readonly tray: Tray;
}

export function Composer({ thread, tray }: ComposerProps) {
  const session = useSession();
  const { talk, drafts } = session;
  const { target, key } = thread;
  const name = useRoom((room) => threadName(room, thread));
  const mayWrite = useRoom((room) => room.self?.permissions.includes('message') ?? true);
  const [text, setText] = useState(() => drafts.get(key));
  const [emojiAt, setEmojiAt] = useState<Element>();
  const input = useRef<HTMLTextAreaElement>(null);
  const files = useRef<HTMLInputElement>(null);
  useEffect(() => {
    // On a phone the keyboard would cover what somebody came to read.
    if (window.matchMedia('(hover: hover)').matches) input.current?.focus();
  }, []);

  const change = (next: string) => {
    setText(next);
    drafts.set(key, next);
    if (next.trim() === '') talk.stoppedTyping(target);
    else talk.typing(target);
  };
  const send = () => {
    const said = text.trim();
    if (tray.images.length > 0) void tray.send();
    if (said !== '') talk.post(target, said);
    change('');
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
    input.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    // While an input method composes, Enter chooses a word.
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return;
    event.preventDefault();
    send();
  };
  const onPaste = (event: ClipboardEvent) => {
    const pasted = [...event.clipboardData.files];
    if (pasted.length === 0) return;
    event.preventDefault();
    tray.add(pasted);
  };
  const insert = (emoji: string) => {
    setEmojiAt(undefined);
    const area = input.current;
    const start = area?.selectionStart ?? text.length;
    const end = area?.selectionEnd ?? text.length;
    change(text.slice(0, start) + emoji + text.slice(end));
    requestAnimationFrame(() => {
      area?.focus();
      area?.setSelectionRange(start + emoji.length, start + emoji.length);
    });
  };

  if (!mayWrite) return <p className={css.silenced}>{t('composer.muted')}</p>;
  const direct = 'to' in target;
  return (
    <form className={css.composer} onSubmit={submit}>
      <TrayView tray={tray} />
      <div className={css.writing}>
        <button
          type="button"
          className={css.tool}
          aria-label={t('composer.attach')}
          title={t('composer.attach')}
          disabled={!photosPermitted(session, thread)}
          onClick={() => files.current?.click()}
        >
          <ImagePlus size={20} aria-hidden />
        </button>
        <input
          ref={files}
          type="file"
          accept="image/*"
          multiple
          hidden
          onChange={(event) => {
            tray.add([...(event.target.files ?? [])]);
            event.target.value = '';
          }}
        />
        <textarea
          ref={input}
          rows={1}
          aria-label={t('composer.label')}
          placeholder={t(direct ? 'composer.placeholder-direct' : 'composer.placeholder-channel', { name })}
          title={t('composer.hint')}
          value={text}
          maxLength={MAX_LENGTH}
          enterKeyHint="send"
          onChange={(event) => change(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <button
          type="button"
          className={css.tool}
          aria-label={t('composer.emoji')}
          title={t('composer.emoji')}
          onClick={(event) => setEmojiAt(event.currentTarget)}
        >
          <SmilePlus size={20} aria-hidden />
        </button>
        <button
          type="submit"
          className={css.send}
          aria-label={t('composer.send')}
          title={t('composer.send')}
          disabled={(text.trim() === '' && tray.images.length === 0) || tray.sending}
        >
          <SendHorizontal size={19} aria-hidden />
        </button>
      </div>
      <EmojiPopover anchor={emojiAt} title={t('emoji.insert')} onPick={insert} onClose={() => setEmojiAt(undefined)} />
    </form>
  );
}
