import { Lock } from 'lucide-react';
import { useState } from 'react';
import { nameKey } from '../../../../src/core/name.ts';
import { type ListedRoom, roomPath } from '../../connection/rooms.ts';
import { t } from '../../i18n/t.ts';
import { Button } from '../controls/button.tsx';
import { TextField } from '../controls/fields.tsx';
import { describeRoom } from './describe-room.ts';
import css from './rooms.module.css';
import { useRooms } from './use-rooms.ts';

/** From so many rooms on, looking is slower than typing. */
const SEARCH_FROM = 12;

interface RoomsListProps {
  readonly here: string;
  readonly mayCreate: boolean;
}

export function RoomsList({ here, mayCreate }: RoomsListProps) {
  const { look, again } = useRooms();
  const [sought, setSought] = useState('');
  if (look.kind === 'loading') return <p className={css.note}>{t('app.loading')}</p>;
  if (look.kind === 'failed') {
    return (
      <div className={css.failure}>
        <p role="alert">{look.message}</p>
        <Button onPress={again}>{t('action.retry')}</Button>
      </div>
    );
  }
  const { rooms, at } = look;
  if (rooms.length === 0) return <p className={css.note}>{t(mayCreate ? 'rooms.none-create' : 'rooms.none')}</p>;
  const shown = rooms.filter((room) => nameKey(room.title).includes(nameKey(sought)));
  return (
    <>
      {rooms.length >= SEARCH_FROM && (
        <TextField label={t('rooms.search')} value={sought} onChange={setSought} type="search" />
      )}
      <ul className={css.list} aria-label={t('rooms.title')}>
        {shown.map((room) => (
          <RoomLine key={room.name} room={room} now={at} current={room.name === here} />
        ))}
      </ul>
      {shown.length === 0 && <p className={css.note}>{t('rooms.not-found')}</p>}
    </>
  );
}

interface RoomLineProps {
  readonly room: ListedRoom;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly current: boolean;
}

function RoomLine({ room, now, current }: RoomLineProps) {
  return (
    <li>
      <a className={css.room} href={roomPath(room.name)} aria-current={current ? 'page' : undefined}>
        <span className={css.words}>
          <span className={css.title}>{room.title}</span>
          <span className={css.detail}>{describeRoom(room, now)}</span>
        </span>
        {current && <span className={css.here}>{t('rooms.here')}</span>}
        {room.password && (
          <span className={css.lock} title={t('rooms.password')}>
            <Lock size={16} aria-hidden />
            <span className="visually-hidden">{t('rooms.password')}</span>
          </span>
        )}
      </a>
    </li>
  );
}
