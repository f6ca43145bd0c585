import type { WireMessage } from '../../../../src/dialects/parlour/wire.ts';
import { t } from '../../i18n/t.ts';
import { useRoom, useSession } from '../session-context.ts';
import css from './emoji.module.css';
import { nameList } from './name-list.ts';

const MAX_NAMES = 12;

export function Reactions({ message }: { readonly message: WireMessage }) {
  const { talk } = useSession();
  const self = useRoom((room) => room.self?.name ?? '');
  if (message.reactions.length === 0) return null;
  return (
    <ul className={css.reactions}>
      {message.reactions.map(({ emoji, by }) => {
        const own = by.includes(self);
        const names = nameList(by, MAX_NAMES);
        return (
          <li key={emoji}>
            <button
              type="button"
              className={css.reaction}
              aria-pressed={own}
              aria-label={t('reaction.label', { emoji, names })}
              title={names}
              onClick={() => talk.react(message.id, emoji, { on: !own })}
            >
              <span aria-hidden="true">{emoji}</span>
              <span aria-hidden="true">{by.length}</span>
            </button>
          </li>
        );
      })}
    </ul>
  );
}
