import { type FormEvent, useRef, useState } from 'react';
import { Dialog, Popover } from 'react-aria-components';
import { t } from '../../i18n/t.ts';
import controls from '../controls/controls.module.css';
import { cx } from '../cx.ts';
import css from './emoji.module.css';

const EMOJI = '👍 👎 ❤️ 😂 😮 😢 😡 🎉 🙏 👏 🔥 💯 😀 😉 😍 🤔 😎 🥳 😅 🤗 👋 🙌 ✅ ❌'.split(' ');
const MAX_LENGTH = 64;

interface EmojiPopoverProps {
  /** Where it is open; absent: closed. */
  readonly anchor: Element | undefined;
  readonly title?: string;
  readonly onPick: (emoji: string) => void;
  readonly onClose: () => void;
}

export function EmojiPopover({ anchor, title = t('emoji.title'), onPick, onClose }: EmojiPopoverProps) {
  const trigger = useRef<Element | null>(null);
  trigger.current = anchor ?? trigger.current;
  return (
    <Popover
      className={cx(controls.popover)}
      triggerRef={trigger}
      isOpen={anchor !== undefined}
      onOpenChange={(open) => !open && onClose()}
      placement="top end"
    >
      <Dialog className={cx(css.emoji)} aria-label={title}>
        <div className={css.emojiGrid}>
          {EMOJI.map((emoji) => (
            <button key={emoji} type="button" onClick={() => onPick(emoji)}>
              {emoji}
            </button>
          ))}
        </div>
        <OtherEmoji onPick={onPick} />
      </Dialog>
    </Popover>
  );
}

function OtherEmoji({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const [other, setOther] = useState('');
  const submit = (event: FormEvent) => {
    event.preventDefault();
    if (other.trim() !== '') onPick(other.trim());
  };
  return (
    <form className={css.emojiOther} onSubmit={submit}>
      <input
        aria-label={t('emoji.other')}
        placeholder={t('emoji.other')}
        value={other}
        maxLength={MAX_LENGTH}
        onChange={(event) => setOther(event.target.value)}
      />
      <button type="submit">{t('emoji.use')}</button>
    </form>
  );
}
