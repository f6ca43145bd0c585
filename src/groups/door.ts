import type { Permission } from '../core/permission.ts';
import type { GroupDescription } from './description.ts';

export type DoorCode = 'locked' | 'not-open-yet' | 'closed' | 'no-operators' | 'full';

export interface DoorState {
  /** Milliseconds since 1970. */
  readonly now: number;
  /** Present where the group is locked, with what whoever locked it has to say. */
  readonly locked?: { readonly message?: string };
  /** Who is there, recorders and WHIP publishers included. */
  readonly memberCount: number;
  readonly operatorsPresent: number;
  /** Of who wants to come in. */
  readonly permissions: ReadonlySet<Permission>;
}

export interface Closed {
  readonly code: DoorCode;
  /** What whoever locked it has to say. */
  readonly message?: string;
}

/** Why somebody may not come in though they are who they say, by `spec/galene.md` 1.5 step 3; nothing where they may. */
export function doorOf(description: GroupDescription, state: DoorState): Closed | undefined {
  const { now, locked, memberCount, operatorsPresent, permissions } = state;
  const { notBefore, expires, autokick, maxClients } = description;
  if (permissions.has('op')) return undefined;
  if (locked) return { code: 'locked', ...(locked.message ? { message: locked.message } : {}) };
  if (notBefore !== undefined && now < notBefore) return { code: 'not-open-yet' };
  if (expires !== undefined && now > expires) return { code: 'closed' };
  if (autokick && operatorsPresent === 0) return { code: 'no-operators' };
  if (maxClients > 0 && memberCount >= maxClients) return { code: 'full' };
  return undefined;
}
