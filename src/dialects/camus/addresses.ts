import { createHash } from 'node:crypto';
import type { Identity } from '../../core/identity.ts';
import type { Member } from '../../core/member.ts';
import { isClientId } from './wire.ts';

const PREFIX = 'c:';

/** The identity that a client's id is of. */
export function identityOf(clientId: string): Identity['id'] {
  return `${PREFIX}${clientId}`;
}

/** Whether somebody is in the calls of this wire. */
export function isInMesh(member: Member): boolean {
  return member.abilities.video === 'mesh';
}

/** The id that somebody has on this wire. People of other wires have one, too, which nobody can call. */
export function clientIdOf(identityId: Identity['id']): string {
  const id = identityId.startsWith(PREFIX) ? identityId.slice(PREFIX.length) : '';
  return isClientId(id) ? id : createHash('sha256').update(identityId).digest('hex').slice(0, 32);
}
