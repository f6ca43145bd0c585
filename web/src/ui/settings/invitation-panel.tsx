import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import controls from '../controls/controls.module.css';
import { ChoiceField } from '../controls/fields.tsx';
import { useSession } from '../session-context.ts';
import css from './settings.module.css';

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
      {url !== undefined && <InvitationLink key={url} url={url} />}
    </>
  );
}

function InvitationLink({ url }: { readonly url: string }) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    // Without HTTPS there is no clipboard: then the link is selected at least.
    await navigator.clipboard?.writeText(url).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div className={css.link}>
      <input ref={field} readOnly className={controls.input} aria-label={t('invite.link')} value={url} />
      <Button onPress={() => void copy()}>
        {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        {t(copied ? 'action.copied' : 'action.copy')}
      </Button>
    </div>
  );
}
