import { ChevronRight } from 'lucide-react';
import { t } from '../../i18n/t.ts';
import type { Passage } from '../../room/room-model.ts';
import { clockTime } from './format-time.ts';
import css from './message-list.module.css';
import { nameList } from './name-list.ts';

/** More than this many stand together behind one line. */
const FOLD_FROM = 3;
const MAX_NAMES = 6;

/** Who came and went between two messages. */
export function PassagesRow({ passages }: { readonly passages: readonly Passage[] }) {
  const groups = grouped(passages);
  if (groups.length < FOLD_FROM) return <div className={css.passages}>{groups.map(line)}</div>;
  return (
    <details className={css.passages}>
      <summary>
        <ChevronRight size={14} aria-hidden />
        {t('passage.many', { count: passages.length })}
      </summary>
      {groups.map(line)}
    </details>
  );
}

function line(group: Group) {
  return (
    <p key={group.id}>
      {t(`passage.${group.how}`, { names: nameList(group.names, MAX_NAMES) })} <time>{clockTime(group.at)}</time>
    </p>
  );
}

interface Group {
  readonly id: number;
  readonly how: Passage['how'];
  readonly at: number;
  readonly names: string[];
}

/** Neighbours who did the same. */
function grouped(passages: readonly Passage[]): readonly Group[] {
  const groups: Group[] = [];
  for (const { id, how, at, name } of passages) {
    const last = groups.at(-1);
    if (last?.how === how) last.names.push(name);
    else groups.push({ id, how, at, names: [name] });
  }
  return groups;
}
