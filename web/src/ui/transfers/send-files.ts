import type { RoomSession } from '../../connection/room-session.ts';
import { t } from '../../i18n/t.ts';

/** Asks somebody whether they want these; tells of those that are too many. */
export function sendFiles(
  { transfers, toasts }: Pick<RoomSession, 'transfers' | 'toasts'>,
  { name, files }: { readonly name: string; readonly files: readonly File[] },
): void {
  const count = transfers.send(name, files);
  if (count > 0) toasts.show(t('files.limit', { count }), 'bad');
}
