import type { RoomName } from '../../core/ids.ts';
import type { Sanction } from '../../core/moderation.ts';
import { nameKey } from '../../core/name.ts';
import { RELATION_KINDS, type RelationKind, type RelationNames } from '../../core/relation.ts';
import { MAX_BLOCKLIST } from '../port.ts';
import type { Database } from './database.ts';
import { integer, optionalText, type Row, text, textList, word } from './row.ts';

const SANCTIONS = 'SELECT * FROM sanctions WHERE room = :room AND expires_at > :now ORDER BY at, rowid';

export function sanctionsInForce(database: Database, room: RoomName, now: number): Sanction[] {
  return database.all(SANCTIONS, { room, now }).map(sanctionOf);
}

function sanctionOf(row: Row): Sanction {
  const name = optionalText(row, 'name');
  const identityId = optionalText(row, 'identity_id');
  const addresses = optionalText(row, 'addresses');
  return {
    id: text(row, 'id'),
    room: text(row, 'room'),
    ...(name === undefined ? {} : { name }),
    ...(identityId === undefined ? {} : { identityId }),
    ...(addresses === undefined ? {} : { addresses }),
    reason: text(row, 'reason'),
    by: text(row, 'imposed_by'),
    at: integer(row, 'at'),
    expiresAt: integer(row, 'expires_at'),
  };
}

const RELATIONS = 'SELECT kind, name_key FROM relations WHERE room = :room AND identity_id = :identityId';

export function relationsOf(database: Database, room: RoomName, identityId: string): RelationNames {
  const byKind: Partial<Record<RelationKind, string[]>> = {};
  for (const row of database.all(RELATIONS, { room, identityId })) {
    const kind = word(row, 'kind', RELATION_KINDS);
    const names = byKind[kind] ?? [];
    names.push(text(row, 'name_key'));
    byKind[kind] = names;
  }
  return byKind;
}

const PUT_BLOCKLIST = `
  INSERT INTO blocklists (name_key, names) VALUES (:nameKey, :names)
  ON CONFLICT (name_key) DO UPDATE SET names = excluded.names`;
const DELETE_BLOCKLIST = 'DELETE FROM blocklists WHERE name_key = :nameKey';

export function putBlocklist(database: Database, name: string, names: readonly string[]): void {
  const key = nameKey(name);
  if (names.length === 0) database.run(DELETE_BLOCKLIST, { nameKey: key });
  else database.run(PUT_BLOCKLIST, { nameKey: key, names: JSON.stringify(names.slice(0, MAX_BLOCKLIST)) });
}

const BLOCKLIST = 'SELECT names FROM blocklists WHERE name_key = :nameKey';

export function blocklistOf(database: Database, key: string): readonly string[] {
  const row = database.get(BLOCKLIST, { nameKey: key });
  return row ? textList(row, 'names') : [];
}
