import type { CameraFlags } from './camera.ts';
import type { Identity } from './identity.ts';
import type { MemberId } from './ids.ts';
import type { SharedData } from './json.ts';
import type { Permission, Rule } from './permission.ts';

/** What somebody's client can do. */
export interface Abilities {
  /**
   * How cameras reach it: those that it opens one by one; those of all who are in the mesh, with one another; or none.
   */
  readonly video: 'on-request' | 'mesh' | 'none';
  /** Whether it can show direct messages. */
  readonly direct: boolean;
}

export const ALL_ABILITIES: Abilities = { video: 'on-request', direct: true };

/** An identity present in a room. Immutable: a change makes a new one, so that encoders may cache by object. */
export interface Member {
  readonly id: MemberId;
  /** By what clients call them that address people by ids of their own making; else, the member's id. */
  readonly handle: string;
  readonly name: string;
  readonly identity: Identity;
  readonly permissions: ReadonlySet<Permission>;
  readonly rules: ReadonlySet<Rule>;
  /** As others see it. */
  readonly status: string;
  /** As its owner last said it. Clients of BareRTC say it again, forever, where their own row differs (1.9.4). */
  readonly statusSaid: string;
  /** An operator who is present without being listed. */
  readonly hidden: boolean;
  readonly camera: CameraFlags;
  readonly dnd: boolean;
  /** An operator (or bot) who must see everybody: blocks do not apply to them. */
  readonly unblockable: boolean;
  readonly abilities: Abilities;
  /** What their clients keep with them for others to see. */
  readonly data: SharedData;
  /** Milliseconds since 1970. */
  readonly joinedAt: number;
}

export function isOperator(member: Member): boolean {
  return member.permissions.has('op');
}

export function isVip(member: Member): boolean {
  return member.permissions.has('vip');
}
