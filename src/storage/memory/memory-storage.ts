import type { Channel } from '../../core/channel.ts';
import type { ChannelId, RoomName } from '../../core/ids.ts';
import type { Attachment, Author, Message } from '../../core/message.ts';
import { nameKey } from '../../core/name.ts';
import type { StoredRecord } from '../../core/record.ts';
import {
  type GroupToken,
  type Invitation,
  MAX_BLOCKLIST,
  type MessageQuery,
  type Storage,
  type StoredIdentity,
  type StoredRoom,
  type ThreadKey,
  type ThreadsQuery,
  type TokenTimes,
} from '../port.ts';
import { StorageError } from '../storage-error.ts';
import { GroupTokens } from './group-tokens.ts';
import { MemoryState } from './memory-state.ts';
import { belongsTo, compareTexts, pageOf, threadsOf } from './threads.ts';

/** Keeps everything until the process ends, without a bound: for tests and for trying things out. */
export function openMemoryStorage(): Storage {
  return new MemoryStorage();
}

class MemoryStorage implements Storage {
  readonly #state = new MemoryState();
  readonly #blocklists = new Map<string, readonly string[]>();
  readonly #invitations = new Map<string, Invitation>();
  readonly #rooms = new Map<RoomName, StoredRoom>();
  readonly #groupTokens = new GroupTokens();
  readonly #secrets = new Map<string, string>();
  #closed = false;

  async commit(records: readonly StoredRecord[]) {
    this.#assertOpen();
    this.#state.commit(records);
  }

  async lastMessageId() {
    this.#assertOpen();
    return this.#state.lastMessageId;
  }

  async message(room: RoomName, id: Message['id']) {
    this.#assertOpen();
    const kept = this.#state.messages.get(id);
    return kept?.room === room ? kept.message : undefined;
  }

  async postedAs(room: RoomName, identityId: string, clientId: string) {
    this.#assertOpen();
    return this.#state.postedAs(room, identityId, clientId);
  }

  async messages(room: RoomName, query: MessageQuery) {
    this.#assertOpen();
    return pageOf(this.#inOrder(room), query);
  }

  async countBefore(
    room: RoomName,
    { thread, before }: { readonly thread: ThreadKey; readonly before: Message['id'] },
  ) {
    this.#assertOpen();
    return this.#inOrder(room).filter((message) => message.id < before && belongsTo(message, thread)).length;
  }

  async threads(room: RoomName, identityId: string, query: ThreadsQuery) {
    this.#assertOpen();
    return threadsOf(this.#inOrder(room), identityId, query);
  }

  async eraseDirect(room: RoomName, { identityId, name }: { readonly identityId: string; readonly name?: string }) {
    this.#assertOpen();
    const isTheirs = (side: Author) => side.identityId === identityId || nameKey(side.name) === name;
    return this.#state.erase((kept) => {
      const { author, recipient } = kept.message;
      return kept.room === room && recipient !== undefined && (isTheirs(author) || isTheirs(recipient));
    });
  }

  async expireMessages({ direct = 0, channels = 0 }: { readonly direct?: number; readonly channels?: number }) {
    this.#assertOpen();
    const count = this.#state.erase(({ message }) => message.at < (message.recipient ? direct : channels));
    this.#state.sweepTombstones();
    return count;
  }

