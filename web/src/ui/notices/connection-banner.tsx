import { LoaderCircle, WifiOff } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { useSession, useStore } from '../session-context.ts';
import css from './notices.module.css';

/** While the connection is away. What is on the screen stays. */
export function ConnectionBanner() {
  const session = useSession();
  const connection = useStore(session.connection);
  if (connection.kind === 'open' || connection.kind === 'closed') return null;
  const waiting = connection.kind === 'waiting';
  return (
    <div className={css.banner} role="status">
      {waiting ? <WifiOff size={18} aria-hidden /> : <LoaderCircle size={18} className={css.spin} aria-hidden />}
      <p>
        <strong>{t('connection.reconnecting')}</strong> <span>{t('connection.keep-typing')}</span>
      </p>
      {waiting && (
        <button type="button" className={css.retry} onClick={() => session.retryNow()}>
          {t('connection.retry')}
        </button>
      )}
    </div>
  );
}
