import type { Identity } from '../core/identity.ts';
import type { Member } from '../core/member.ts';
import { NO_RULES, type Permission } from '../core/permission.ts';
import type { RelationKind } from '../core/relation.ts';
import { Room } from '../core/room.ts';
import type { RoomPolicy, RoomView } from '../core/view.ts';

export interface Role {
  readonly name: string;
  /** Beside those of a guest. */
  readonly permissions?: readonly Permission[];
  readonly camera?: number;
  readonly status?: string;
  readonly nickname?: string;
}

export interface Grudge {
  readonly actor: string;
  readonly kind: RelationKind;
  readonly target: string;
}

export interface Scene {
  readonly roles: readonly Role[];
  readonly relations?: readonly Grudge[];
  readonly policy?: Partial<RoomPolicy>;
}

export interface SetScene {
  readonly view: RoomView;
  readonly members: readonly Member[];
  named(name: string): Member;
}

const NOW = 1_753_000_000_000;

const POLICY: RoomPolicy = {
  permitExplicit: true,
  vipMutuallySecret: false,
  blockableOperators: true,
  maxMembers: 0,
};

/** A real room with these people in it. */
export function setScene(scene: Scene): SetScene {
  let count = 0;
  const next = (): number => ++count;
  const source = {
    now: () => NOW,
    memberId: () => `m${next()}`,
    messageId: () => NOW + next(),
    secret: () => `secret${next()}`,
  };
  const channel = { icon: '', description: '', photos: true, newcomerMessages: 10 };
  const room = new Room({
    name: 'lobby',
    title: 'Lobby',
    channels: [
      { ...channel, id: 'lobby', name: 'Lobby', welcome: ['Welcome, **you**!'], vip: false },
      { ...channel, id: 'velvet', name: 'Velvet', welcome: ['Psst.'], vip: true },
    ],
    policy: { ...POLICY, ...scene.policy },
    source,
    sanctions: [],
    recent: [],
  });
  for (const role of scene.roles) enter(room, role);
  for (const { actor, kind, target } of scene.relations ?? []) {
    const member = room.view.memberNamed(actor);
    if (member) room.apply(member.id, { type: 'relate', kind, names: [target], on: true });
  }
  const named = (name: string): Member => {
    const member = room.view.memberNamed(name);
    if (!member) throw new Error(`Nobody here is called ${name}.`);
    return member;
  };
  return { view: room.view, members: [...room.view.members()], named };
}

function enter(room: Room, role: Role): void {
  const identity: Identity = {
    id: `id-${role.name}`,
    kind: 'guest',
    durable: true,
    name: role.name,
    permissions: new Set<Permission>(['message', 'present', ...(role.permissions ?? [])]),
    rules: NO_RULES,
    ...(role.nickname === undefined ? {} : { nickname: role.nickname }),
  };
  const entry = room.enter({ identity, relations: [] });
  if (entry.kind === 'refused') throw new Error(`${role.name} may not enter: ${entry.refusal.code}.`);
  const presence = {
    ...(role.camera === undefined ? {} : { camera: role.camera }),
    ...(role.status === undefined ? {} : { status: role.status }),
  };
  room.apply(entry.member.id, { type: 'set-presence', ...presence });
}
