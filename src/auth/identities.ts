import type { Credentials, InvitationRole } from '../core/command.ts';
import type { Refusal } from '../core/errors.ts';
import type { Identity } from '../core/identity.ts';
import { cleanName, isReservedName, nameKey } from '../core/name.ts';
import { GUEST_PERMISSIONS, NO_RULES, OPERATOR_PERMISSIONS, type Permission } from '../core/permission.ts';
import type { Storage, StoredIdentity } from '../storage/port.ts';
import { Allowance } from './allowance.ts';
import { redeem } from './invitations.ts';
import { Passwords } from './passwords.ts';
import { newSecret } from './secrets.ts';
import type { Tokens } from './tokens.ts';
import type { Bearer, WebsiteTokens } from './website-tokens.ts';

export interface IdentitiesOptions {
  readonly storage: Pick<Storage, 'identity' | 'putIdentity' | 'redeemInvitation' | 'nameOwners' | 'claimName'>;
  readonly passwords: Passwords;
  /** How many accounts one household may make in an hour; any number, unless said. */
  readonly accountsPerHour?: number;
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

const HOUR = 3_600_000;

export interface Claim {
  /** The name asked for. */
  readonly name: string;
  readonly credentials: Credentials;
  /** Whether people are admitted who are neither known nor invited. */
  readonly guestsAllowed: boolean;
  /** For wires that cannot hand out a token: a guest's identity ends with the connection. */
  readonly ephemeral?: boolean;
  /** Whose wrong passwords are counted; see `AddressRanges.household`. */
  readonly household?: string;
  /** Whether accounts may be made. */
  readonly registration?: boolean;
  /** Whether somebody in the room bears the name, now. */
  nameInUse?(): boolean;
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
  readonly #passwords: Passwords;
  readonly #accounts: Allowance | undefined;
  readonly #website: WebsiteTokens | undefined;
  readonly #now: () => number;
  readonly #id: () => string;

  constructor({
    storage,
    tokens,
    passwords,
    accountsPerHour,
    website,
    now,
    id = () => newSecret(),
  }: IdentitiesOptions) {
    this.#storage = storage;
    this.#tokens = tokens;
    this.#passwords = passwords;
    this.#accounts =
      accountsPerHour === undefined
        ? undefined
        : new Allowance({ atOnce: accountsPerHour, everyMs: HOUR / accountsPerHour, now });
    this.#website = website;
    this.#now = now;
    this.#id = id;
  }

  async authenticate(claim: Claim): Promise<Proof> {
    const { name: rawName, credentials, guestsAllowed, ephemeral = false } = claim;
    // What the token says counts, whatever name stands beside it: bots give another one (`spec/barertc.md` 1.9.1).
    if (credentials.jwt) return this.#vouchedFor(credentials.jwt);
    const name = cleanName(rawName);
    // The room refuses these as well, but only after the invitation was used up.
    if (name === '') return refused({ code: 'name-invalid' });
    if (isReservedName(name)) return refused({ code: 'name-reserved', subject: name });
    if (credentials.password !== undefined) return this.#login(name, credentials.password, claim);
    const holder = credentials.token ? await this.#holder(credentials.token) : undefined;
    if (credentials.invitation) return this.#invited(name, credentials.invitation, holder);
    if (holder?.stored) return this.#proved(known(holder.stored, name));
    if (!guestsAllowed) return refused({ code: 'token-required' });
    if (credentials.visitor !== undefined) return this.#proved(guest(name, `c:${credentials.visitor}`, 'lasting'));
    return this.#proved(guest(name, holder?.id ?? this.#newId('guest'), !holder && ephemeral ? 'visit' : 'lasting'));
  }

  /** By the account that has the name; or a new one, where nobody has it, and accounts may be made. */
  async #login(name: string, password: string, claim: Claim): Promise<Proof> {
    const stored = await this.#ownerOf(name);
    if (!stored) return this.#register(name, password, claim);
    if (stored.passwordHash === undefined) return refused({ code: 'login-failed' });
    const verdict = await this.#passwords.check(password, stored.passwordHash, claim.household ?? '');
    if (verdict !== 'right') return refused({ code: verdict === 'wrong' ? 'login-failed' : 'too-fast' });
    return this.#proved(known(stored, name));
  }