  async sanctions(room: RoomName, now: number) {
    this.#assertOpen();
    return [...this.#state.sanctions.values()]
      .filter((sanction) => sanction.room === room && sanction.expiresAt > now)
      .sort((one, other) => one.at - other.at);
  }

  async relations(room: RoomName, identityId: string) {
    this.#assertOpen();
    return this.#state.relations(room, identityId);
  }

  async putAttachment(attachment: Attachment, bytes: Uint8Array, at: number) {
    this.#assertOpen();
    this.#state.attachments.set(attachment.id, { attachment, bytes: bytes.slice(), at });
  }

  async attachment(id: Attachment['id']) {
    this.#assertOpen();
    const kept = this.#state.attachments.get(id);
    return kept && { attachment: kept.attachment, bytes: kept.bytes.slice() };
  }

  async sweepAttachments(before: number) {
    this.#assertOpen();
    const swept = [...this.#state.attachments].filter(([id, kept]) => kept.at < before && !this.#state.isNamed(id));
    for (const [id] of swept) this.#state.attachments.delete(id);
    return swept.length;
  }

  async putIdentity(identity: StoredIdentity) {
    this.#assertOpen();
    const revokedAt = this.#state.identities.get(identity.id)?.tokensRevokedAt ?? 0;
    const tokensRevokedAt = Math.max(revokedAt, identity.tokensRevokedAt);
    this.#state.identities.set(identity.id, { ...identity, tokensRevokedAt });
  }

  async identity(id: string) {
    this.#assertOpen();
    return this.#state.identities.get(id);
  }

  async claimName(identity: StoredIdentity & { readonly ownsName: true }) {
    const owner = (await this.nameOwners([nameKey(identity.name)])).get(nameKey(identity.name));
    if (owner !== undefined && owner !== identity.id) return false;
    await this.putIdentity(identity);
    return true;
  }

  async nameOwners(names: readonly string[]) {
    this.#assertOpen();
    const wanted = new Set(names);
    const owners = [...this.#state.identities.values()]
      .filter((identity) => identity.ownsName && wanted.has(nameKey(identity.name)))
      .sort((one, other) => other.createdAt - one.createdAt || compareTexts(other.id, one.id));
    // The oldest is set last, and stays.
    return new Map(owners.map((owner) => [nameKey(owner.name), owner.id]));
  }

  async putBlocklist(name: string, names: readonly string[]) {
    this.#assertOpen();
    this.#blocklists.set(nameKey(name), names.slice(0, MAX_BLOCKLIST));
  }

  async blocklist(name: string) {
    this.#assertOpen();
    return this.#blocklists.get(name) ?? [];
  }

  async createRoom(room: StoredRoom, channels: readonly Channel[]) {
    this.#assertOpen();
    if (this.#rooms.has(room.name)) return false;
    this.#rooms.set(room.name, room);
    this.#state.channels.set(room.name, channels);
    return true;
  }

  async room(name: RoomName) {
    this.#assertOpen();
    return this.#rooms.get(name);
  }

  async rooms({ publicOnly }: { readonly publicOnly: boolean }) {
    this.#assertOpen();
    return [...this.#rooms.values()]
      .filter((room) => room.isPublic || !publicOnly)
      .sort((one, other) => compareTexts(one.name, other.name));
  }

  async touchRoom(name: RoomName, at: number) {
    this.#assertOpen();
    const room = this.#rooms.get(name);
    if (room) this.#rooms.set(name, { ...room, activeAt: Math.max(room.activeAt, at) });
  }

  async removeRoom(name: RoomName) {
    this.#assertOpen();
    this.#state.erase((kept) => kept.room === name);
    this.#state.forgetRoom(name);
    this.#groupTokens.removeOf(name);
    this.#rooms.delete(name);
  }

  async channels(room: RoomName) {
    this.#assertOpen();
    return this.#state.channelsOf(room);
  }

  async eraseChannel(room: RoomName, channel: ChannelId, upTo: Message['id']) {
    this.#assertOpen();
    return this.#state.erase(
      ({ room: place, message: { id, target } }) =>
        place === room && target.kind === 'channel' && target.channel === channel && id <= upTo,
    );
  }

  async putInvitation(invitation: Invitation) {
    this.#assertOpen();
    this.#invitations.set(invitation.tokenHash, invitation);
  }

  async redeemInvitation(tokenHash: string, now: number) {
    this.#assertOpen();
    const invitation = this.#invitations.get(tokenHash);
    if (!invitation || invitation.usesLeft <= 0 || invitation.expiresAt <= now) return undefined;
    const used = { ...invitation, usesLeft: invitation.usesLeft - 1 };
    this.#invitations.set(tokenHash, used);
    return used;
  }

  async putGroupToken(token: GroupToken, bounds: { readonly limit: number; readonly now: number }) {
    this.#assertOpen();
    return this.#groupTokens.put(token, bounds);
  }

  async groupToken(token: string) {
    this.#assertOpen();
    return this.#groupTokens.find(token);
  }

  async editGroupToken(token: string, times: TokenTimes) {
    this.#assertOpen();
    return this.#groupTokens.edit(token, times);
  }

  async groupTokens(group: string) {
    this.#assertOpen();
    return this.#groupTokens.of(group);
  }

  async removeGroupToken(token: string) {
    this.#assertOpen();
    return this.#groupTokens.remove(token);
  }

  async expireGroupTokens(before: number) {
    this.#assertOpen();
    return this.#groupTokens.expire(before);
  }

  async secret(name: string, make: () => string) {
    this.#assertOpen();
    const stored = this.#secrets.get(name) ?? make();
    this.#secrets.set(name, stored);
    return stored;
  }

  async close() {
    this.#closed = true;
  }

  #assertOpen(): void {
    if (this.#closed) throw new StorageError('The storage is closed.');
  }

  #inOrder(room: RoomName): Message[] {
    return [...this.#state.messages.values()]
      .filter((kept) => kept.room === room)
      .map((kept) => kept.message)
      .sort((one, other) => one.id - other.id);
  }
}
