import { ShieldAlert } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { useSession, useStore } from '../session-context.ts';
import { TransferRow } from './transfer-row.tsx';
import css from './transfers.module.css';

/** Files from and to others, beside everything else: nobody need answer at once. */
export function TransferList() {
  const { transfers } = useSession();
  const shown = useStore(transfers.state);
  const asked = shown.some(({ direction, state }) => direction === 'receive' && state.kind === 'asked');
  return (
    <section className={css.corner} data-transfers aria-label={t('files.title')}>
      <ul className={css.list}>
        {shown.map((transfer) => (
          <TransferRow key={transfer.key} transfer={transfer} />
        ))}
      </ul>
      {asked && (
        <p className={css.hint}>
          <ShieldAlert size={14} aria-hidden />
          {t('files.hint')}
        </p>
      )}
    </section>
  );
}
