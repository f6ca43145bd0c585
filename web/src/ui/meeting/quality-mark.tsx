import { SignalHigh, SignalLow, SignalMedium, WifiOff } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import type { Measured } from '../../media/meeting/measuring/measuring.ts';
import css from './meeting.module.css';

const ICONS = { good: SignalHigh, weak: SignalMedium, bad: SignalLow, lost: WifiOff } as const;

/** How well somebody's stream gets through to us, or ours to the server. */
export function QualityMark({ measured, own }: { readonly measured: Measured; readonly own: boolean }) {
  const { quality, standsStill } = measured;
  const Icon = ICONS[quality];
  const text = t(standsStill ? 'quality.still' : `quality.${own ? 'own-' : ''}${quality}`);
  return (
    <span className={css.quality} data-quality={quality} role="img" aria-label={text} title={text}>
      <Icon size={14} aria-hidden />
    </span>
  );
}
