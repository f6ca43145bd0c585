import type { MessageId, RoomName } from '../../core/ids.ts';
import type { Database } from './database.ts';
import * as sql from './message-sql.ts';
import { integer, text } from './row.ts';
import { entomb } from './tombstones.ts';

const ATTACHMENTS_OF = `
  SELECT DISTINCT attachment_id FROM messages
  WHERE id IN (SELECT value FROM json_each(:ids)) AND attachment_id IS NOT NULL`;
const DELETE_MESSAGES = 'DELETE FROM messages WHERE id IN (SELECT value FROM json_each(:ids))';
const REMEMBER_ID = `
  UPDATE counters SET value = max(value, (SELECT max(value) FROM json_each(:ids))) WHERE name = 'last-retracted-id'`;
const DELETE_ATTACHMENTS = `
  DELETE FROM attachments
  WHERE id IN (SELECT value FROM json_each(:attachments))
    AND NOT EXISTS (SELECT 1 FROM messages WHERE messages.attachment_id = attachments.id)`;

/**
 * Removes messages that exist, with their reactions and with the attachments that no other message names. Within a
 * transaction. What stays is the highest id, and under which ids of their authors they were posted.
 */
export function removeMessages(database: Database, removed: readonly MessageId[]): void {
  if (removed.length === 0) return;
  const ids = JSON.stringify(removed);
  const attachments = database.all(ATTACHMENTS_OF, { ids }).map((row) => text(row, 'attachment_id'));
  entomb(database, ids);
  database.run(DELETE_MESSAGES, { ids });
  database.run(REMEMBER_ID, { ids });
  if (attachments.length > 0) database.run(DELETE_ATTACHMENTS, { attachments: JSON.stringify(attachments) });
}

/** Returns how many. */
export function eraseDirect(
  database: Database,
  who: { readonly room: RoomName; readonly identityId: string; readonly name: string | undefined },
): number {
  const { room, identityId, name = null } = who;
  return removeFound(database, () => database.all(sql.ALL_DIRECT, { room, identityId, name }));
}

/** At most this many messages expire in one transaction: the whole server waits for it. */
export const EXPIRY_BATCH = 500;

/** One batch. Returns how many; fewer than {@link EXPIRY_BATCH} where there are no more. */
export function expireBatch(database: Database, kind: 'direct' | 'channels', before: number): number {
  const expired = kind === 'direct' ? sql.EXPIRED_DIRECT : sql.EXPIRED_IN_CHANNELS;
  return removeFound(database, () => database.all(expired, { before, limit: EXPIRY_BATCH }));
}

const IN_CHANNEL = `
  SELECT id FROM messages WHERE room = :room AND channel = :channel AND shadow = 0 AND id <= :upTo LIMIT :limit`;

/** One batch of a channel's messages. Returns how many, as {@link expireBatch} does. */
export function eraseChannelBatch(
  database: Database,
  { room, channel, upTo }: { readonly room: RoomName; readonly channel: string; readonly upTo: MessageId },
): number {
  return removeFound(database, () => database.all(IN_CHANNEL, { room, channel, upTo, limit: EXPIRY_BATCH }));
}

const IN_ROOM = [
  'SELECT id FROM messages WHERE room = :room AND channel IS NOT NULL AND shadow = 0 LIMIT :limit',
  'SELECT id FROM messages WHERE room = :room AND recipient_key IS NOT NULL LIMIT :limit',
] as const;

/** One batch of a room's messages, those of channels first. Returns how many, 0 where there are no more. */
export function eraseRoomBatch(database: Database, room: RoomName): number {
  for (const sql of IN_ROOM) {
    const count = removeFound(database, () => database.all(sql, { room, limit: EXPIRY_BATCH }));
    if (count > 0) return count;
  }
  return 0;
}

function removeFound(database: Database, find: () => ReturnType<Database['all']>): number {
  let count = 0;
  database.transaction(() => {
    const ids = find().map((row) => integer(row, 'id'));
    removeMessages(database, ids);
    count = ids.length;
  });
  return count;
}
