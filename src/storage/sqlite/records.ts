import type { MessageId, RoomName } from '../../core/ids.ts';
import type { Author, Message } from '../../core/message.ts';
import type { Sanction } from '../../core/moderation.ts';
import { nameKey } from '../../core/name.ts';
import type { StoredRecord } from '../../core/record.ts';
import type { Database } from './database.ts';
import { removeMessages } from './removing.ts';
import { deleteChannel, insertChannel } from './rooms.ts';

type RecordOf<T extends StoredRecord['type']> = Extract<StoredRecord, { type: T }>;

/** Writes one record. Within a transaction: those before it are undone if it throws. */
export function applyRecord(database: Database, record: StoredRecord): void {
  switch (record.type) {
    case 'message-posted':
      insertMessage(database, record.room, record.message);
      break;
    case 'message-retracted':
      retractMessage(database, record.room, record.messageId);
      break;
    case 'reaction-changed':
      if (record.added) insertReaction(database, record);
      else deleteReaction(database, record);
      break;
    case 'sanction-imposed':
      insertSanction(database, record.sanction);
      break;
    case 'sanction-lifted':
      database.run(DELETE_SANCTION, { room: record.room, id: record.sanctionId });
      break;
    case 'relation-changed':
      changeRelation(database, record);
      break;
    case 'operator-changed':
      database.run(UPSERT_OPERATOR, { id: record.identityId, operator: record.on ? 1 : 0 });
      break;
    case 'channel-created':
      insertChannel(database, record.room, record.channel);
      break;
    case 'channel-deleted':
      deleteChannel(database, record.room, record.channelId);
      break;
    case 'tokens-revoked':
      database.run(REVOKE_TOKENS, { id: record.identityId, at: record.at });
      break;
    default:
      record satisfies never;
  }
}

const INSERT_MESSAGE = `
  INSERT INTO messages (id, room, channel, author_identity, author_name, author_key, recipient_identity,
    recipient_name, recipient_key, text, attachment_id, file_name, at, client_id, shadow)
  VALUES (:id, :room, :channel, :authorIdentity, :authorName, :authorKey, :recipientIdentity,
    :recipientName, :recipientKey, :text, :attachmentId, :fileName, :at, :clientId, :shadow)`;
const NAME_ATTACHMENT = 'UPDATE attachments SET named = 1 WHERE id = :id AND named = 0';

function insertMessage(database: Database, room: RoomName, message: Message): void {
  const { author, body, recipient, target } = message;
  const image = body.kind === 'image' ? body : undefined;
  database.run(INSERT_MESSAGE, {
    id: message.id,
    room,
    channel: target.kind === 'channel' ? target.channel : null,
    authorIdentity: author.identityId,
    authorName: author.name,
    authorKey: nameKey(author.name),
    recipientIdentity: recipient?.identityId ?? null,
    recipientName: recipient?.name ?? null,
    recipientKey: recipient ? nameKey(recipient.name) : null,
    text: body.kind === 'text' ? body.text : null,
    attachmentId: image?.attachment.id ?? null,
    fileName: image?.fileName ?? null,
    at: message.at,
    clientId: message.clientId ?? null,
    shadow: message.shadow ? 1 : 0,
  });
  if (image) database.run(NAME_ATTACHMENT, { id: image.attachment.id });
  for (const { emoji, by: authors } of message.reactions) {
    for (const by of authors) insertReaction(database, { room, messageId: message.id, emoji, by });
  }
}

const IN_ROOM = 'SELECT 1 FROM messages WHERE id = :id AND room = :room';

function retractMessage(database: Database, room: RoomName, id: MessageId): void {
  if (database.get(IN_ROOM, { id, room })) removeMessages(database, [id]);
}

/** Nothing happens where the message was retracted meanwhile, or where this reaction is there already. */
const INSERT_REACTION = `
  INSERT INTO reactions (message_id, emoji, identity_id, name, emoji_position, position)
  SELECT
    messages.id, :emoji, :identityId, :name,
    coalesce(
      (SELECT emoji_position FROM reactions WHERE message_id = messages.id AND emoji = :emoji LIMIT 1),
      (SELECT coalesce(max(position), 0) + 1 FROM reactions WHERE message_id = messages.id)),
    (SELECT coalesce(max(position), 0) + 1 FROM reactions WHERE message_id = messages.id)
  FROM messages WHERE messages.id = :messageId AND messages.room = :room
  ON CONFLICT DO NOTHING`;
const DELETE_REACTION = `
  DELETE FROM reactions
  WHERE message_id = (SELECT id FROM messages WHERE id = :messageId AND room = :room)
    AND emoji = :emoji AND identity_id = :identityId`;

interface NewReaction {
  readonly room: RoomName;
  readonly messageId: MessageId;
  readonly emoji: string;
  readonly by: Author;
}

function insertReaction(database: Database, { room, messageId, emoji, by }: NewReaction): void {
  database.run(INSERT_REACTION, { room, messageId, emoji, identityId: by.identityId, name: by.name });
}

function deleteReaction(database: Database, record: RecordOf<'reaction-changed'>): void {
  const { room, messageId, emoji, by } = record;
  database.run(DELETE_REACTION, { room, messageId, emoji, identityId: by.identityId });
}

const INSERT_SANCTION = `
  INSERT INTO sanctions (id, room, name, identity_id, addresses, reason, imposed_by, at, expires_at)
  VALUES (:id, :room, :name, :identityId, :addresses, :reason, :by, :at, :expiresAt)`;
const DELETE_SANCTION = 'DELETE FROM sanctions WHERE room = :room AND id = :id';

function insertSanction(database: Database, sanction: Sanction): void {
  const { id, room, name = null, identityId = null, addresses = null, reason, by, at, expiresAt } = sanction;
  database.run(INSERT_SANCTION, { id, room, name, identityId, addresses, reason, by, at, expiresAt });
}

const INSERT_RELATION = `
  INSERT INTO relations (room, identity_id, kind, name_key) VALUES (:room, :identityId, :kind, :nameKey)
  ON CONFLICT DO NOTHING`;
const DELETE_RELATION = `
  DELETE FROM relations
  WHERE room = :room AND identity_id = :identityId AND kind = :kind AND name_key = :nameKey`;

function changeRelation(database: Database, record: RecordOf<'relation-changed'>): void {
  const { room, identityId, kind, names, on } = record;
  const sql = on ? INSERT_RELATION : DELETE_RELATION;
  for (const key of names) database.run(sql, { room, identityId, kind, nameKey: key });
}

/** An identity that nothing was remembered of so far gets its name when it is put. */
const UPSERT_OPERATOR = `
  INSERT INTO identities (id, name, operator, created_at) VALUES (:id, '', :operator, 0)
  ON CONFLICT (id) DO UPDATE SET operator = excluded.operator`;
const REVOKE_TOKENS = 'UPDATE identities SET tokens_revoked_at = max(tokens_revoked_at, :at) WHERE id = :id';
