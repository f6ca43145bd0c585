import type { Credentials, InvitationRole } from '../core/command.ts';
import type { Refusal } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import { cleanName, isReservedName } from '../core/name.ts';
import { GUEST_PERMISSIONS, NO_RULES, OPERATOR_PERMISSIONS, type Permission } from '../core/permission.ts';
import type { Storage, StoredIdentity } from '../storage/port.ts';
import { redeem } from './invitations.ts';
import { newSecret } from './secrets.ts';
import type { Tokens } from './tokens.ts';
import type { Bearer, WebsiteTokens } from './website-tokens.ts';

export interface IdentitiesOptions {
  readonly storage: Pick<Storage, 'identity' | 'putIdentity' | 'redeemInvitation'>;
  readonly tokens: Tokens;
  /** Those of the website; without them, nobody comes with one. */
  readonly website?: WebsiteTokens;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** The random part of a new id. */
  readonly id?: () => string;
}

/** A token that does not say when it was made is taken for one of before, for this long after tokens were revoked. */
const UNDATED_TOKENS_MS = 24 * 60 * 60 * 1000;

export interface Claim {
  /** The name asked for. */
  readonly name: string;
  readonly credentials: Credentials;
  /** Whether people are admitted who are neither known nor invited. */
  readonly guestsAllowed: boolean;
  /** For wires that cannot hand out a token: a guest's identity ends with the connection. */
  readonly ephemeral?: boolean;
}

export type Proof =
  /** The token proves the same identity next time; empty where the identity is not durable. */
  | { readonly kind: 'proved'; readonly identity: Identity; readonly token: string }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

/** Somebody with a valid token; `stored` where the server knows them beyond it. */
interface Holder {
  readonly id: string;
  readonly stored: StoredIdentity | undefined;
}

/**
 * Finds out who somebody is. Guests are known by their token alone; what is stored are those who were invited, and who
 * of them is an operator. A token that does not hold (any more) is as good as none: it must not lock anybody out.
 */
export class Identities {
  readonly #storage: IdentitiesOptions['storage'];
  readonly #tokens: Tokens;
  readonly #website: WebsiteTokens | undefined;
  readonly #now: () => number;
  readonly #id: () => string;

  constructor({ storage, tokens, website, now, id = () => newSecret() }: IdentitiesOptions) {
    this.#storage = storage;
    this.#tokens = tokens;
    this.#website = website;
    this.#now = now;
    this.#id = id;
  }

  async authenticate({ name: rawName, credentials, guestsAllowed, ephemeral = false }: Claim): Promise<Proof> {
    // What the token says counts, whatever name stands beside it: bots give another one (`spec/barertc.md` 1.9.1).
    if (credentials.jwt) return this.#vouchedFor(credentials.jwt);
    const name = cleanName(rawName);
    // The room refuses these as well, but only after the invitation was used up.
    if (name === '') return refused({ code: 'name-invalid' });
    if (isReservedName(name)) return refused({ code: 'name-reserved', subject: name });
    const holder = credentials.token ? await this.#holder(credentials.token) : undefined;
    if (credentials.invitation) return this.#invited(name, credentials.invitation, holder);
    if (holder?.stored) return this.#proved(known(holder.stored, name));
    if (!guestsAllowed) return refused({ code: 'token-required' });
    return this.#proved(guest(name, holder?.id ?? this.#newId('guest'), !holder && ephemeral ? 'visit' : 'lasting'));
  }

  /** Somebody by the website's token, if it holds; nothing is stored. */
  async vouchedFor(jwt: string): Promise<Identity | undefined> {
    const bearer = await this.#website?.verify(jwt);
    if (!bearer) return undefined;
    const stored = await this.#storage.identity(bearer.identity.id);
    if (stored && this.#isRevoked(bearer, stored)) return undefined;
    return stored?.operator ? withOperator(bearer.identity) : bearer.identity;
  }

  /** The website's next token for somebody who came with one, with what they may do now. */
  async renew(identity: Identity, permissions: ReadonlySet<Permission>): Promise<string | undefined> {
    return identity.kind === 'token' ? this.#website?.renew(identity, permissions) : undefined;
  }

  async #vouchedFor(jwt: string): Promise<Proof> {
    const identity = await this.vouchedFor(jwt);
    if (!identity) return refused({ code: 'token-invalid' });
    if (isReservedName(identity.name)) return refused({ code: 'name-reserved', subject: identity.name });
    await this.#know(identity);
    return { kind: 'proved', identity, token: '' };
  }

