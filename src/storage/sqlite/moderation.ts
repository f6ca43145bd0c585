import type { RoomName } from '../../core/ids.ts';
import type { Sanction } from '../../core/moderation.ts';
import { RELATION_KINDS, type RelationKind, type RelationNames } from '../../core/relation.ts';
import type { Database } from './database.ts';
import { integer, optionalText, type Row, text, word } from './row.ts';

const SANCTIONS = 'SELECT * FROM sanctions WHERE room = :room AND expires_at > :now ORDER BY at, rowid';

export function sanctionsInForce(database: Database, room: RoomName, now: number): Sanction[] {
  return database.all(SANCTIONS, { room, now }).map(sanctionOf);
}

function sanctionOf(row: Row): Sanction {
  const identityId = optionalText(row, 'identity_id');
  return {
    id: text(row, 'id'),
    room: text(row, 'room'),
    name: text(row, 'name'),
    ...(identityId === undefined ? {} : { identityId }),
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
