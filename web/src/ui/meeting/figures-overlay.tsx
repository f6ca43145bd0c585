import { t } from '../../i18n/t.ts';
import type { Measured } from '../../media/meeting/measuring/measuring.ts';
import type { SizeWanted } from '../../media/meeting/wanting.ts';
import css from './figures.module.css';
import { figureRows } from './figures-rows.ts';

interface FiguresOverlayProps {
  readonly measured: Measured | undefined;
  readonly asked: SizeWanted | undefined;
  /** Whose. */
  readonly label: string;
}

/** Over a tile: what its stream is made of, as of the last second. */
export function FiguresOverlay({ measured, asked, label }: FiguresOverlayProps) {
  const { figures } = measured ?? {};
  return (
    // Long lists in small tiles are scrolled, by keyboard, too.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: see above.
    <section className={css.figures} aria-label={t('figures.of', { name: label })} tabIndex={0}>
      {figures ? (
        <dl>
          {figureRows({ figures, asked }).map(({ name, value }) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{value}</dd>
            </div>
          ))}
        </dl>
      ) : (
        <p>{t('figures.waiting')}</p>
      )}
    </section>
  );
}
