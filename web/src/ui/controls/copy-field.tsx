import { Check, Copy } from 'lucide-react';
import { useRef, useState } from 'react';
import { t } from '../../i18n/t.ts';
import { cx } from '../cx.ts';
import { Button } from './button.tsx';
import css from './controls.module.css';

interface CopyFieldProps {
  readonly label: string;
  readonly text: string;
}

/** Something to be given to somebody else. */
export function CopyField({ label, text }: CopyFieldProps) {
  const field = useRef<HTMLInputElement>(null);
  const [copied, setCopied] = useState(false);
  const copy = async () => {
    field.current?.select();
    // Without HTTPS there is no clipboard: then the link is selected at least.
    await navigator.clipboard?.writeText(text).then(
      () => setCopied(true),
      () => undefined,
    );
  };
  return (
    <div className={cx(css.copy)}>
      <input ref={field} readOnly className={cx(css.input)} aria-label={label} value={text} />
      <Button onPress={() => void copy()}>
        {copied ? <Check size={16} aria-hidden /> : <Copy size={16} aria-hidden />}
        {t(copied ? 'action.copied' : 'action.copy')}
      </Button>
    </div>
  );
}
