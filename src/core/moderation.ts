import type { AddressRanges } from './address-ranges.ts';
import type { Identity } from './identity.ts';
import { nameKey } from './name.ts';

/**
 * A ban: of somebody, by name and, where it was known, by the identity behind it (and a guest by their address, since
 * nothing else tells them from the next one); or, without a name, of all who come from some addresses.
 */
export interface Sanction {
  readonly id: string;
  readonly room: string;
  readonly name?: string;
  readonly identityId?: string;
  /** An address or a range in CIDR notation. */
  readonly addresses?: string;
  readonly reason: string;
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly expiresAt: number;
}

/** How long a ban may last, in hours: a hundred years. */
export const MAX_BAN_HOURS = 876_000;
export const DEFAULT_BAN_HOURS = 24;

/** Somebody at the door. */
export interface Comer {
  /** As it would be in the room. */
  readonly name: string;
  readonly identity: Identity;
  readonly address?: string;
}

/**
 * Whether a ban keeps this comer out. The address of somebody who was banned holds against guests only: others of the
 * household have proved who they are. A range holds against everybody but operators, who might have banned their own.
 */
export function holdsAgainst(sanction: Sanction, comer: Comer, ranges: AddressRanges): boolean {
  const { identity } = comer;
  if (sanction.name !== undefined) {
    if (nameKey(sanction.name) === nameKey(comer.name) && mayBeTheSame(sanction, identity)) return true;
    if (identity.durable && sanction.identityId === identity.id) return true;
    if (identity.kind !== 'guest') return false;
  }
  if (sanction.addresses === undefined || comer.address === undefined || identity.permissions.has('op')) return false;
  return ranges.includes(sanction.addresses, comer.address);
}

/** Whoever owns their name is not the guest who bore it before; only guests are banned by their address as well. */
function mayBeTheSame({ identityId, addresses }: Sanction, identity: Identity): boolean {
  if (identity.kind === 'guest') return true;
  return identityId === undefined ? addresses === undefined : identityId === identity.id;
}

/** What an operator calls a ban by: its name, or its addresses. */
export function isCalled(sanction: Sanction, what: string, ranges: AddressRanges): boolean {
  if (sanction.name !== undefined) return nameKey(sanction.name) === nameKey(what);
  return sanction.addresses !== undefined && sanction.addresses === ranges.parse(what);
}
