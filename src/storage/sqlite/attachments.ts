import type { Attachment } from '../../core/message.ts';
import type { Database } from './database.ts';
import { blob, integer, type Row, text, word } from './row.ts';

export interface StoredAttachment {
  readonly attachment: Attachment;
  readonly bytes: Uint8Array;
}

const MEDIA_TYPES: readonly Attachment['mediaType'][] = ['image/jpeg', 'image/png', 'image/gif', 'image/webp'];

const PUT = `
  INSERT INTO attachments (id, media_type, width, height, byte_length, at)
  VALUES (:id, :mediaType, :width, :height, :byteLength, :at)
  ON CONFLICT (id) DO UPDATE SET media_type = excluded.media_type, width = excluded.width, height = excluded.height,
    byte_length = excluded.byte_length, at = excluded.at`;
const PUT_BYTES = `
  INSERT INTO attachment_bytes (attachment_id, bytes) VALUES (:id, :bytes)
  ON CONFLICT (attachment_id) DO UPDATE SET bytes = excluded.bytes`;

export function putAttachment(database: Database, { attachment, bytes }: StoredAttachment, at: number): void {
  const { id, mediaType, width, height, byteLength } = attachment;
  database.transaction(() => {
    database.run(PUT, { id, mediaType, width, height, byteLength, at });
    database.run(PUT_BYTES, { id, bytes });
  });
}

const GET = `
  SELECT id AS attachment_id, media_type, width, height, byte_length, bytes
  FROM attachments JOIN attachment_bytes ON attachment_bytes.attachment_id = attachments.id
  WHERE attachments.id = :id`;

export function storedAttachment(database: Database, id: Attachment['id']): StoredAttachment | undefined {
  const row = database.get(GET, { id });
  return row ? { attachment: attachmentOf(row), bytes: blob(row, 'bytes') } : undefined;
}

const SWEEP = 'DELETE FROM attachments WHERE named = 0 AND at < :before';

export function sweepAttachments(database: Database, before: number): number {
  return database.run(SWEEP, { before });
}

/** Of a row of `attachments`, its id as `attachment_id`. */
export function attachmentOf(row: Row): Attachment {
  return {
    id: text(row, 'attachment_id'),
    mediaType: word(row, 'media_type', MEDIA_TYPES),
    width: integer(row, 'width'),
    height: integer(row, 'height'),
    byteLength: integer(row, 'byte_length'),
  };
}
