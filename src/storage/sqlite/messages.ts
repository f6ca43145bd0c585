import type { MessageId, RoomName } from '../../core/ids.ts';
import type { Attachment, Author, Body, Message, Reaction } from '../../core/message.ts';
import type { MessageQuery, Page, ThreadKey, Threads, ThreadsQuery } from '../port.ts';
import { attachmentOf } from './attachments.ts';
import type { Database } from './database.ts';
import * as sql from './message-sql.ts';
import { flag, integer, optionalText, type Row, text } from './row.ts';

export function lastMessageId(database: Database): MessageId {
  const row = database.get(sql.LAST_ID);
  return row ? integer(row, 'last_id') : 0;
}

export function messageById(database: Database, room: RoomName, id: MessageId): Message | undefined {
  return one(database, database.get(sql.BY_ID, { room, id }));
}

export function pageOfMessages(database: Database, room: RoomName, query: MessageQuery): Page {
  const { thread, before = Number.MAX_SAFE_INTEGER, after = -1, limit } = query;
  const forwards = query.after !== undefined;
  // One more than asked for tells whether there is more.
  const bounds = { room, before, after, limit: limit + 1 };
  const rows =
    thread.kind === 'channel'
      ? database.all(forwards ? sql.CHANNEL_FORWARDS : sql.CHANNEL_BACKWARDS, { ...bounds, channel: thread.channel })
      : database.all(forwards ? sql.DIRECT_FORWARDS : sql.DIRECT_BACKWARDS, {
          ...bounds,
          identityId: thread.identityId,
          peer: thread.peer,
        });
  const wanted = rows.slice(0, limit);
  if (!forwards) wanted.reverse();
  return { messages: decode(database, wanted), more: rows.length > limit };
}

export function countBefore(
  database: Database,
  of: { readonly room: RoomName; readonly thread: ThreadKey; readonly before: MessageId },
): number {
  const { room, thread, before } = of;
  const row =
    thread.kind === 'channel'
      ? database.get(sql.CHANNEL_COUNT, { room, before, channel: thread.channel })
      : database.get(sql.DIRECT_COUNT, { room, before, identityId: thread.identityId, peer: thread.peer });
  return row ? integer(row, 'count') : 0;
}

const THREADS: { readonly [S in ThreadsQuery['sort']]: string } = {
  newest: sql.THREADS_NEWEST,
  oldest: sql.THREADS_OLDEST,
  'a-z': sql.THREADS_A_TO_Z,
  'z-a': sql.THREADS_Z_TO_A,
};

export function threadsOf(
  database: Database,
  of: { readonly room: RoomName; readonly identityId: string; readonly query: ThreadsQuery },
): Threads {
  const { room, identityId, query } = of;
  const { sort, offset, limit } = query;
  const rows = database.all(THREADS[sort], { room, identityId, offset, limit });
  const threads = rows
    .filter((row) => row.id !== null)
    .map((row) => ({ name: text(row, 'name'), lastMessageId: integer(row, 'id'), lastAt: integer(row, 'at') }));
  return { threads, count: rows[0] ? integer(rows[0], 'count') : 0 };
}

function one(database: Database, row: Row | undefined): Message | undefined {
  return row ? decode(database, [row])[0] : undefined;
}

function decode(database: Database, rows: readonly Row[]): Message[] {
  if (rows.length === 0) return [];
  const reactions = reactionsOf(
    database,
    rows.map((row) => integer(row, 'id')),
  );
  return rows.map((row) => messageOf(row, reactions.get(integer(row, 'id')) ?? []));
}

function messageOf(row: Row, reactions: readonly Reaction[]): Message {
  const channel = optionalText(row, 'channel');
  const recipient = channel === undefined ? author(row, 'recipient') : undefined;
  const clientId = optionalText(row, 'client_id');
  return {
    id: integer(row, 'id'),
    target: recipient ? { kind: 'member', name: recipient.name } : { kind: 'channel', channel: channel ?? '' },
    author: author(row, 'author'),
    body: bodyOf(row),
    at: integer(row, 'at'),
    ...(recipient ? { recipient } : {}),
    ...(clientId === undefined ? {} : { clientId }),
    ...(flag(row, 'shadow') ? { shadow: true } : {}),
    reactions,
  };
}

function author(row: Row, side: 'author' | 'recipient'): Author {
  return { identityId: text(row, `${side}_identity`), name: text(row, `${side}_name`) };
}

function bodyOf(row: Row): Body {
  const written = optionalText(row, 'text');
  if (written !== undefined) return { kind: 'text', text: written };
  const attachment: Attachment = attachmentOf(row);
  return { kind: 'image', attachment, fileName: text(row, 'file_name') };
}

/** By message, in order of first appearance. */
function reactionsOf(database: Database, ids: readonly MessageId[]): Map<MessageId, Reaction[]> {
  const byMessage = new Map<MessageId, { emoji: string; by: Author[] }[]>();
  for (const row of database.all(sql.REACTIONS, { ids: JSON.stringify(ids) })) {
    const id = integer(row, 'message_id');
    const emoji = text(row, 'emoji');
    const by = { identityId: text(row, 'identity_id'), name: text(row, 'name') };
    const reactions = byMessage.get(id) ?? [];
    byMessage.set(id, reactions);
    const last = reactions.at(-1);
    if (last?.emoji === emoji) last.by.push(by);
    else reactions.push({ emoji, by: [by] });
  }
  return byMessage;
}
