import type { Refusal } from './errors.ts';
import { isOperator } from './member.ts';
import type { Permission } from './permission.ts';
import type { RoomState } from './room-state.ts';

/** Why somebody with these permissions may not come in now; operators may at any time (`spec/galene.md` 1.5). */
export function doorRefusal(state: RoomState, permissions: ReadonlySet<Permission>): Refusal | undefined {
  if (permissions.has('op')) return undefined;
  const { terms, lock, policy } = state;
  const now = state.source.now();
  if (lock !== undefined) return { code: 'room-locked', ...(lock === '' ? {} : { detail: lock }) };
  if (terms.notBefore !== undefined && now < terms.notBefore) return { code: 'room-early' };
  if (terms.expires !== undefined && now >= terms.expires) return { code: 'room-over' };
  if (terms.autokick && ![...state.members()].some(isOperator)) return { code: 'room-unattended' };
  return policy.maxMembers > 0 && state.size >= policy.maxMembers ? { code: 'room-full' } : undefined;
}
