import { t } from '../../i18n/t.ts';
import { Dialog } from '../controls/dialog.tsx';
import { useRoom } from '../session-context.ts';
import css from './commands.module.css';
import { commandsFor } from './commands.ts';

const NOTHING: readonly string[] = [];

/** What can be written in the place of a message. */
export function CommandsDialog({ onClose }: { readonly onClose: () => void }) {
  const permissions = useRoom((room) => room.self?.permissions ?? NOTHING);
  return (
    <Dialog title={t('commands.title')} onClose={onClose} width={520}>
      <p>{t('commands.text')}</p>
      {/* Longer than some screens: it is scrolled by keyboard, too. */}
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: see above. */}
      <section tabIndex={0} aria-label={t('commands.title')}>
        <dl className={css.commands}>
          {commandsFor(permissions).map(({ name, usage, what }) => (
            <div key={name}>
              <dt>
                /{name} {usage}
              </dt>
              <dd>{t(what)}</dd>
            </div>
          ))}
        </dl>
      </section>
    </Dialog>
  );
}
