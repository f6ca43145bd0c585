import type { AddressRanges } from './address-ranges.ts';
import type { Channel } from './channel.ts';
import type { RoomCommand, WebsiteCommand } from './command.ts';
import type { Delivery, Departure, RoomEvent } from './event.ts';
import { NO_GUARDS, type RoomGuards } from './guards.ts';
import type { Identity } from './identity.ts';
import type { MemberId } from './ids.ts';
import type { SharedData } from './json.ts';
import type { MediaReport } from './media-report.ts';
import type { Abilities, Member } from './member.ts';
import type { Entry } from './membership.ts';
import type { Message } from './message.ts';
import type { Sanction } from './moderation.ts';
import { nameKey } from './name.ts';
import type { Outcome } from './outcome.ts';
import { GUEST_PERMISSIONS, NO_RULES, OPERATOR_PERMISSIONS, type Permission, type Rule } from './permission.ts';
import type { RelationNames } from './relation.ts';
import { Room } from './room.ts';
import { NO_TERMS, type RoomTerms } from './terms.ts';
import { type RoomPolicy, type RoomView, type RosterRow, view } from './view.ts';

/** For tests only: a room whose clock and ids are known, and who in it hears what. */

export const START = 1_700_000_000_000;

export const CHANNEL: Channel = {
  id: 'lobby',
  name: 'Lobby',
  icon: '',
  description: '',
  welcome: [],
  vip: false,
  photos: true,
  newcomerMessages: 3,
};
export const VIP_CHANNEL: Channel = { ...CHANNEL, id: 'vips', name: 'VIPs', vip: true, photos: false };

const POLICY: RoomPolicy = {
  permitExplicit: true,
  vipMutuallySecret: false,
  blockableOperators: false,
  maxMembers: 0,
};

export type Role = 'guest' | 'vip' | 'op' | 'bare-op';

/** `bare-op` is what `/op` makes of a guest: an operator who is not VIP. */
const ROLES: Readonly<Record<Role, ReadonlySet<Permission>>> = {
  guest: GUEST_PERMISSIONS,
  vip: new Set<Permission>([...GUEST_PERMISSIONS, 'vip']),
  op: OPERATOR_PERMISSIONS,
  'bare-op': new Set<Permission>([...GUEST_PERMISSIONS, 'op']),
};

export interface Arrival {
  readonly role?: Role;
  readonly rules?: readonly Rule[];
  /** A durable identity; without it, one that ends with the visit. */
  readonly identityId?: string;
  readonly status?: string;
  readonly relations?: RelationNames;
  readonly permissions?: readonly Permission[];
  readonly kind?: Identity['kind'];
  readonly ownsName?: boolean;
  readonly address?: string;
  /** Name keys that belong to somebody else. */
  readonly ownedNames?: readonly string[];
  readonly abilities?: Abilities;
  readonly onlyOnce?: boolean;
  readonly handle?: string;
  readonly data?: SharedData;
}

/** Somebody whom the website sent: `t:` and their name. */
export function fromWebsite(name: string, more: Arrival = {}): Arrival {
  return { kind: 'token', ownsName: true, identityId: `t:${nameKey(name)}`, ...more };
}

/** Four numbers, and ranges of 24 bits; 10.x.x.x says nothing about who comes from it. */
export const RANGES: AddressRanges = {
  parse: (text) => {
    const [, head, last, bits = '32'] = /^\s*(\d+\.\d+\.\d+)\.(\d+)(?:\/(24|32))?\s*$/.exec(text) ?? [];
    if (head === undefined) return undefined;
    return bits === '24' ? `${head}.0/24` : `${head}.${last}/32`;
  },
  includes: (range, address) => range === RANGES.parse(`${address}/${range.slice(-2)}`),
  around: (address) => (address.startsWith('10.') ? undefined : RANGES.parse(address)),
  household: (address) => address,
};

export function identity(name: string, arrival: Arrival = {}): Identity {
  return {
    id: arrival.identityId ?? `visit:${nameKey(name)}`,
    kind: arrival.kind ?? 'guest',
    durable: arrival.identityId !== undefined,
    name,
    ...(arrival.ownsName === undefined ? {} : { ownsName: arrival.ownsName }),
    permissions: arrival.permissions ? new Set(arrival.permissions) : ROLES[arrival.role ?? 'guest'],
    rules: arrival.rules ? new Set(arrival.rules) : NO_RULES,
  };
}

export interface TestRoomOptions {
  readonly policy?: Partial<RoomPolicy>;
  readonly channels?: readonly Channel[];
  readonly sanctions?: readonly Sanction[];
  readonly recent?: readonly Message[];
  readonly guards?: Partial<RoomGuards>;
  readonly ranges?: AddressRanges;
  readonly terms?: Partial<RoomTerms>;
}

export class TestRoom {
  readonly room: Room;
  now = START;
  #ids = 0;
  /** Who has a session, by id: those who go are told so, too. */
  readonly #listening = new Map<MemberId, string>();

  constructor(options: TestRoomOptions = {}) {
    this.room = new Room({
      name: 'lobby',
      title: 'The lobby',
      channels: options.channels ?? [CHANNEL, VIP_CHANNEL],
      policy: { ...POLICY, ...options.policy },
      sanctions: options.sanctions ?? [],
      recent: options.recent ?? [],
      guards: { ...NO_GUARDS, ...options.guards },
      ...(options.ranges ? { ranges: options.ranges } : {}),
      ...(options.terms ? { terms: { ...NO_TERMS, ...options.terms } } : {}),
      source: {
        now: () => this.now,
        memberId: () => `m${++this.#ids}`,
        messageId: () => ++this.#ids,
        secret: () => `secret-${++this.#ids}`,
      },
    });
  }

