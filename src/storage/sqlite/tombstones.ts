import type { RoomName } from '../../core/ids.ts';
import { type Posted, TOMBSTONE_LIFE } from '../port.ts';
import type { Database } from './database.ts';
import { BY_CLIENT_ID } from './message-sql.ts';
import { integer } from './row.ts';

const TOMBSTONE = `
  SELECT message_id AS id, at FROM tombstones
  WHERE room = :room AND identity_id = :identityId AND client_id = :clientId`;

/** The message that is there, or else the tombstone of one that was. */
export function postedAs(
  database: Database,
  key: { readonly room: RoomName; readonly identityId: string; readonly clientId: string },
): Posted | undefined {
  const row = database.get(BY_CLIENT_ID, key) ?? database.get(TOMBSTONE, key);
  return row && { id: integer(row, 'id'), at: integer(row, 'at') };
}

const ENTOMB = `
  INSERT INTO tombstones (room, identity_id, client_id, message_id, at)
  SELECT room, author_identity, client_id, id, at FROM messages
  WHERE id IN (SELECT value FROM json_each(:ids)) AND client_id IS NOT NULL
  ON CONFLICT (room, identity_id, client_id) DO UPDATE SET message_id = excluded.message_id, at = excluded.at`;

/** Of these messages (a JSON array of their ids), before they are deleted. */
export function entomb(database: Database, ids: string): void {
  database.run(ENTOMB, { ids });
}

const NEWEST = `
  SELECT max(
    coalesce((SELECT at FROM messages ORDER BY id DESC LIMIT 1), 0),
    coalesce((SELECT max(at) FROM tombstones), 0)) AS newest`;
const STALE = 'SELECT 1 FROM tombstones WHERE at < :before LIMIT 1';
const SWEEP = 'DELETE FROM tombstones WHERE at < :before';

/** Forgets those older than {@link TOMBSTONE_LIFE}. Where there are none, it writes nothing, and waits for nobody. */
export function sweepTombstones(database: Database): void {
  const row = database.get(NEWEST);
  const before = (row ? integer(row, 'newest') : 0) - TOMBSTONE_LIFE;
  if (database.get(STALE, { before })) database.run(SWEEP, { before });
}
