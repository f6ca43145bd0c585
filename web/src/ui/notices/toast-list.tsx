import { CircleAlert, CircleCheck, Info, X } from 'lucide-react';
import { createPortal } from 'react-dom';
import { t } from '../../i18n/t.ts';
import { useSession, useStore } from '../session-context.ts';
import css from './notices.module.css';

const ICONS = { info: Info, good: CircleCheck, bad: CircleAlert } as const;

export function ToastList() {
  const { toasts } = useSession();
  const shown = useStore(toasts.state);
  // Over dialogs, too: what happened there is said here, and to dismiss it closes no dialog.
  return createPortal(
    <section className={css.toasts} aria-label={t('toasts.label')} aria-live="polite" data-react-aria-top-layer="true">
      {shown.map(({ id, tone, text }) => {
        const Icon = ICONS[tone];
        return (
          <div key={id} className={css.toast} data-tone={tone}>
            <Icon size={18} aria-hidden />
            <p>{text}</p>
            <button
              type="button"
              className={css.dismiss}
              aria-label={t('action.dismiss')}
              onClick={() => toasts.dismiss(id)}
            >
              <X size={16} aria-hidden />
            </button>
          </div>
        );
      })}
    </section>,
    document.body,
  );
}
