import type { ClosedReason } from '../../../../src/dialects/parlour/client.ts';
import { type TextKey, t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { Logo } from '../logo.tsx';
import css from './notices.module.css';

interface EndedProps {
  readonly reason: ClosedReason;
  readonly onReturn: () => void;
}

const TITLES: Readonly<Record<string, TextKey>> = {
  kicked: 'ended.kicked',
  banned: 'ended.banned',
  replaced: 'ended.replaced',
};

/** The stay is over: thrown out, banned, or taken up elsewhere. */
export function Ended({ reason, onReturn }: EndedProps) {
  const { code, message, why } = said(reason);
  return (
    <main className={css.ended}>
      <Logo size={52} />
      <h1 className={css.endedTitle}>{t(TITLES[code] ?? 'ended.other')}</h1>
      <p className={css.endedText}>{code === 'replaced' ? t('ended.replaced-text') : message}</p>
      {why && <p className={css.endedReason}>{t('ended.reason', { reason: why })}</p>}
      {code !== 'banned' && (
        <Button look="primary" onPress={onReturn} autoFocus>
          {t(code === 'replaced' ? 'ended.use-here' : 'ended.return')}
        </Button>
      )}
    </main>
  );
}

function said(reason: ClosedReason): {
  readonly code: string;
  readonly message: string;
  readonly why?: string | undefined;
} {
  if (reason.kind === 'bye') return { code: reason.bye.code, message: reason.bye.message, why: reason.bye.reason };
  if (reason.kind === 'refused') return { code: reason.refusal.code, message: reason.refusal.message };
  return { code: 'left', message: '' };
}
