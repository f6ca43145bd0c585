import { t } from '../../i18n/t.ts';
import { memberNamed } from '../../room/selectors.ts';
import { Button } from '../controls/button.tsx';
import { focusAround } from '../controls/focus-around.ts';
import { useRoom, useSession } from '../session-context.ts';
import css from './settings.module.css';

const NONE: readonly string[] = [];

/** Whom we blocked or muted, to undo it. */
export function RelationList({ kind }: { readonly kind: 'block' | 'mute' }) {
  const { server, room } = useSession();
  const keys = useRoom((model) => model.self?.relations[kind] ?? NONE);
  if (keys.length === 0)
    return <p className={css.none}>{t(kind === 'block' ? 'settings.blocked-none' : 'settings.muted-none')}</p>;
  return (
    <ul aria-label={t(kind === 'block' ? 'settings.blocked' : 'settings.muted')}>
      {keys.map((key) => {
        const name = memberNamed(room.get(), key)?.name ?? key;
        return (
          <li key={key} className={css.line}>
            <span className={css.lineName}>{name}</span>
            <Button
              aria-label={t(kind === 'block' ? 'settings.unblock' : 'settings.unmute', { name })}
              onPress={({ target }) => {
                focusAround(target);
                void server.tell({ type: 'relate', kind, names: [key], on: false });
              }}
            >
              {t(kind === 'block' ? 'person.unblock' : 'person.unmute')}
            </Button>
          </li>
        );
      })}
    </ul>
  );
}
