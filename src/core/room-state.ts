import type { Channel } from './channel.ts';
import type { ChannelId, MemberId, MessageId, RoomName, Source } from './ids.ts';
import type { Member } from './member.ts';
import type { Author, Message } from './message.ts';
import type { Sanction } from './moderation.ts';
import { nameKey } from './name.ts';
import { OpenedCameras } from './opened-cameras.ts';
import { Relations } from './relation.ts';
import { mayRead, type RoomPolicy, type RoomView } from './view.ts';

/** How many of the latest messages a room remembers, over all channels and direct threads, beside the newcomers' ones. */
const REMEMBERED_MESSAGES = 512;

export interface RoomSetup {
  readonly name: RoomName;
  readonly title: string;
  readonly channels: readonly Channel[];
  readonly policy: RoomPolicy;
  readonly source: Source;
  /** Bans in force. */
  readonly sanctions: readonly Sanction[];
  /** The latest messages of each channel, in any order. */
  readonly recent: readonly Message[];
}

/** All that a room knows. Written by the functions of this folder only, one command at a time. */
export class RoomState implements RoomView {
  readonly name: RoomName;
  readonly title: string;
  readonly channels: readonly Channel[];
  readonly policy: RoomPolicy;
  readonly source: Source;
  readonly relations = new Relations();
  readonly opened = new OpenedCameras();
  readonly #members = new Map<MemberId, Member>();
  readonly #byName = new Map<string, MemberId>();
  readonly #byIdentity = new Map<string, MemberId>();
  readonly #channels: ReadonlyMap<ChannelId, Channel>;
  readonly #sanctions = new Map<string, Sanction>();
  readonly #recent: ReadonlyMap<ChannelId, Message[]>;
  readonly #remembered = new Map<MessageId, Message>();
  readonly #byClientId = new Map<string, MessageId>();

  constructor(setup: RoomSetup) {
    this.name = setup.name;
    this.title = setup.title;
    this.channels = setup.channels;
    this.policy = setup.policy;
    this.source = setup.source;
    this.#channels = new Map(setup.channels.map((channel) => [channel.id, channel]));
    this.#recent = new Map(setup.channels.map((channel) => [channel.id, []]));
    for (const sanction of setup.sanctions) this.#sanctions.set(sanction.id, sanction);
    for (const message of [...setup.recent].sort((a, b) => a.id - b.id)) this.remember(message);
  }

  get size(): number {
    return this.#members.size;
  }

  members(): Iterable<Member> {
    return this.#members.values();
  }

  member(id: MemberId): Member | undefined {
    return this.#members.get(id);
  }

  memberNamed(name: string): Member | undefined {
    const id = this.#byName.get(nameKey(name));
    return id === undefined ? undefined : this.#members.get(id);
  }

  memberWithIdentity(identityId: string): Member | undefined {
    const id = this.#byIdentity.get(identityId);
    return id === undefined ? undefined : this.#members.get(id);
  }

  channel(id: ChannelId): Channel | undefined {
    return this.#channels.get(id);
  }

  /** Adds a member, or puts the new state of one in the place of the old. Names do not change while present. */
  put(member: Member): void {
    this.#members.set(member.id, member);
    this.#byName.set(nameKey(member.name), member.id);
    this.#byIdentity.set(member.identity.id, member.id);
  }

  remove(member: Member): void {
    this.#members.delete(member.id);
    this.#byName.delete(nameKey(member.name));
    this.#byIdentity.delete(member.identity.id);
    this.relations.clear(member.name);
    this.opened.forget(member);
  }

  /** Members' ids by name key, for those who are present. */
  present(keys: Iterable<string>): MemberId[] {
    const ids: MemberId[] = [];
    for (const key of keys) {
      const id = this.#byName.get(key);
      if (id !== undefined) ids.push(id);
    }
    return ids;
  }

  /** Those who must not learn what this member does: who muted them, and both sides of a block. */
  deafTo(member: { readonly name: string }): Set<MemberId> {
    const { relations } = this;
    return new Set([...this.present(relations.toward(member.name, 'mute')), ...this.estrangedFrom(member)]);
  }