  get view(): RoomView {
    return this.room.view;
  }

  tryEnter(name: string, arrival: Arrival = {}): Entry {
    const entry = this.room.enter({
      identity: identity(name, arrival),
      relations: arrival.relations ? [arrival.relations] : [],
      ...(arrival.status === undefined ? {} : { status: arrival.status }),
      ...(arrival.address === undefined ? {} : { address: arrival.address }),
      ...(arrival.ownedNames === undefined ? {} : { ownedNames: new Set(arrival.ownedNames) }),
      ...(arrival.abilities === undefined ? {} : { abilities: arrival.abilities }),
      ...(arrival.onlyOnce === undefined ? {} : { onlyOnce: arrival.onlyOnce }),
      ...(arrival.handle === undefined ? {} : { handle: arrival.handle }),
      ...(arrival.data === undefined ? {} : { data: arrival.data }),
    });
    if (entry.kind === 'entered') this.#listening.set(entry.member.id, entry.member.name);
    return entry;
  }

  enter(name: string, arrival: Arrival = {}): Heard {
    const entry = this.tryEnter(name, arrival);
    if (entry.kind === 'refused') throw new Error(`${name} was refused: ${entry.refusal.code}`);
    return this.#heard(entry.outcome);
  }

  enterAll(...names: readonly string[]): void {
    for (const name of names) this.enter(name);
  }

  /** As they are now. */
  member(name: string): Member {
    const member = this.view.memberNamed(name);
    if (!member) throw new Error(`${name} is not in the room`);
    return member;
  }

  do(name: string, command: RoomCommand): Heard {
    return this.#heard(this.room.apply(this.member(name).id, command));
  }

  say(name: string, text: string, to: { readonly channel?: string; readonly member?: string } = {}): Heard {
    const target =
      to.member === undefined
        ? ({ kind: 'channel', channel: to.channel ?? CHANNEL.id } as const)
        : ({ kind: 'member', name: to.member } as const);
    return this.do(name, { type: 'post-message', target, body: { kind: 'text', text } });
  }

  relate(name: string, kind: 'mute' | 'block' | 'boot' | 'invite', target: string): Heard {
    return this.do(name, { type: 'relate', kind, names: [target], on: true });
  }

  camera(name: string, flags: number): Heard {
    return this.do(name, { type: 'set-presence', camera: flags });
  }

  hear(report: MediaReport): Heard {
    return this.#heard(this.room.hear(report));
  }

  depart(name: string, how: Departure = 'left'): Heard {
    const { id } = this.member(name);
    this.#listening.delete(id);
    return this.#heard(this.room.depart(id, how));
  }

  administer(command: WebsiteCommand): Heard {
    return this.#heard(this.room.administer(command));
  }

  /** The roster that `name` sees, by name. */
  roster(name: string): Readonly<Record<string, RosterRow>> {
    return Object.fromEntries(view(this.view, this.member(name)).map((row) => [row.member.name, row]));
  }

  #heard(outcome: Outcome): Heard {
    const heard = new Heard(outcome, new Map(this.#listening));
    for (const { memberId } of outcome.disconnects) this.#listening.delete(memberId);
    for (const { id, name } of this.view.members()) if (this.#listening.has(id)) this.#listening.set(id, name);
    return heard;
  }
}

/** An outcome, and who was in the room to hear of it. */
export class Heard {
  readonly outcome: Outcome;
  readonly #listening: ReadonlyMap<MemberId, string>;

  constructor(outcome: Outcome, listening: ReadonlyMap<MemberId, string>) {
    this.outcome = outcome;
    this.#listening = listening;
  }

  /** The code of the refusal, or nothing where it was accepted. */
  get refusal(): string | undefined {
    return 'refused' in this.outcome.reply ? this.outcome.reply.refused.code : undefined;
  }

  get records(): readonly string[] {
    return this.outcome.records.map((record) => record.type);
  }

  /** Names of those who are told of an event of this type, in alphabetical order. */
  who(type: RoomEvent['type']): string[] {
    const names = this.outcome.deliveries
      .filter(({ event }) => event.type === type)
      .flatMap((delivery) => [...this.#listening].filter(([id]) => isFor(delivery, id)).map(([, name]) => name));
    return [...new Set(names)].sort();
  }

  /** What `name` is told, in order, without whole rosters. */
  by(name: string): RoomEvent[] {
    const id = [...this.#listening].find(([, other]) => other === name)?.[0];
    return this.outcome.deliveries
      .filter((delivery) => id !== undefined && isFor(delivery, id) && delivery.event.type !== 'roster-changed')
      .map(({ event }) => event);
  }

  event<T extends RoomEvent['type']>(type: T): Extract<RoomEvent, { type: T }> {
    const found = this.outcome.deliveries.find(({ event }) => event.type === type);
    if (!found) throw new Error(`no ${type} among ${this.outcome.deliveries.map(({ event }) => event.type)}`);
    return found.event as Extract<RoomEvent, { type: T }>;
  }

  /** The message that was posted. */
  get message(): Message {
    return this.event('message-posted').message;
  }
}

function isFor({ audience }: Delivery, id: MemberId): boolean {
  return audience.kind === 'room' ? !audience.except.has(id) : audience.members.includes(id);
}

/** What something costs this process, in milliseconds: unlike the time it takes, that is the same on a busy machine. */
export function cpuMilliseconds(run: () => void): number {
  const before = process.cpuUsage();
  run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}
