import { useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { CopyField } from '../controls/copy-field.tsx';
import { ChoiceField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';

const ROLES = [
  { value: 'guest', text: t('invite.guest') },
  { value: 'operator', text: t('invite.operator') },
] as const;

export function InvitationPanel() {
  const { server } = useSession();
  const [role, setRole] = useState<'guest' | 'operator'>('guest');
  const [url, setUrl] = useState<string>();
  const create = async () => {
    const answer = await server.ask({ type: 'invite', role }).catch(() => undefined);
    // The server may know itself by another name than the one this page was opened with.
    if (answer?.url !== undefined) setUrl(new URL(answer.url, window.location.href).href);
  };
  return (
    <>
      <ChoiceField label={t('invite.role')} value={role} choices={ROLES} onChange={setRole} />
      <Button onPress={() => void create()}>{t('invite.create')}</Button>
      {url !== undefined && <CopyField key={url} label={t('invite.link')} text={url} />}
    </>
  );
}