  /** Both sides of a block. */
  estrangedFrom(member: { readonly name: string }): Set<MemberId> {
    const { relations } = this;
    return new Set([
      ...this.present(relations.toward(member.name, 'block')),
      ...this.present(relations.of(member.name, 'block')),
    ]);
  }

  /** Those who may not read a channel. */
  shutOutOf(channel: Channel): Set<MemberId> {
    const except = new Set<MemberId>();
    if (!channel.vip) return except;
    for (const member of this.#members.values()) if (!mayRead(channel, member)) except.add(member.id);
    return except;
  }

  // --- messages -----------------------------------------------------------------------------------------------------

  remember(message: Message): void {
    this.#remembered.set(message.id, message);
    if (message.clientId !== undefined) {
      this.#byClientId.set(clientKey(message.author, message.clientId), message.id);
    }
    if (message.target.kind === 'channel') {
      const recent = this.#recent.get(message.target.channel);
      const limit = this.#channels.get(message.target.channel)?.newcomerMessages ?? 0;
      if (recent && limit > 0) {
        recent.push(message);
        if (recent.length > limit * 2 + 16) recent.splice(0, recent.length - limit * 2);
      }
    }
    for (const [id, oldest] of this.#remembered) {
      if (this.#remembered.size <= REMEMBERED_MESSAGES) break;
      this.#remembered.delete(id);
      if (oldest.clientId !== undefined) this.#byClientId.delete(clientKey(oldest.author, oldest.clientId));
    }
  }

  /** Puts a message's new state in the place of the old, where it is remembered. */
  amend(message: Message): void {
    if (this.#remembered.has(message.id)) this.#remembered.set(message.id, message);
    this.#editRecent(message, (recent, index) => recent.splice(index, 1, message));
  }

  forget(message: Message): void {
    this.#remembered.delete(message.id);
    if (message.clientId !== undefined) this.#byClientId.delete(clientKey(message.author, message.clientId));
    this.#editRecent(message, (recent, index) => recent.splice(index, 1));
  }

  remembered(id: MessageId): Message | undefined {
    return this.#remembered.get(id);
  }

  postedAs(author: Author, clientId: string): Message | undefined {
    const id = this.#byClientId.get(clientKey(author, clientId));
    return id === undefined ? undefined : this.#remembered.get(id);
  }

  /** The latest messages of a channel, oldest first; up to twice as many as newcomers are shown. */
  recent(channel: ChannelId): readonly Message[] {
    return this.#recent.get(channel) ?? [];
  }

  #editRecent(message: Message, edit: (recent: Message[], index: number) => void): void {
    if (message.target.kind !== 'channel') return;
    const recent = this.#recent.get(message.target.channel);
    const index = recent?.findIndex((other) => other.id === message.id) ?? -1;
    if (recent && index >= 0) edit(recent, index);
  }

  // --- sanctions ----------------------------------------------------------------------------------------------------

  impose(sanction: Sanction): void {
    this.#sanctions.set(sanction.id, sanction);
  }

  lift(id: string): void {
    this.#sanctions.delete(id);
  }

  /** Bans in force, oldest first. Expired ones are dropped on the way. */
  sanctions(): Sanction[] {
    const now = this.source.now();
    for (const [id, sanction] of this.#sanctions) if (sanction.expiresAt <= now) this.#sanctions.delete(id);
    return [...this.#sanctions.values()].sort((a, b) => a.at - b.at);
  }

  sanctionsAgainst(who: { readonly name: string; readonly identityId?: string }): Sanction[] {
    const key = nameKey(who.name);
    return this.sanctions().filter(
      (sanction) =>
        nameKey(sanction.name) === key || (who.identityId !== undefined && sanction.identityId === who.identityId),
    );
  }
}

function clientKey(author: Author, clientId: string): string {
  return `${author.identityId}\n${clientId}`;
}
