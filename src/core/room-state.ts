import { type AddressRanges, NO_ADDRESSES } from './address-ranges.ts';
import type { Channel } from './channel.ts';
import { NO_GUARDS, type RoomGuards } from './guards.ts';
import type { ChannelId, MemberId, RoomName, Source } from './ids.ts';
import { NO_DATA, type SharedData } from './json.ts';
import { LinkSpam } from './link-spam.ts';
import type { Member } from './member.ts';
import type { Message } from './message.ts';
import { MessageMemory } from './message-memory.ts';
import type { Sanction } from './moderation.ts';
import { nameKey, nextFreeName } from './name.ts';
import { OpenedCameras } from './opened-cameras.ts';
import { Relations } from './relation.ts';
import { Sanctions } from './sanctions.ts';
import { Streams } from './streams.ts';
import { NO_TERMS, type RoomTerms } from './terms.ts';
import { mayRead, type Recording, type RoomPolicy, type RoomView } from './view.ts';

/** Who was hidden when they left is hidden when they come back within this time: a page was loaded again. */
const HIDDEN_MS = 2 * 60_000;
const MAX_HIDDEN = 1000;
const MAX_FORMER_HANDLES = 1000;
/** Names of which several bearers are numbered. */
const MAX_NUMBERED_NAMES = 1000;

export interface RoomSetup {
  readonly name: RoomName;
  readonly title: string;
  /** Those of the configuration. */
  readonly channels: readonly Channel[];
  /** Those that were made while the server ran. */
  readonly made?: readonly Channel[];
  readonly policy: RoomPolicy;
  readonly source: Source;
  readonly guards?: RoomGuards;
  readonly terms?: RoomTerms;
  readonly ranges?: AddressRanges;
  /** Bans in force. */
  readonly sanctions: readonly Sanction[];
  /** The latest messages of each channel, in any order. */
  readonly recent: readonly Message[];
}

