import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { useSession } from '../session-context.ts';

/** Before everybody is recorded. */
export function RecordDialog({ onClose }: { readonly onClose: () => void }) {
  const { server } = useSession();
  const record = async () => {
    if (await server.tell({ type: 'record', on: true })) onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="danger" onPress={() => void record()}>
        {t('record.do')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('record.title')} onClose={onClose} footer={footer} width={420}>
      <p>{t('record.text')}</p>
    </Dialog>
  );
}
