import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { TextField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';

interface WordDialogProps {
  readonly purpose: 'kick' | 'warn';
  readonly name: string;
  readonly onClose: () => void;
}

const MAX_WORD = 500;

/** A word of an operator's to one person: a warning, or why they are sent out. */
export function WordDialog({ purpose, name, onClose }: WordDialogProps) {
  const { server, toasts } = useSession();
  const [message, setMessage] = useState('');
  const word = message.trim();
  const say = async () => {
    const kick = { type: 'kick', name, ...(word === '' ? {} : { reason: word }) } as const;
    const done = await server.tell(
      purpose === 'kick' ? kick : { type: 'note', to: name, kind: 'warning', value: word },
    );
    if (!done) return;
    toasts.show(t(purpose === 'kick' ? 'person.kicked' : 'word.warned', { name }), 'good');
    onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button
        look={purpose === 'kick' ? 'danger' : 'primary'}
        isDisabled={purpose === 'warn' && word === ''}
        onPress={() => void say()}
      >
        {t(`word.${purpose}-do`)}
      </Button>
    </>
  );
  return (
    <Dialog title={t(`word.${purpose}-title`, { name })} onClose={onClose} footer={footer} width={420}>
      <TextField
        label={t('word.message')}
        hint={t(`word.${purpose}-text`)}
        value={message}
        onChange={setMessage}
        maxLength={MAX_WORD}
        autoFocus
      />
    </Dialog>
  );
}