  async #register(name: string, password: string, claim: Claim): Promise<Proof> {
    const isWanted = claim.credentials.register === true && claim.registration === true;
    if (!isWanted) return refused({ code: 'login-failed' });
    // Somebody who is there would be sent out for it.
    if (claim.nameInUse?.()) return refused({ code: 'name-taken', subject: name });
    if (!Passwords.fits(password)) return refused({ code: 'password-unfit' });
    if (!this.#mayMakeAccount(claim.household ?? '')) return refused({ code: 'too-fast' });
    const passwordHash = await this.#passwords.hash(password, claim.household ?? '');
    if (passwordHash === undefined) return refused({ code: 'too-fast' });
    // Or came while the hash waited for its turn, which may be long.
    if (claim.nameInUse?.()) return refused({ code: 'name-taken', subject: name });
    const account: StoredIdentity & { readonly ownsName: true } = {
      id: this.#newId('guest'),
      name,
      operator: false,
      ownsName: true,
      createdAt: this.#now(),
      tokensRevokedAt: 0,
      passwordHash,
    };
    if (!(await this.#storage.claimName(account))) return refused({ code: 'login-failed' });
    return this.#proved({ ...known(account, name), isNew: true });
  }

  #mayMakeAccount(household: string): boolean {
    const isLeft = this.#accounts?.isLeft(household) ?? true;
    if (isLeft) this.#accounts?.use(household);
    return isLeft;
  }

  async #ownerOf(name: string): Promise<StoredIdentity | undefined> {
    const key = nameKey(name);
    const owner = (await this.#storage.nameOwners([key])).get(key);
    return owner === undefined ? undefined : this.#storage.identity(owner);
  }

  /**
   * Gives an account another password, or makes one of a guest, under the name that they bear. Tokens of before do not
   * hold any more. Resolves with the identity and its next token.
   */
  async setPassword(
    identity: Identity,
    change: { readonly name: string; readonly current?: string; readonly password: string; readonly household: string },
    { registration }: { readonly registration: boolean },
  ): Promise<Proof> {
    const { name, current = '', password, household } = change;
    if (identity.kind === 'token' || !identity.durable) return refused({ code: 'not-permitted' });
    if (!Passwords.fits(password)) return refused({ code: 'password-unfit' });
    const stored = await this.#storage.identity(identity.id);
    if (stored?.passwordHash !== undefined) {
      const verdict = await this.#passwords.check(current, stored.passwordHash, household);
      if (verdict !== 'right') return refused({ code: verdict === 'wrong' ? 'login-failed' : 'too-fast' });
    } else if (!registration) return refused({ code: 'not-permitted' });
    else if (!this.#mayMakeAccount(household)) return refused({ code: 'too-fast' });
    const passwordHash = await this.#passwords.hash(password, household);
    if (passwordHash === undefined) return refused({ code: 'too-fast' });
    const now = this.#now();
    const account: StoredIdentity & { readonly ownsName: true } = {
      id: identity.id,
      name: stored?.ownsName ? stored.name : name,
      operator: stored?.operator ?? false,
      ownsName: true,
      createdAt: stored?.createdAt ?? now,
      tokensRevokedAt: now - 1,
      passwordHash,
    };
    if (!(await this.#storage.claimName(account))) return refused({ code: 'name-taken', subject: name });
    return this.#proved(known(account, account.name));
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
    if (!bearer) return undefined;
    const stored = await this.#storage.identity(bearer.id);
    return stored && bearer.issuedAt <= stored.tokensRevokedAt ? undefined : { id: bearer.id, stored };
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
      name: holder?.stored?.ownsName ? holder.stored.name : name,
      operator: role === 'operator',
      ownsName: holder?.stored?.ownsName ?? false,
      ...(holder?.stored?.passwordHash === undefined ? {} : { passwordHash: holder.stored.passwordHash }),
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

/** The holder of an account comes under its name, in whatever case of letters they write it. */
function known(stored: StoredIdentity, name: string): Identity {
  const { id, operator, ownsName } = stored;
  if (!operator && !ownsName) return guest(name, id, 'lasting');
  return {
    id,
    kind: 'account',
    durable: true,
    name: ownsName && nameKey(name) !== nameKey(stored.name) ? stored.name : name,
    ...(ownsName ? { ownsName } : {}),
    permissions: operator ? OPERATOR_PERMISSIONS : GUEST_PERMISSIONS,
    rules: NO_RULES,
  };
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
