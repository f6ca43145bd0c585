import { useCallback, useEffect, useState } from 'react';
import type { WireRoomToken } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { CopyField } from '../controls/copy-field.tsx';
import { Dialog } from '../controls/dialog.tsx';
import { useRoom, useSession } from '../session-context.ts';
import { LinkForm, type NewLink } from './link-form.tsx';
import { LinkList } from './link-list.tsx';
import css from './meeting.module.css';

/** Invite links of the room: a new one, and those that hold. */
export function LinksDialog({ onClose }: { readonly onClose: () => void }) {
  const { server, toasts } = useSession();
  const operator = useRoom((room) => room.self?.operator ?? false);
  const [made, setMade] = useState<WireRoomToken>();
  const { known, ask } = useLinks({ mayList: operator });
  const create = async (link: NewLink) => {
    const answer = await server.ask({ type: 'make-token', ...link }).catch(() => undefined);
    setMade(answer?.tokens?.[0]);
    ask();
  };
  const revoke = async ({ token }: WireRoomToken) => {
    // Not only now: the clocks of server and browser may differ.
    if (!(await server.tell({ type: 'edit-token', token, expires: LONG_AGO }))) return;
    toasts.show(t('links.revoked'), 'good');
    setMade((before) => (before?.token === token ? undefined : before));
    ask();
  };
  return (
    <Dialog title={t('links.title')} onClose={onClose} width={520}>
      <p className={css.what}>{t('links.text')}</p>
      <LinkForm onCreate={(link) => void create(link)} />
      {made && <CopyField key={made.token} label={t('links.link')} text={addressOf(made)} />}
      {known && <LinkList links={known} onRevoke={(link) => void revoke(link)} />}
    </Dialog>
  );
}

/** 1 January 2000. */
const LONG_AGO = 946_684_800_000;

/** The server may know itself by another name than the one this page was opened with. */
function addressOf({ url }: WireRoomToken): string {
  return new URL(url, window.location.href).href;
}

function useLinks({ mayList }: { readonly mayList: boolean }) {
  const { server } = useSession();
  const [known, setKnown] = useState<readonly WireRoomToken[]>();
  const ask = useCallback(() => {
    if (!mayList) return;
    // Who may make links may not always see those of others: then there is no list.
    server.client.ask({ type: 'tokens' }).then(
      ({ tokens = [] }) => setKnown(tokens.filter(({ expires }) => expires === undefined || expires > Date.now())),
      () => setKnown(undefined),
    );
  }, [server, mayList]);
  useEffect(ask, [ask]);
  return { known, ask };
}