  /** The website's users own their names: from their first visit on no guest may have them. */
  async #know({ id, name, ownsName = false }: Identity): Promise<void> {
    const stored = await this.#storage.identity(id);
    if (stored?.name === name && stored.ownsName === ownsName) return;
    await this.#storage.putIdentity({
      id,
      name,
      ownsName,
      operator: stored?.operator ?? false,
      createdAt: stored?.createdAt ?? this.#now(),
      tokensRevokedAt: stored?.tokensRevokedAt ?? 0,
    });
  }

  #isRevoked({ issuedAt }: Bearer, { tokensRevokedAt }: StoredIdentity): boolean {
    if (tokensRevokedAt === 0) return false;
    if (issuedAt === undefined) return this.#now() - tokensRevokedAt < UNDATED_TOKENS_MS;
    return issuedAt <= Math.floor(tokensRevokedAt / 1000);
  }

  /** A fresh token for an identity that was proved; empty where it is not durable, or the website's. */
  async tokenFor(identity: Identity): Promise<string> {
    return identity.durable && identity.kind !== 'token'
      ? this.#tokens.issue({ id: identity.id, name: cleanName(identity.name) })
      : '';
  }

  async #holder(token: string): Promise<Holder | undefined> {
    const bearer = await this.#tokens.verify(token);
    return bearer && { id: bearer.id, stored: await this.#storage.identity(bearer.id) };
  }

  async #invited(name: string, token: string, holder: Holder | undefined): Promise<Proof> {
    // An operator has nothing to gain, and the invitation may be meant for somebody else.
    if (holder?.stored?.operator) return this.#proved(known(holder.stored, name));
    const invitation = await redeem(this.#storage, token, this.#now());
    if (invitation) return this.#proved(known(await this.#admit(name, invitation.role, holder), name));
    // The link of an invitation stays in the address bar: its holder comes again with it when they reload the page.
    if (holder?.stored) return this.#proved(known(holder.stored, name));
    return refused({ code: 'invitation-invalid' });
  }

  /** Stores who was invited, so that their token admits them from now on. */
  async #admit(name: string, role: InvitationRole, holder: Holder | undefined): Promise<StoredIdentity> {
    if (holder?.stored && role === 'guest') return holder.stored;
    const identity: StoredIdentity = {
      id: holder?.id ?? this.#newId(role),
      name,
      operator: role === 'operator',
      ownsName: false,
      tokensRevokedAt: 0,
      createdAt: holder?.stored?.createdAt ?? this.#now(),
    };
    await this.#storage.putIdentity(identity);
    return identity;
  }

  #newId(role: InvitationRole): string {
    return `${role === 'operator' ? 'a' : 'g'}:${this.#id()}`;
  }

  async #proved(identity: Identity): Promise<Proof> {
    return { kind: 'proved', identity, token: await this.tokenFor(identity) };
  }
}

function known(stored: StoredIdentity, name: string): Identity {
  if (!stored.operator) return guest(name, stored.id, 'lasting');
  return { id: stored.id, kind: 'account', durable: true, name, permissions: OPERATOR_PERMISSIONS, rules: NO_RULES };
}

/** Made an operator here, whatever the website says. */
function withOperator(identity: Identity): Identity {
  const vip = identity.permissions.has('vip');
  const permissions = [...OPERATOR_PERMISSIONS].filter((permission) => vip || permission !== 'vip');
  return { ...identity, permissions: new Set(permissions) };
}

function guest(name: string, id: string, lifetime: 'lasting' | 'visit'): Identity {
  const durable = lifetime === 'lasting';
  return { id, kind: 'guest', durable, name, permissions: GUEST_PERMISSIONS, rules: NO_RULES };
}

function refused(refusal: Refusal): Proof {
  return { kind: 'refused', refusal };
}
