import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import type { Reported } from '../../room/reported.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { ChoiceField, TextField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';

const REASONS = [
  { value: 'Spam', text: t('report.spam') },
  { value: 'Harassment', text: t('report.harassment') },
  { value: 'Unmarked explicit content', text: t('report.explicit') },
  { value: 'Underage', text: t('report.underage') },
  { value: 'Other', text: t('report.other') },
] as const;

/** Tells the people behind the website, who decide what follows. */
export function ReportDialog({ about, onClose }: { readonly about: Reported; readonly onClose: () => void }) {
  const { server, toasts } = useSession();
  const [reason, setReason] = useState<(typeof REASONS)[number]['value']>('Spam');
  const [comment, setComment] = useState('');
  const { name, message } = about;
  const report = async () => {
    const said = message && { text: message.text, at: message.at, target: message.target };
    if (!(await server.tell({ type: 'report', name, reason, comment: comment.trim(), ...said }))) return;
    toasts.show(t('report.done'), 'good');
    onClose();
  };
  const footer = (
    <>
      <Button onPress={onClose}>{t('action.cancel')}</Button>
      <Button look="primary" onPress={() => void report()}>
        {t('report.do')}
      </Button>
    </>
  );
  return (
    <Dialog title={t('report.title', { name })} onClose={onClose} footer={footer} width={420}>
      <p>{t('report.text', { name })}</p>
      {message && <blockquote>{message.text}</blockquote>}
      <ChoiceField label={t('report.reason')} value={reason} choices={REASONS} onChange={setReason} />
      <TextField label={t('report.comment')} value={comment} onChange={setComment} maxLength={4000} />
    </Dialog>
  );
}
