import type { WireTarget } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import type { PendingMessage } from '../../room/thread.ts';
import { Avatar } from '../avatar.tsx';
import { useRoom, useSession } from '../session-context.ts';
import images from './images.module.css';
import { MarkdownText } from './markdown-text.tsx';
import css from './message-row.module.css';
import { MessageHead } from './message-row.tsx';

interface PendingRowProps {
  readonly message: PendingMessage;
  readonly lead: boolean;
  readonly target: WireTarget;
}

/** A message of ours on its way, or refused. */
export function PendingRow({ message, lead, target }: PendingRowProps) {
  const { talk } = useSession();
  const self = useRoom((room) => room.self?.name ?? '');
  const failed = message.status === 'failed';
  return (
    <div className={css.row} data-lead={lead || undefined} data-pending={message.status}>
      <div className={css.gutter}>{lead && <Avatar name={self} />}</div>
      <div className={css.content}>
        {lead && <MessageHead name={self} at={message.at} own />}
        {message.text !== undefined && <MarkdownText text={message.text} />}
        {message.image && (
          <img className={images.pendingImage} src={message.image.previewUrl} alt={message.image.fileName} />
        )}
        {failed ? (
          <p className={css.failure}>
            <span>{t('message.failed', { error: message.error ?? '' })}</span>
            <button type="button" onClick={() => talk.retry(target, message)}>
              {t('action.retry')}
            </button>
            <button type="button" onClick={() => talk.discard(target, message)}>
              {t('action.discard')}
            </button>
          </p>
        ) : (
          <span className="visually-hidden">{t('message.sending')}</span>
        )}
      </div>
    </div>
  );
}