/** All that a room knows. Written by the functions of this folder only, one command at a time. */
export class RoomState implements RoomView {
  readonly name: RoomName;
  title: string;
  channels: readonly Channel[] = [];
  policy: RoomPolicy;
  guards: RoomGuards;
  linkSpam: LinkSpam | undefined;
  terms: RoomTerms;
  /** While it is there, operators alone come in; what others are told. */
  lock: string | undefined;
  data: SharedData = NO_DATA;
  recording: Recording | undefined;
  readonly streams = new Streams((member) => this.#householdOf(member));
  readonly ranges: AddressRanges;
  readonly source: Source;
  readonly relations = new Relations();
  readonly opened = new OpenedCameras();
  readonly messages: MessageMemory;
  readonly sanctions: Sanctions;
  readonly #members = new Map<MemberId, Member>();
  readonly #byName = new Map<string, MemberId>();
  readonly #byIdentity = new Map<string, MemberId>();
  readonly #byHandle = new Map<string, MemberId>();
  readonly #formerHandles = new Map<string, string>();
  readonly #formerHandlesBack = new Map<string, string>();
  readonly #addresses = new Map<MemberId, string>();
  /** By name key without its number, where the next free number is worth looking for. */
  readonly #numbers = new Map<string, number>();
  readonly #hiddenBefore = new Map<string, number>();
  #channels: ReadonlyMap<ChannelId, Channel> = new Map();
  #configured: readonly Channel[];
  #made: readonly Channel[];

  constructor(setup: RoomSetup) {
    this.name = setup.name;
    this.title = setup.title;
    this.#configured = setup.channels;
    this.#made = setup.made ?? [];
    this.policy = setup.policy;
    this.guards = setup.guards ?? NO_GUARDS;
    this.linkSpam = linkSpamOf(this.guards);
    this.terms = setup.terms ?? NO_TERMS;
    this.lock = this.terms.autolock ? '' : undefined;
    this.ranges = setup.ranges ?? NO_ADDRESSES;
    this.source = setup.source;
    this.messages = new MessageMemory([]);
    this.#setChannels();
    this.sanctions = new Sanctions({ ranges: this.ranges, now: () => setup.source.now() });
    for (const sanction of setup.sanctions) this.sanctions.impose(sanction);
    for (const message of [...setup.recent].sort((a, b) => a.id - b.id)) this.messages.remember(message);
  }

  /** Takes over what the operator set anew. Members, messages and bans stay. */
  reconfigure(setup: Pick<RoomSetup, 'title' | 'channels' | 'policy' | 'guards' | 'terms'>): void {
    const guards = setup.guards ?? NO_GUARDS;
    if (!isSameLinkSpam(guards, this.guards)) this.linkSpam = linkSpamOf(guards);
    this.guards = guards;
    this.terms = setup.terms ?? NO_TERMS;
    this.title = setup.title;
    this.policy = setup.policy;
    this.#configured = setup.channels;
    this.#setChannels();
  }

  /** The configured ones first; of one id, the configured one. */
  #setChannels(): void {
    const ids = new Set(this.#configured.map(({ id }) => id.toLowerCase()));
    this.channels = [...this.#configured, ...this.#made.filter(({ id }) => !ids.has(id.toLowerCase()))];
    this.#channels = new Map(this.channels.map((channel) => [channel.id, channel]));
    this.messages.setChannels(this.channels);
  }

  addChannel(channel: Channel): void {
    this.#made = [...this.#made, channel];
    this.#setChannels();
  }

  removeChannel(id: ChannelId): void {
    this.#made = this.#made.filter((channel) => channel.id !== id);
    this.#setChannels();
    this.messages.forgetChannel(id);
  }

  /** Whether a channel was made while the server ran. */
  isMade(id: ChannelId): boolean {
    return !this.#configured.some((channel) => channel.id === id);
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

  /** Whose handle it is, or was not long ago. */
  identityCalled(handle: string): string | undefined {
    return this.memberCalled(handle)?.identity.id ?? this.#formerHandles.get(handle);
  }

  /** The latest by which somebody was called. */
  handleOf(identityId: string): string | undefined {
    const member = this.memberWithIdentity(identityId);
    return member ? member.handle : this.#formerHandlesBack.get(identityId);
  }

  memberCalled(handle: string): Member | undefined {
    const id = this.#byHandle.get(handle);
    return id === undefined ? undefined : this.#members.get(id);
  }

  channel(id: ChannelId): Channel | undefined {
    return this.#channels.get(id);
  }

  /** Adds a member, or puts the new state of one in the place of the old. Names do not change while present. */
  put(member: Member): void {
    const before = this.#members.get(member.id);
    if (before?.permissions !== member.permissions || before?.hidden !== member.hidden) this.streams.isStale = true;
    this.#members.set(member.id, member);
    this.#byHandle.set(member.handle, member.id);
    this.#byName.set(nameKey(member.name), member.id);
    this.#byIdentity.set(member.identity.id, member.id);
  }

  remove(member: Member): void {
    this.#members.delete(member.id);
    this.#byHandle.delete(member.handle);
    this.#rememberHandle(member);
    this.streams.isStale = true;
    this.streams.forgetExceptions(member.id);
    this.#addresses.delete(member.id);
    this.#noteFreeName(member.name);
    if (member.hidden && member.identity.durable) this.#rememberHidden(member.identity.id);
    this.#byName.delete(nameKey(member.name));
    this.#byIdentity.delete(member.identity.id);
    this.relations.clear(member.name);
    this.opened.forget(member);
  }

  /** The same member under a new name; what they and others decided about each other goes with them. */
  rename(member: Member, next: Member): void {
    this.#byName.delete(nameKey(member.name));
    this.#byIdentity.delete(member.identity.id);
    this.relations.rename(member.name, next.name);
    this.streams.isStale = true;
    this.put(next);
  }

  /** Kept apart from the member, whom dialects see. */
  setAddress(id: MemberId, address: string | undefined): void {
    if (address !== undefined) this.#addresses.set(id, address);
  }

  /** Nothing where the address says nothing about who comes from it. */
  #householdOf(id: MemberId): string | undefined {
    const address = this.#addresses.get(id);
    return address === undefined ? undefined : this.ranges.around(address);
  }

  addressOf(id: MemberId): string | undefined {
    return this.#addresses.get(id);
  }

  /** Whether somebody who comes back was hidden when they left, a moment ago. */
  wasHidden(identityId: string): boolean {
    const at = this.#hiddenBefore.get(identityId);
    this.#hiddenBefore.delete(identityId);
    return at !== undefined && this.source.now() - at <= HIDDEN_MS;
  }

  #rememberHandle({ handle, identity }: Member): void {
    this.#formerHandles.delete(handle);
    this.#formerHandles.set(handle, identity.id);
    this.#formerHandlesBack.set(identity.id, handle);
    const [oldest] = this.#formerHandles;
    if (this.#formerHandles.size <= MAX_FORMER_HANDLES || !oldest) return;
    this.#formerHandles.delete(oldest[0]);
    if (this.#formerHandlesBack.get(oldest[1]) === oldest[0]) this.#formerHandlesBack.delete(oldest[1]);
  }

  #rememberHidden(identityId: string): void {
    this.#hiddenBefore.delete(identityId);
    this.#hiddenBefore.set(identityId, this.source.now());
    const [oldest] = this.#hiddenBefore.keys();
    if (this.#hiddenBefore.size > MAX_HIDDEN && oldest !== undefined) this.#hiddenBefore.delete(oldest);
  }

  /** The first of `name`, `name 2`, `name 3` … that nobody has, nor owns. A thousand guests may be "anonymous". */
  freeName(name: string, owned: ReadonlySet<string>): string {
    const isTaken = (candidate: string) => this.memberNamed(candidate) !== undefined || owned.has(nameKey(candidate));
    if (!isTaken(name)) return name;
    const base = nameKey(name);
    if (this.#numbers.size > MAX_NUMBERED_NAMES) this.#numbers.clear();
    const found = nextFreeName(name, { from: this.#numbers.get(base) ?? 2, isTaken });
    this.#numbers.set(base, found.number + 1);
    return found.name;
  }

  #noteFreeName(name: string): void {
    const [, base, digits] = /^(.*) ([1-9]\d{0,8})$/.exec(nameKey(name)) ?? [];
    if (base !== undefined && (this.#numbers.get(base) ?? 0) > Number(digits)) this.#numbers.set(base, Number(digits));
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
}

function linkSpamOf({ linkSpam }: RoomGuards): LinkSpam | undefined {
  return linkSpam && new LinkSpam(linkSpam);
}

/** What was noted of links holds on if nothing was changed. */
function isSameLinkSpam({ linkSpam: one }: RoomGuards, { linkSpam: other }: RoomGuards): boolean {
  return one?.maxThreads === other?.maxThreads && one?.timeLimitMs === other?.timeLimitMs;
}
