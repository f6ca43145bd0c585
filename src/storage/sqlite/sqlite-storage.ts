import { setImmediate as turn } from 'node:timers/promises';
import type { Channel } from '../../core/channel.ts';
import type { ChannelId, MessageId, RoomName } from '../../core/ids.ts';
import type { Attachment, Message } from '../../core/message.ts';
import type { Sanction } from '../../core/moderation.ts';
import type { StoredRecord } from '../../core/record.ts';
import type { RelationNames } from '../../core/relation.ts';
import type {
  GroupToken,
  Invitation,
  MessageQuery,
  Page,
  Posted,
  Storage,
  StoredIdentity,
  StoredRoom,
  ThreadKey,
  Threads,
  ThreadsQuery,
  TokenTimes,
} from '../port.ts';
import { putAttachment, type StoredAttachment, storedAttachment, sweepAttachments } from './attachments.ts';
import { CommitQueue } from './commit-queue.ts';
import { asStorageError, Database } from './database.ts';
import * as groupTokens from './group-tokens.ts';
import * as identities from './identities.ts';
import { countBefore, lastMessageId, messageById, pageOfMessages, threadsOf } from './messages.ts';
import { migrate } from './migrations.ts';
import { blocklistOf, putBlocklist, relationsOf, sanctionsInForce } from './moderation.ts';
import { applyRecord } from './records.ts';
import { EXPIRY_BATCH, eraseChannelBatch, eraseDirect, eraseRoomBatch, expireBatch } from './removing.ts';
import * as rooms from './rooms.ts';
import { postedAs, sweepTombstones } from './tombstones.ts';

/** The part of a logger that the storage needs. */
export interface StorageLog {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
}

export interface SqliteStorageOptions {
  /** Path of the database. Made, with its folder, where there is none. */
  readonly file: string;
  readonly log?: StorageLog;
  /** How long to wait for another process that holds the file, in milliseconds. Two seconds unless said. */
  readonly lockTimeout?: number;
}

/**
 * Opens the database and brings its schema up to date. Throws a {@link StorageError} where it cannot be opened, is not
 * Parlour's, or was written by a newer version.
 */
export function openSqliteStorage(options: SqliteStorageOptions): Storage {
  const database = Database.open(options.file, options.lockTimeout);
  try {
    const { from, to } = migrate(database);
    // A new database is not news.
    if (from > 0 && from !== to)
      options.log?.info({ file: options.file, from, to }, 'database schema brought up to date');
    sweepTombstones(database);
    return new SqliteStorage(database, options.log);
  } catch (error) {
    database.close();
    throw asStorageError(error);
  }
}

/** Everything in the order in which it was asked for: whatever else is asked, pending commits are written first. */
class SqliteStorage implements Storage {
  readonly #database: Database;
  readonly #commits: CommitQueue;

