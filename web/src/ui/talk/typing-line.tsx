import { t } from '../../i18n/t.ts';
import type { ThreadKey } from '../../room/thread.ts';
import { useRoom } from '../session-context.ts';
import css from './typing.module.css';

export function TypingLine({ thread }: { readonly thread: ThreadKey }) {
  const typists = useRoom((room) => room.typists);
  const [one, two, ...more] = typists.filter((typist) => typist.thread === thread);
  return (
    <div className={css.typing} role="status">
      {one && (
        <>
          <span className={css.dots} aria-hidden="true">
            <i />
            <i />
            <i />
          </span>
          {more.length > 0
            ? t('typing.many')
            : two
              ? t('typing.two', { name: one.name, other: two.name })
              : t('typing.one', { name: one.name })}
        </>
      )}
    </div>
  );
}
