import type { ClipboardEvent, FormEvent, KeyboardEvent } from 'react';
import { t } from '../../i18n/t.ts';
import { memberNamed, photosPermitted, threadName } from '../../room/selectors.ts';
import type { Thread } from '../../room/thread.ts';
import { runCommand } from '../commands/commands.ts';
import { readCommand } from '../commands/read-command.ts';
import { useRoom, useScope } from '../session-context.ts';
import css from './composer.module.css';
import { AttachButton, EmojiButton, SendButton } from './composer-tools.tsx';
import { TrayView } from './tray-view.tsx';
import { useDraft, useTextArea } from './use-draft.ts';
import type { Tray } from './use-tray.ts';

const MAX_LENGTH = 16_000;

interface ComposerProps {
  readonly thread: Thread;
  readonly tray: Tray;
}

export function Composer({ thread, tray }: ComposerProps) {
  const scope = useScope();
  const mayWrite = useRoom((room) => room.self?.permissions.includes('message') ?? true);
  const photos = useRoom((room) => photosPermitted(room, thread.target));
  const name = useRoom((room) => threadName(room, thread));
  const noDirect = useRoom((room) => 'to' in thread.target && memberNamed(room, thread.target.to)?.noDirect === true);
  const draft = useDraft(thread);
  const { area, insert, offerFocus } = useTextArea(draft);
  if (!mayWrite) return <p className={css.silenced}>{t('composer.muted')}</p>;
  if (noDirect) return <p className={css.silenced}>{t('people.no-direct', { name })}</p>;

  const send = () => {
    const read = readCommand(draft.text);
    const why = read.kind === 'command' ? runCommand(scope, read) : undefined;
    if (why !== undefined) {
      scope.session.toasts.show(why, 'bad');
      return;
    }
    tray.send();
    if (read.kind === 'command') draft.change('');
    else draft.post(read.text);
  };
  const submit = (event: FormEvent) => {
    event.preventDefault();
    send();
    area.current?.focus();
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
  const empty = draft.text.trim() === '' && tray.images.length === 0;
  return (
    <form className={css.composer} onSubmit={submit}>
      <TrayView tray={tray} onRemoved={offerFocus} />
      <div className={css.writing}>
        <AttachButton disabled={!photos} onFiles={tray.add} />
        <textarea
          ref={area}
          rows={1}
          aria-label={t('composer.label')}
          placeholder={t('to' in thread.target ? 'composer.placeholder-direct' : 'composer.placeholder-channel', {
            name,
          })}
          title={t('composer.hint')}
          value={draft.text}
          maxLength={MAX_LENGTH}
          enterKeyHint="send"
          onChange={(event) => draft.change(event.target.value)}
          onKeyDown={onKeyDown}
          onPaste={onPaste}
        />
        <EmojiButton onPick={insert} />
        <SendButton disabled={empty || tray.sending} />
      </div>
    </form>
  );
}