  constructor(database: Database, log: StorageLog | undefined) {
    this.#database = database;
    this.#commits = new CommitQueue({
      write: (records) =>
        database.transaction(() => {
          for (const record of records) applyRecord(database, record);
        }),
      onSplit: ({ commits, error }) =>
        log?.warn({ commits, err: error }, 'a shared transaction failed; storing each commit alone'),
    });
  }

  commit(records: readonly StoredRecord[]): Promise<void> {
    return this.#commits.commit(records);
  }

  lastMessageId(): Promise<MessageId> {
    return this.#ask(lastMessageId);
  }

  message(room: RoomName, id: MessageId): Promise<Message | undefined> {
    return this.#ask((database) => messageById(database, room, id));
  }

  postedAs(room: RoomName, identityId: string, clientId: string): Promise<Posted | undefined> {
    return this.#ask((database) => postedAs(database, { room, identityId, clientId }));
  }

  messages(room: RoomName, query: MessageQuery): Promise<Page> {
    return this.#ask((database) => pageOfMessages(database, room, query));
  }

  countBefore(room: RoomName, query: { readonly thread: ThreadKey; readonly before: MessageId }): Promise<number> {
    return this.#ask((database) => countBefore(database, { room, ...query }));
  }

  threads(room: RoomName, identityId: string, query: ThreadsQuery): Promise<Threads> {
    return this.#ask((database) => threadsOf(database, { room, identityId, query }));
  }

  eraseDirect(room: RoomName, who: { readonly identityId: string; readonly name?: string }): Promise<number> {
    return this.#ask((database) => eraseDirect(database, { room, identityId: who.identityId, name: who.name }));
  }

  async expireMessages(before: { readonly direct?: number; readonly channels?: number }): Promise<number> {
    let count = 0;
    for (const kind of ['direct', 'channels'] as const) {
      const time = before[kind];
      if (time !== undefined) count += await this.#inBatches((database) => expireBatch(database, kind, time));
    }
    await this.#ask(sweepTombstones);
    return count;
  }

  sanctions(room: RoomName, now: number): Promise<readonly Sanction[]> {
    return this.#ask((database) => sanctionsInForce(database, room, now));
  }

  relations(room: RoomName, identityId: string): Promise<RelationNames> {
    return this.#ask((database) => relationsOf(database, room, identityId));
  }

  putAttachment(attachment: Attachment, bytes: Uint8Array, at: number): Promise<void> {
    return this.#ask((database) => putAttachment(database, { attachment, bytes }, at));
  }

  attachment(id: Attachment['id']): Promise<StoredAttachment | undefined> {
    return this.#ask((database) => storedAttachment(database, id));
  }

  sweepAttachments(before: number): Promise<number> {
    return this.#ask((database) => sweepAttachments(database, before));
  }

  putIdentity(identity: StoredIdentity): Promise<void> {
    return this.#ask((database) => identities.putIdentity(database, identity));
  }

  identity(id: string): Promise<StoredIdentity | undefined> {
    return this.#ask((database) => identities.storedIdentity(database, id));
  }

  claimName(identity: StoredIdentity & { readonly ownsName: true }): Promise<boolean> {
    return this.#ask((database) => identities.claimName(database, identity));
  }

  nameOwners(names: readonly string[]): Promise<ReadonlyMap<string, string>> {
    return this.#ask((database) => identities.nameOwners(database, names));
  }

  putBlocklist(name: string, names: readonly string[]): Promise<void> {
    return this.#ask((database) => putBlocklist(database, name, names));
  }

  blocklist(name: string): Promise<readonly string[]> {
    return this.#ask((database) => blocklistOf(database, name));
  }

  createRoom(room: StoredRoom, channels: readonly Channel[]): Promise<boolean> {
    return this.#ask((database) => rooms.createRoom(database, room, channels));
  }

  room(name: RoomName): Promise<StoredRoom | undefined> {
    return this.#ask((database) => rooms.storedRoom(database, name));
  }

  rooms(query: { readonly publicOnly: boolean }): Promise<readonly StoredRoom[]> {
    return this.#ask((database) => rooms.storedRooms(database, query));
  }

  touchRoom(name: RoomName, at: number): Promise<void> {
    return this.#ask((database) => rooms.touchRoom(database, name, at));
  }

  async removeRoom(name: RoomName): Promise<void> {
    while ((await this.#ask((database) => eraseRoomBatch(database, name))) > 0) await turn();
    await this.#ask((database) => rooms.removeEmptiedRoom(database, name));
  }

  channels(room: RoomName): Promise<readonly Channel[]> {
    return this.#ask((database) => rooms.storedChannels(database, room));
  }

  eraseChannel(room: RoomName, channel: ChannelId, upTo: MessageId): Promise<number> {
    return this.#inBatches((database) => eraseChannelBatch(database, { room, channel, upTo }));
  }

  putInvitation(invitation: Invitation): Promise<void> {
    return this.#ask((database) => identities.putInvitation(database, invitation));
  }

  redeemInvitation(tokenHash: string, now: number): Promise<Invitation | undefined> {
    return this.#ask((database) => identities.redeemInvitation(database, tokenHash, now));
  }

  putGroupToken(token: GroupToken, bounds: { readonly limit: number; readonly now: number }): Promise<boolean> {
    return this.#ask((database) => groupTokens.putGroupToken(database, token, bounds));
  }

  groupToken(token: string): Promise<GroupToken | undefined> {
    return this.#ask((database) => groupTokens.groupToken(database, token));
  }

  editGroupToken(token: string, times: TokenTimes): Promise<GroupToken | undefined> {
    return this.#ask((database) => groupTokens.editGroupToken(database, token, times));
  }

  groupTokens(group: string): Promise<readonly GroupToken[]> {
    return this.#ask((database) => groupTokens.groupTokens(database, group));
  }

  removeGroupToken(token: string): Promise<boolean> {
    return this.#ask((database) => groupTokens.removeGroupToken(database, token));
  }

  expireGroupTokens(before: number): Promise<number> {
    return this.#ask((database) => groupTokens.expireGroupTokens(database, before));
  }

  secret(name: string, make: () => string): Promise<string> {
    return this.#ask((database) => identities.secret(database, name, make));
  }

  async close(): Promise<void> {
    this.#commits.flush();
    this.#database.close();
  }

  /** In batches, between which others have their turn. */
  async #inBatches(remove: (database: Database) => number): Promise<number> {
    for (let count = 0; ; await turn()) {
      const removed = await this.#ask(remove);
      count += removed;
      if (removed < EXPIRY_BATCH) return count;
    }
  }

  async #ask<T>(question: (database: Database) => T): Promise<T> {
    this.#commits.flush();
    try {
      return question(this.#database);
    } catch (error) {
      throw asStorageError(error);
    }
  }
}
