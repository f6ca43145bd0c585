import { ImagePlus, SendHorizontal, SmilePlus } from 'lucide-react';
import { useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import css from './composer.module.css';
import { EmojiPopover } from './emoji-picker.tsx';

interface AttachButtonProps {
  readonly disabled: boolean;
  readonly onFiles: (files: readonly File[]) => void;
}

export function AttachButton({ disabled, onFiles }: AttachButtonProps) {
  const files = useRef<HTMLInputElement>(null);
  return (
    <>
      <button
        type="button"
        className={css.tool}
        aria-label={t('composer.attach')}
        title={t('composer.attach')}
        disabled={disabled}
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
          onFiles([...(event.target.files ?? [])]);
          event.target.value = '';
        }}
      />
    </>
  );
}

export function EmojiButton({ onPick }: { readonly onPick: (emoji: string) => void }) {
  const [anchor, setAnchor] = useState<Element>();
  const pick = (emoji: string) => {
    setAnchor(undefined);
    onPick(emoji);
  };
  return (
    <>
      <button
        type="button"
        className={css.tool}
        aria-label={t('composer.emoji')}
        title={t('composer.emoji')}
        onClick={(event) => setAnchor(event.currentTarget)}
      >
        <SmilePlus size={20} aria-hidden />
      </button>
      <EmojiPopover anchor={anchor} title={t('emoji.insert')} onPick={pick} onClose={() => setAnchor(undefined)} />
    </>
  );
}

export function SendButton({ disabled }: { readonly disabled: boolean }) {
  return (
    <button
      type="submit"
      className={css.send}
      aria-label={t('composer.send')}
      title={t('composer.send')}
      disabled={disabled}
    >
      <SendHorizontal size={19} aria-hidden />
    </button>
  );
}
