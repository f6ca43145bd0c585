import { CircleAlert, CircleCheck, CircleX } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import type { CheckFinding } from '../../media/check/findings.ts';
import { Button } from '../controls/button.tsx';
import { Dialog } from '../controls/dialog.tsx';
import css from './check.module.css';
import { useCheck } from './use-check.ts';

interface CheckDialogProps {
  readonly servers: readonly RTCIceServer[];
  readonly onClose: () => void;
}

const SIGNS = { good: CircleCheck, note: CircleAlert, bad: CircleX } as const;

/** Whether cameras can work from here, and what to do where not. */
export function CheckDialog({ servers, onClose }: CheckDialogProps) {
  const { findings, again } = useCheck(servers);
  const footer = (
    <Button onPress={again} isDisabled={findings === undefined}>
      {t('check.again')}
    </Button>
  );
  return (
    <Dialog title={t('check.title')} onClose={onClose} footer={footer} width={540}>
      <p className={css.intro}>{t('check.intro')}</p>
      <div aria-live="polite">
        {findings === undefined ? (
          <p className={css.running}>{t('check.running')}</p>
        ) : (
          <ul className={css.findings}>
            {findings.map((finding) => (
              <Finding key={finding.id} finding={finding} />
            ))}
          </ul>
        )}
      </div>
    </Dialog>
  );
}

function Finding({ finding }: { readonly finding: CheckFinding }) {
  const { id, level, text, advice, values } = finding;
  const Sign = SIGNS[level];
  return (
    <li className={css.finding} data-level={level} data-verdict={id === 'verdict' || undefined}>
      <Sign size={20} role="img" aria-label={t(`check.${level}`)} />
      <div>
        <p>{t(text, values)}</p>
        {advice !== undefined && <p className={css.advice}>{t(advice, values)}</p>}
      </div>
    </li>
  );
}
