import { Flag, SmilePlus, Undo2 } from 'lucide-react';
import type { WireMessage } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { mentions } from '../../room/mention.ts';
import { reported } from '../../room/reported.ts';
import { Avatar } from '../avatar.tsx';
import { focusAround } from '../controls/focus-around.ts';
import { useRoom, useScope, useSession } from '../session-context.ts';
import { clockTime, fullTime } from './format-time.ts';
import { useList } from './list-context.ts';
import { MarkdownText } from './markdown-text.tsx';
import { MessageImage } from './message-image.tsx';
import css from './message-row.module.css';
import { Reactions } from './reactions.tsx';

interface MessageRowProps {
  readonly message: WireMessage;
  readonly lead: boolean;
  /** The pointer or the keyboard is on it. */
  readonly active: boolean;
}

export function MessageRow({ message, lead, active }: MessageRowProps) {
  const self = useRoom((room) => room.self?.name ?? '');
  const { from, at, text, image } = message;
  const called = !message.own && mentions(text, self);
  return (
    <article
      className={css.row}
      data-message={message.id}
      data-lead={lead || undefined}
      data-active={active || undefined}
      data-called={called || undefined}
      aria-label={t('message.by', { name: from, time: clockTime(at) })}
      tabIndex={-1}
    >
      <div className={css.gutter}>
        {lead ? <Avatar name={from} /> : <time dateTime={new Date(at).toISOString()}>{clockTime(at)}</time>}
      </div>
      <div className={css.content}>
        {lead && <MessageHead name={from} at={at} own={message.own ?? false} />}
        {text !== undefined && <MarkdownText text={text} author={from} />}
        {image && <MessageImage message={message} image={image} />}
        <Reactions message={message} />
      </div>
      {active && <MessageTools message={message} />}
    </article>
  );
}

interface MessageHeadProps {
  readonly name: string;
  readonly at: number;
  readonly own: boolean;
}

export function MessageHead({ name, at, own }: MessageHeadProps) {
  const { ui } = useScope();
  return (
    <p className={css.author}>
      {own ? (
        <span className={css.authorName}>{name}</span>
      ) : (
        <button
          type="button"
          tabIndex={-1}
          className={css.authorName}
          onClick={(event) => ui.openPerson(name, event.currentTarget)}
        >
          {name}
        </button>
      )}
      <time dateTime={new Date(at).toISOString()} title={fullTime(at)}>
        {clockTime(at)}
      </time>
    </p>
  );
}

/** Only where they are wanted: three buttons on each of hundreds of messages would be in everybody's way. */
function MessageTools({ message }: { readonly message: WireMessage }) {
  const { talk, bootstrap } = useSession();
  const { ui } = useScope();
  const operator = useRoom((room) => room.self?.operator ?? false);
  const { pick } = useList();
  return (
    <div className={css.tools} role="toolbar" aria-label={t('talk.actions')}>
      <button
        type="button"
        aria-label={t('message.react')}
        title={t('message.react')}
        onClick={(event) => pick({ value: message, anchor: event.currentTarget })}
      >
        <SmilePlus size={18} aria-hidden />
      </button>
      {bootstrap.reports && !message.own && (
        <button
          type="button"
          aria-label={t('message.report')}
          title={t('message.report')}
          onClick={() => ui.openDialog({ kind: 'report', about: reported(message) })}
        >
          <Flag size={18} aria-hidden />
        </button>
      )}
      {(message.own || operator) && (
        <button
          type="button"
          aria-label={t('message.take-back')}
          title={t('message.take-back')}
          onClick={({ currentTarget }) => {
            focusAround(currentTarget.closest('article') ?? currentTarget);
            talk.retract(message.id);
          }}
        >
          <Undo2 size={18} aria-hidden />
        </button>
      )}
    </div>
  );
}
