import type { Channel } from '../core/channel.ts';
import type { Thread } from '../core/event.ts';
import type { ChannelId, MessageId, RoomName } from '../core/ids.ts';
import type { Attachment, Message } from '../core/message.ts';
import type { Sanction } from '../core/moderation.ts';
import type { StoredRecord } from '../core/record.ts';
import type { RelationNames } from '../core/relation.ts';

/**
 * What outlives the process. Drivers: `memory/` and `sqlite/`; one contract suite for both
 * (`contract.test-suite.ts`). All text comparisons of names use name keys made by the caller.
 */
export interface Storage {
  /**
   * Stores all of it or nothing, in order. Resolves when it is durable: it survives the process being killed.
   * Concurrent calls are stored in the order in which they were made, and may share one transaction.
   */
  commit(records: readonly StoredRecord[]): Promise<void>;

  /** The highest message id ever committed, over all rooms, retracted ones included; 0 at first. */
  lastMessageId(): Promise<MessageId>;
  /** Not retracted; with its reactions in order of their first appearance. */
  message(room: RoomName, id: MessageId): Promise<Message | undefined>;
  /**
   * What this author posted under this id of their own; also when it was retracted, erased or expired since, for 30
   * days from when it was posted (see {@link TOMBSTONE_LIFE}). A later message with the same id takes its place.
   */
  postedAs(room: RoomName, identityId: string, clientId: string): Promise<Posted | undefined>;
  /** Text and images of one thread, without retracted ones, without another's shadow messages. See {@link Page}. */
  messages(room: RoomName, query: MessageQuery): Promise<Page>;
  /** How many messages of this thread are older than `before`, as {@link messages} would give them. */
  countBefore(room: RoomName, query: { readonly thread: ThreadKey; readonly before: MessageId }): Promise<number>;
  /** The direct conversations of an identity, by the name of the other side. */
  threads(room: RoomName, identityId: string, query: ThreadsQuery): Promise<Threads>;
  /**
   * Erases all direct messages, in both directions, of an identity, and of whoever bore this name (a name key, compared
   * as a whole). Returns how many.
   */
  eraseDirect(room: RoomName, who: { readonly identityId: string; readonly name?: string }): Promise<number>;
  /**
   * Erases messages of all rooms that are older than these times, in milliseconds since 1970, and forgets under which
   * ids of their authors long removed ones were posted. Returns how many messages.
   */
  expireMessages(before: { readonly direct?: number; readonly channels?: number }): Promise<number>;

  /** Bans of a room that were neither lifted nor expired at `now`. */
  sanctions(room: RoomName, now: number): Promise<readonly Sanction[]>;
  /** What a durable identity decided about others, by name key. */
  relations(room: RoomName, identityId: string): Promise<RelationNames>;

  /** Puts an attachment's bytes, to be named by a message soon. */
  putAttachment(attachment: Attachment, bytes: Uint8Array, at: number): Promise<void>;
  attachment(
    id: Attachment['id'],
  ): Promise<{ readonly attachment: Attachment; readonly bytes: Uint8Array } | undefined>;
  /** Removes attachments older than `before` that no message names. Returns how many. */
  sweepAttachments(before: number): Promise<number>;

  /** Replaces what is known of an identity, but for `tokensRevokedAt`, which only rises. */
  putIdentity(identity: StoredIdentity): Promise<void>;
  identity(id: string): Promise<StoredIdentity | undefined>;
  /**
   * Puts an identity that owns its name, unless somebody else owns it. Returns whether it did: of two who ask at once,
   * one gets the name.
   */
  claimName(identity: StoredIdentity & { readonly ownsName: true }): Promise<boolean>;
  /** Of these name keys, those that belong to somebody, with the identity that owns each: of several, the oldest. */
  nameOwners(names: readonly string[]): Promise<ReadonlyMap<string, string>>;

  /**
   * Names (as given) that the website says somebody blocks; replaces what was there. `name` may be in any form. Of more
   * than {@link MAX_BLOCKLIST} the first ones are kept.
   */
  putBlocklist(name: string, names: readonly string[]): Promise<void>;
  /** Empty where none was put. `name` is a name key. */
  blocklist(name: string): Promise<readonly string[]>;

  /** Puts a new room with its channels. Returns whether it did: not where there is a room of this name. */
  createRoom(room: StoredRoom, channels: readonly Channel[]): Promise<boolean>;
  room(name: RoomName): Promise<StoredRoom | undefined>;
  /** All, or the public ones, in the order of their names. */
  rooms(query: { readonly publicOnly: boolean }): Promise<readonly StoredRoom[]>;
  /** Notes when something last happened in a room; without effect on rooms that are not stored. */
  touchRoom(name: RoomName, at: number): Promise<void>;
  /** Removes a room and all that was stored of it: messages, channels, bans, relations, tokens. In batches, the room last. */
  removeRoom(name: RoomName): Promise<void>;
  /** The channels of a room that were made while the server ran, in the order in which they were. */
  channels(room: RoomName): Promise<readonly Channel[]>;
  /** Erases the messages of a channel up to one, in batches. Returns how many. */
  eraseChannel(room: RoomName, channel: ChannelId, upTo: MessageId): Promise<number>;

