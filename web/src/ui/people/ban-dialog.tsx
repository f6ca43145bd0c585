import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { ChoiceField, TextField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';

const DURATIONS = [
  { value: '1', text: t('ban.hour') },
  { value: '24', text: t('ban.day') },
  { value: '168', text: t('ban.week') },
  { value: '720', text: t('ban.month') },
  { value: '8760', text: t('ban.year') },
  { value: 'custom', text: t('ban.custom') },
] as const;

interface BanDialogProps {
  readonly name: string;
  readonly onClose: () => void;
}

export function BanDialog({ name, onClose }: BanDialogProps) {
  const { server, toasts } = useSession();
  const [duration, setDuration] = useState<(typeof DURATIONS)[number]['value']>('24');
  const [custom, setCustom] = useState('48');
  const [reason, setReason] = useState('');
  const hours = Number(duration === 'custom' ? custom.replace(',', '.') : duration);
  const valid = Number.isFinite(hours) && hours > 0 && hours <= 876_000;
  const ban = async () => {
    const done = await server.tell({ type: 'ban', name, hours, ...(reason.trim() ? { reason: reason.trim() } : {}) });
    if (!done) return;
    toasts.show(t('person.banned', { name }), 'good');
    onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="danger" isDisabled={!valid} onPress={() => void ban()}>
        {t('ban.do')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('ban.title', { name })} onClose={onClose} footer={footer} width={420}>
      <p>{t('ban.text', { name })}</p>
      <ChoiceField label={t('ban.for')} value={duration} choices={DURATIONS} onChange={setDuration} />
      {duration === 'custom' && (
        <TextField label={t('ban.hours')} value={custom} onChange={setCustom} inputMode="decimal" />
      )}
      <TextField
        label={t('ban.reason')}
        hint={t('ban.reason-hint')}
        value={reason}
        onChange={setReason}
        maxLength={500}
      />
    </Dialog>
  );
}
