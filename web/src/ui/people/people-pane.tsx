import { Search } from 'lucide-react';
import { useDeferredValue, useState } from 'react';
import { nameKey } from '../../../../src/core/name.ts';
import { t } from '../../i18n/t.ts';
import { selectPeople } from '../../room/selectors.ts';
import { useRoom } from '../session-context.ts';
import css from './people.module.css';
import { PersonRow } from './person-row.tsx';

/** From so many people on, looking is slower than typing. */
const SEARCH_FROM = 12;

export function PeoplePane() {
  const people = useRoom(selectPeople);
  const selfId = useRoom((room) => room.self?.id);
  const [sought, setSought] = useState('');
  const needle = useDeferredValue(nameKey(sought));
  const shown = needle === '' ? people : people.filter((person) => nameKey(person.name).includes(needle));
  return (
    <aside className={css.pane} aria-label={t('people.title')}>
      <header className={css.head}>
        <h2 className={css.title}>{t('people.title')}</h2>
        <span className={css.count} title={t('people.count', { count: people.length })}>
          {people.length}
        </span>
      </header>
      {(people.length >= SEARCH_FROM || sought !== '') && (
        <div className={css.search}>
          <Search size={16} aria-hidden />
          <input
            type="search"
            aria-label={t('people.search')}
            placeholder={t('people.search')}
            value={sought}
            onChange={(event) => setSought(event.target.value)}
          />
        </div>
      )}
      <ul className={css.list} aria-label={t('people.title')}>
        {shown.map((person) => (
          <PersonRow key={person.id} person={person} self={person.id === selfId} />
        ))}
      </ul>
      {shown.length === 0 && <p className={css.note}>{t('people.none')}</p>}
      {people.length === 1 && sought === '' && <p className={css.note}>{t('people.alone')}</p>}
    </aside>
  );
}