  putInvitation(invitation: Invitation): Promise<void>;
  /** Uses up one use of an invitation that is valid at `now`, and returns it; or nothing. Never twice for one use. */
  redeemInvitation(tokenHash: string, now: number): Promise<Invitation | undefined>;

  /**
   * Puts a group's token, in place of the one of the same secret. Where the group has `limit` others already, the one
   * that expired longest ago makes room; returns whether there was room.
   */
  putGroupToken(token: GroupToken, bounds: { readonly limit: number; readonly now: number }): Promise<boolean>;
  groupToken(token: string): Promise<GroupToken | undefined>;
  /** Returns the token as it is now; nothing where there is none. */
  editGroupToken(token: string, times: TokenTimes): Promise<GroupToken | undefined>;
  /** Of this very group, by the time of their expiry. */
  groupTokens(group: string): Promise<readonly GroupToken[]>;
  /** Returns whether there was one. */
  removeGroupToken(token: string): Promise<boolean>;
  /** Removes those that expired before a time. Returns how many. */
  expireGroupTokens(before: number): Promise<number>;

  /** A value made once and kept, such as the key that signs tokens. Returns the stored one if there is one. */
  secret(name: string, make: () => string): Promise<string>;
  /** Finishes what was begun. Owned by the composition root. */
  close(): Promise<void>;
}

/**
 * How long the author's own id of a removed message is remembered, in milliseconds. Counted from the message's own time
 * to that of the newest one stored: storage has no clock, and nobody repeats an old message where nothing new is said.
 */
export const TOMBSTONE_LIFE = 30 * 24 * 3_600_000;

/** At most this many names in one person's blocklist. */
export const MAX_BLOCKLIST = 10_000;

export type ThreadKey =
  | { readonly kind: 'channel'; readonly channel: ChannelId }
  /** The direct messages between an identity and those who bore this name (a name key) then. */
  | { readonly kind: 'direct'; readonly identityId: string; readonly peer: string };

export interface MessageQuery {
  readonly thread: ThreadKey;
  /** Exclusive bounds. With `after`, the oldest `limit` messages of the range; else the newest. */
  readonly before?: MessageId;
  readonly after?: MessageId;
  readonly limit: number;
}

/** A message that was posted before, under its author's own id. */
export interface Posted {
  readonly id: MessageId;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export interface ThreadsQuery {
  /** By the time of the latest message, or by name (its key, by code points). */
  readonly sort: 'newest' | 'oldest' | 'a-z' | 'z-a';
  readonly offset: number;
  readonly limit: number;
}

export interface Threads {
  readonly threads: readonly Thread[];
  /** How many there are in all. */
  readonly count: number;
}

export interface Page {
  /** Oldest first. */
  readonly messages: readonly Message[];
  /** Whether there are more in the direction asked for. */
  readonly more: boolean;
}

/** An identity that the server knows beyond its token. Guests have none until something is to be remembered of them. */
export interface StoredIdentity {
  readonly id: string;
  readonly name: string;
  readonly operator: boolean;
  /** Whether nobody else may bear the name: that of a website's user, or of an account. */
  readonly ownsName: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** Tokens, the website's or our own, that were issued up to this time do not hold any more. Milliseconds since 1970; 0: none. */
  readonly tokensRevokedAt: number;
  /** Of an account: its password, hashed. Never leaves the server, and is in no log. */
  readonly passwordHash?: string;
}

/** A room that somebody made while the server ran. */
export interface StoredRoom {
  readonly name: RoomName;
  readonly title: string;
  /** Absent: whoever knows the name may enter. */
  readonly passwordHash?: string;
  /** At most so many members at once; 0 is no limit. */
  readonly guestLimit: number;
  /** Whether it is in the list of rooms. */
  readonly isPublic: boolean;
  /** Milliseconds since 1970. */
  readonly createdAt: number;
  /** When something last happened there. */
  readonly activeAt: number;
}

export interface Invitation {
  /** SHA-256 of the token, hexadecimal; the token itself is in the link only. */
  readonly tokenHash: string;
  readonly role: 'operator' | 'guest';
  readonly usesLeft: number;
  readonly createdBy: string;
  readonly createdAt: number;
  readonly expiresAt: number;
}

/** What admits its bearer to a group (`spec/galene.md` 4.6). Times are milliseconds since 1970. */
export interface GroupToken {
  /** The secret. Kept as it is, because operators may list their group's tokens. */
  readonly token: string;
  /** The group's name as its definition has it; empty: the whole server, with `includeSubgroups`. */
  readonly group: string;
  readonly includeSubgroups: boolean;
  /** The bearer's name; absent: they choose one. */
  readonly username?: string;
  /** Galène's words, as they were given: also such as we do not know. */
  readonly permissions: readonly string[];
  /** Absent: expired. */
  readonly expires?: number;
  readonly notBefore?: number;
  readonly issuedAt?: number;
  readonly issuedBy?: string;
}

/** What can be changed of a token; absent: it stays. */
export interface TokenTimes {
  readonly expires?: number;
  readonly notBefore?: number;
}
