import type { InvitationRole } from '../core/command.ts';
import type { Invitation, Storage } from '../storage/port.ts';
import { hashSecret, newSecret } from './secrets.ts';

const DAY = 24 * 60 * 60 * 1000;
/** Longer than any token we make. */
const MAX_TOKEN_LENGTH = 256;

export interface InvitationOrder {
  readonly role: InvitationRole;
  /** Who invites: the name or id of a member, or of the part of the server. */
  readonly by: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  /** How long it is valid; 7 unless said. */
  readonly days?: number;
  /** How many people it admits; one unless said. */
  readonly uses?: number;
  /** Makes the token. */
  readonly makeToken?: () => string;
}

/** Resolves when the invitation is stored. The token is in the answer alone: the storage keeps its hash. */
export async function createInvitation(
  storage: Pick<Storage, 'putInvitation'>,
  { role, by, now, days = 7, uses = 1, makeToken = () => newSecret() }: InvitationOrder,
): Promise<{ readonly token: string }> {
  const token = makeToken();
  await storage.putInvitation({
    tokenHash: hashSecret(token),
    role,
    usesLeft: uses,
    createdBy: by,
    createdAt: now,
    expiresAt: now + days * DAY,
  });
  return { token };
}

/** Uses up one use. Nothing where the invitation is unknown, expired or used up. */
export async function redeem(
  storage: Pick<Storage, 'redeemInvitation'>,
  token: string,
  now: number,
): Promise<Invitation | undefined> {
  if (token.length > MAX_TOKEN_LENGTH) return undefined;
  return storage.redeemInvitation(hashSecret(token), now);
}
