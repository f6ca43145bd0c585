import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { TextField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';

const MAX_MESSAGE = 500;

export function LockDialog({ onClose }: { readonly onClose: () => void }) {
  const { server } = useSession();
  const [message, setMessage] = useState('');
  const lock = async () => {
    const why = message.trim();
    if (await server.tell({ type: 'lock', on: true, ...(why === '' ? {} : { message: why }) })) onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="primary" onPress={() => void lock()}>
        {t('lock.do')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('lock.title')} onClose={onClose} footer={footer} width={420}>
      <p>{t('lock.text')}</p>
      <TextField
        label={t('lock.message')}
        hint={t('lock.message-hint')}
        value={message}
        onChange={setMessage}
        maxLength={MAX_MESSAGE}
      />
    </Dialog>
  );
}
