import type { Channel } from '../../core/channel.ts';
import type { MessageId, RoomName } from '../../core/ids.ts';
import { type Attachment, type Message, withReaction } from '../../core/message.ts';
import type { Sanction } from '../../core/moderation.ts';
import type { StoredRecord } from '../../core/record.ts';
import { RELATION_KINDS, type RelationKind, type RelationNames } from '../../core/relation.ts';
import { type Posted, type StoredIdentity, TOMBSTONE_LIFE } from '../port.ts';
import { StorageError } from '../storage-error.ts';

type RecordOf<T extends StoredRecord['type']> = Extract<StoredRecord, { type: T }>;

export interface KeptMessage {
  readonly room: RoomName;
  readonly message: Message;
}

export interface KeptAttachment {
  readonly attachment: Attachment;
  readonly bytes: Uint8Array;
  readonly at: number;
}

/** What commits change, and how: each change leaves behind how to undo it. */
export class MemoryState {
  readonly messages = new Map<MessageId, KeptMessage>();
  readonly attachments = new Map<Attachment['id'], KeptAttachment>();
  readonly sanctions = new Map<Sanction['id'], Sanction>();
  readonly identities = new Map<StoredIdentity['id'], StoredIdentity>();
  readonly channels = new Map<RoomName, readonly Channel[]>();
  readonly #relations = new Map<string, ReadonlySet<string>>();
  readonly #byClientId = new Map<string, MessageId>();
  readonly #tombstones = new Map<string, Posted>();
  #lastMessageId: MessageId = 0;
  #undo: (() => void)[] = [];

  get lastMessageId(): MessageId {
    return this.#lastMessageId;
  }

