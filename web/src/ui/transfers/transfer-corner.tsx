import { lazy, Suspense } from 'react';
import { t } from '../../i18n/t.ts';
import { useSession, useStore } from '../session-context.ts';
import { formatBytes } from './format-bytes.ts';

const TransferList = lazy(() => import('./transfer-list.tsx').then(({ TransferList: list }) => ({ default: list })));

/** The files on their way, where there are any; what others ask is read out. */
export function TransferCorner() {
  const { transfers } = useSession();
  const shown = useStore(transfers.state);
  const asking = shown.filter(({ direction, state }) => direction === 'receive' && state.kind === 'asked');
  return (
    <>
      <div className="visually-hidden" role="status">
        {asking.map(({ key, person, name, size }) => (
          <p key={key}>{t('files.asks', { name: person, file: name, size: formatBytes(size) })}</p>
        ))}
      </div>
      {shown.length > 0 && (
        <Suspense fallback={null}>
          <TransferList />
        </Suspense>
      )}
    </>
  );
}
