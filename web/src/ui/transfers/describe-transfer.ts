import { t } from '../../i18n/t.ts';
import type { Transfer } from '../../media/transfers/transfer.ts';
import { formatBytes } from './format-bytes.ts';

/** How it stands, in a few words. */
export function describeTransfer({ state, direction, size, person: name }: Transfer): string {
  switch (state.kind) {
    case 'asked':
      return direction === 'send' ? t('files.asked') : formatBytes(size);
    case 'connecting':
      return t('files.connecting');
    case 'moving':
      return t('files.moving', { done: formatBytes(state.bytes), size: formatBytes(size) });
    case 'done':
      return `${t(direction === 'send' ? 'files.sent' : 'files.received')} · ${formatBytes(size)}`;
    case 'over':
      return because(ending(state, name), state.message);
    default:
      return state satisfies never;
  }
}

function ending({ why, by }: Extract<Transfer['state'], { kind: 'over' }>, name: string): string {
  if (why === 'gone' || why === 'failed') return t(`files.${why}`, { name });
  return t(`files.${why}-${by}`, { name });
}

function because(what: string, why: string | undefined): string {
  return why === undefined ? what : t('files.because', { what, why });
}
