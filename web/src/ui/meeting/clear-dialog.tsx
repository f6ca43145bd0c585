import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { useSession } from '../session-context.ts';

/** There is no way back: it asks. */
export function ClearDialog({ onClose }: { readonly onClose: () => void }) {
  const { server } = useSession();
  const clear = async () => {
    if (await server.tell({ type: 'clear' })) onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="danger" onPress={() => void clear()}>
        {t('clear.do')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('clear.title')} onClose={onClose} footer={footer} width={420}>
      <p>{t('clear.text')}</p>
    </Dialog>
  );
}
