import { Download, FileDown, FileUp, X } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import { isOpen, type Transfer } from '../../media/transfers/transfer.ts';
import { Button, IconButton } from '../controls/button.tsx';
import { useSession } from '../session-context.ts';
import { describeTransfer } from './describe-transfer.ts';
import css from './transfers.module.css';

/** One file: whose it is, how far it is, and what can be done about it. */
export function TransferRow({ transfer }: { readonly transfer: Transfer }) {
  const { direction, name, person, state } = transfer;
  const Icon = direction === 'send' ? FileUp : FileDown;
  return (
    <li className={css.row} data-state={state.kind}>
      <Icon size={22} aria-hidden />
      <div className={css.text}>
        <p className={css.name} title={name}>
          {name}
        </p>
        <p className={css.state}>
          {t(direction === 'send' ? 'files.to' : 'files.from', { name: person })} · {describeTransfer(transfer)}
        </p>
        <Progress transfer={transfer} />
      </div>
      <Actions transfer={transfer} />
    </li>
  );
}

function Progress({ transfer: { state, size, name } }: { readonly transfer: Transfer }) {
  if (state.kind !== 'connecting' && state.kind !== 'moving') return null;
  const value = state.kind === 'moving' && size > 0 ? { value: state.bytes / size } : {};
  return <progress className={css.progress} max={1} {...value} aria-label={t('files.progress', { file: name })} />;
}

function Actions({ transfer }: { readonly transfer: Transfer }) {
  const { transfers } = useSession();
  const { key, name: file, person: name, direction, state } = transfer;
  if (direction === 'receive' && state.kind === 'asked') {
    return (
      <div className={css.answers}>
        <Button
          look="primary"
          aria-label={t('files.accept-which', { file, name })}
          onPress={() => void transfers.accept(key)}
        >
          {t('files.accept')}
        </Button>
        <Button aria-label={t('files.decline-which', { file, name })} onPress={() => transfers.stop(key)}>
          {t('files.decline')}
        </Button>
      </div>
    );
  }
  const open = isOpen(transfer);
  return (
    <>
      {transfers.canSaveAgain(key) && (
        <IconButton
          label={t('files.save-again-which', { file })}
          icon={<Download size={18} />}
          onPress={() => transfers.saveAgain(key)}
        />
      )}
      <IconButton
        label={t(open ? 'files.cancel-which' : 'files.dismiss-which', { file })}
        icon={<X size={18} />}
        onPress={() => (open ? transfers.stop(key) : transfers.dismiss(key))}
      />
    </>
  );
}