  /** All of it or, if one of them cannot be, nothing. */
  commit(records: readonly StoredRecord[]): void {
    this.#undo = [];
    try {
      for (const record of records) this.#apply(record);
    } catch (error) {
      for (const undo of this.#undo.reverse()) undo();
      throw error;
    }
  }

  postedAs(room: RoomName, identityId: string, clientId: string): Posted | undefined {
    const key = clientKey(room, identityId, clientId);
    const kept = this.messages.get(this.#byClientId.get(key) ?? -1);
    return kept ? postedOf(kept.message) : this.#tombstones.get(key);
  }

  /** Removes the messages that are meant. Returns how many. */
  erase(isMeant: (kept: KeptMessage) => boolean): number {
    const erased = [...this.messages.values()].filter(isMeant);
    for (const kept of erased) this.#remove(kept);
    this.#undo = [];
    return erased.length;
  }

  sweepTombstones(): void {
    let newest: Posted = { id: -1, at: 0 };
    for (const { message } of this.messages.values()) if (message.id > newest.id) newest = message;
    const latest = [...this.#tombstones.values()].reduce((time, { at }) => Math.max(time, at), newest.at);
    const before = latest - TOMBSTONE_LIFE;
    for (const [key, { at }] of this.#tombstones) if (at < before) this.#tombstones.delete(key);
  }

  relations(room: RoomName, identityId: string): RelationNames {
    const byKind: Partial<Record<RelationKind, readonly string[]>> = {};
    for (const kind of RELATION_KINDS) {
      const names = this.#relations.get(relationKey(room, identityId, kind));
      if (names && names.size > 0) byKind[kind] = [...names];
    }
    return byKind;
  }

  channelsOf(room: RoomName): readonly Channel[] {
    return this.channels.get(room) ?? [];
  }

  /** Removes all that was stored of a room but its messages. */
  forgetRoom(room: RoomName): void {
    this.channels.delete(room);
    for (const [id, sanction] of this.sanctions) if (sanction.room === room) this.sanctions.delete(id);
    const isOfRoom = (key: string) => (JSON.parse(key) as readonly string[])[0] === room;
    for (const map of [this.#relations, this.#tombstones]) {
      for (const key of map.keys()) if (isOfRoom(key)) map.delete(key);
    }
  }

  isNamed(attachmentId: Attachment['id']): boolean {
    return [...this.messages.values()].some(({ message }) => attachmentIdOf(message) === attachmentId);
  }

  #apply(record: StoredRecord): void {
    switch (record.type) {
      case 'message-posted':
        this.#post(record);
        break;
      case 'message-retracted':
        this.#retract(record);
        break;
      case 'reaction-changed':
        this.#react(record);
        break;
      case 'sanction-imposed':
        this.#impose(record.sanction);
        break;
      case 'sanction-lifted':
        this.#lift(record);
        break;
      case 'relation-changed':
        this.#relate(record);
        break;
      case 'operator-changed':
        this.#setOperator(record);
        break;
      case 'channel-created':
        this.#createChannel(record);
        break;
      case 'channel-deleted':
        this.#set(
          this.channels,
          record.room,
          this.channelsOf(record.room).filter(({ id }) => id !== record.channelId),
        );
        break;
      case 'tokens-revoked':
        this.#revokeTokens(record);
        break;
      default:
        record satisfies never;
    }
  }

  #post({ room, message }: RecordOf<'message-posted'>): void {
    const { id, author, clientId, recipient, target } = message;
    const attachmentId = attachmentIdOf(message);
    if (this.messages.has(id)) throw new StorageError(`Message ${id} is stored already.`);
    if ((target.kind === 'member') !== (recipient !== undefined)) {
      throw new StorageError('A message has a channel, or a recipient.');
    }
    if (clientId !== undefined && this.#byClientId.has(clientKey(room, author.identityId, clientId))) {
      throw new StorageError('A message with this client id is stored already.');
    }
    if (attachmentId !== undefined && !this.attachments.has(attachmentId)) {
      throw new StorageError('The message names an attachment that is not stored.');
    }
    this.#set(this.messages, id, { room, message });
    if (clientId !== undefined) this.#set(this.#byClientId, clientKey(room, author.identityId, clientId), id);
    this.#raiseLastMessageId(id);
  }

  #raiseLastMessageId(id: MessageId): void {
    const before = this.#lastMessageId;
    this.#undo.push(() => {
      this.#lastMessageId = before;
    });
    this.#lastMessageId = Math.max(before, id);
  }

  #retract({ room, messageId }: RecordOf<'message-retracted'>): void {
    const kept = this.messages.get(messageId);
    if (kept?.room === room) this.#remove(kept);
  }

  #remove({ room, message }: KeptMessage): void {
    const { author, clientId } = message;
    this.#delete(this.messages, message.id);
    if (clientId !== undefined) {
      const key = clientKey(room, author.identityId, clientId);
      this.#delete(this.#byClientId, key);
      this.#set(this.#tombstones, key, postedOf(message));
    }
    const attachmentId = attachmentIdOf(message);
    if (attachmentId !== undefined && !this.isNamed(attachmentId)) this.#delete(this.attachments, attachmentId);
  }

  #react(record: RecordOf<'reaction-changed'>): void {
    const kept = this.messages.get(record.messageId);
    if (kept?.room !== record.room) return;
    const reactions = withReaction(kept.message.reactions, record);
    this.#set(this.messages, record.messageId, { ...kept, message: { ...kept.message, reactions } });
  }

  #impose(sanction: Sanction): void {
    if (sanction.name === undefined && sanction.addresses === undefined) {
      throw new StorageError('A sanction has a name, or addresses.');
    }
    if (this.sanctions.has(sanction.id)) throw new StorageError('This sanction is stored already.');
    this.#set(this.sanctions, sanction.id, sanction);
  }

  #lift({ room, sanctionId }: RecordOf<'sanction-lifted'>): void {
    if (this.sanctions.get(sanctionId)?.room === room) this.#delete(this.sanctions, sanctionId);
  }

  #relate({ room, identityId, kind, names, on }: RecordOf<'relation-changed'>): void {
    const key = relationKey(room, identityId, kind);
    const next = new Set(this.#relations.get(key));
    for (const name of names) {
      if (on) next.add(name);
      else next.delete(name);
    }
    this.#set(this.#relations, key, next);
  }

  #setOperator({ identityId, on }: RecordOf<'operator-changed'>): void {
    const known = this.identities.get(identityId) ?? { ...UNKNOWN, id: identityId };
    this.#set(this.identities, identityId, { ...known, operator: on });
  }

  #revokeTokens({ identityId, at }: RecordOf<'tokens-revoked'>): void {
    const known = this.identities.get(identityId);
    if (!known) return;
    const tokensRevokedAt = Math.max(known.tokensRevokedAt, at);
    this.#set(this.identities, identityId, { ...known, tokensRevokedAt });
  }

  #createChannel({ room, channel }: RecordOf<'channel-created'>): void {
    const before = this.channelsOf(room);
    if (before.some(({ id }) => id === channel.id)) throw new StorageError('This channel is stored already.');
    this.#set(this.channels, room, [...before, channel]);
  }

  #set<Key, Value>(map: Map<Key, Value>, key: Key, value: Value): void {
    this.#willChange(map, key);
    map.set(key, value);
  }

  #delete<Key, Value>(map: Map<Key, Value>, key: Key): void {
    this.#willChange(map, key);
    map.delete(key);
  }

  #willChange<Key, Value>(map: Map<Key, Value>, key: Key): void {
    const before = map.get(key);
    this.#undo.push(() => {
      if (before === undefined) map.delete(key);
      else map.set(key, before);
    });
  }
}

/** What is known of somebody of whom nothing was remembered so far. */
const UNKNOWN = { name: '', ownsName: false, createdAt: 0, tokensRevokedAt: 0 } as const;

function postedOf({ id, at }: Message): Posted {
  return { id, at };
}

function attachmentIdOf(message: Message): Attachment['id'] | undefined {
  return message.body.kind === 'image' ? message.body.attachment.id : undefined;
}

function relationKey(room: RoomName, identityId: string, kind: RelationKind): string {
  return JSON.stringify([room, identityId, kind]);
}

function clientKey(room: RoomName, identityId: string, clientId: string): string {
  return JSON.stringify([room, identityId, clientId]);
}
