import type { Credentials, InvitationRole } from '../../core/command.ts';
import type { Identity } from '../../core/identity.ts';
import { openMemoryStorage } from '../../storage/memory/memory-storage.ts';
import { type Claim, Identities, type Proof } from '../identities.ts';
import { createInvitation } from '../invitations.ts';
import { Passwords } from '../passwords.ts';
import { Tokens } from '../tokens.ts';
import { WebsiteTokens, type WebsiteTokensOptions } from '../website-tokens.ts';

/** For tests only: identities in memory, with a clock that stands still, and how somebody called Ann comes to them. */

export const NOW = Date.UTC(2030, 0, 1);
export const DAY = 24 * 60 * 60 * 1000;

export function setup(options: { readonly website?: Omit<WebsiteTokensOptions, 'now'> } = {}) {
  const storage = openMemoryStorage();
  const clock = { now: NOW };
  const now = () => clock.now;
  const tokens = new Tokens({ secret: 'ab'.repeat(32), now });
  let ids = 0;
  const identities = new Identities({
    storage,
    passwords: new Passwords({ now }),
    tokens,
    now,
    id: () => `id-${++ids}`,
    ...(options.website ? { website: new WebsiteTokens({ ...options.website, now }) } : {}),
  });
  const ask = (credentials: Credentials = {}, claim: Partial<Claim> = {}) =>
    identities.authenticate({ name: 'Ann', credentials, guestsAllowed: true, ...claim });
  return {
    storage,
    tokens,
    identities,
    clock,
    ask,
    invite: async (role: InvitationRole, uses = 1) =>
      (await createInvitation(storage, { role, by: 'the test', now: clock.now, uses })).token,
    /** Logs in, making the account where there is none. */
    register: (password: string, claim: Partial<Claim> = {}) =>
      ask({ password, register: true }, { registration: true, ...claim }),
    setPassword: (
      identity: Identity,
      change: { readonly current?: string; readonly password: string; readonly name?: string },
      { registration = true }: { readonly registration?: boolean } = {},
    ) => identities.setPassword(identity, { name: identity.name, household: 'home', ...change }, { registration }),
  };
}

export function proved(proof: Proof) {
  if (proof.kind === 'refused') throw new Error(`Refused: ${proof.refusal.code}`);
  return proof;
}

/** The code of a refusal, or how they are known. */
export function verdict(proof: Proof): string {
  return proof.kind === 'refused' ? proof.refusal.code : proof.identity.kind;
}
