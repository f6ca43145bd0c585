import type { Passwords } from '../auth/passwords.ts';
import type { Permission } from '../core/permission.ts';
import type { GroupToken } from '../storage/port.ts';
import type { GroupDescription } from './description.ts';
import { isUsername, usernameKey } from './group-names.ts';
import { MAX_TOKEN_LENGTH, verifyJwt } from './jwt.ts';
import type { GroupUser, Login } from './logins.ts';
import { type Bcrypt, findLogin } from './password.ts';
import { knownPermissions, permissionsOf } from './permissions.ts';
import { isFor, isInForce } from './token.ts';

/** What somebody who wants to enter a group says of themselves. */
export interface JoinClaim {
  /** Absent is legal with a token only. */
  readonly username?: string;
  readonly password?: string;
  /** Counts instead of the password where it is there. */
  readonly token?: string;
  /** Whose wrong passwords are counted; see `AddressRanges.household`. */
  readonly household: string;
}

export type AdmissionRefusal =
  | 'illegal-group-name'
  | 'no-such-group'
  | 'not-authorised'
  | 'need-username'
  | 'duplicate-username'
  /** Too many wrong passwords, or too many people at once; Galène knows no such thing. */
  | 'too-often';

export type Admission =
  | {
      readonly kind: 'admitted';
      /** May be another than was asked for: a token's counts, and a configured user's is spelt as configured. */
      readonly username: string;
      readonly permissions: ReadonlySet<Permission>;
      readonly viaToken?: 'jwt' | 'stateful';
      /** Whether the name is proved: by a configured user's password, or by a signed token's `sub`. */
      readonly ownsName: boolean;
    }
  | { readonly kind: 'refused'; readonly reason: AdmissionRefusal };

/** Where somebody wants to enter. */
export interface Entrance {
  /** As its definition has it. */
  readonly group: string;
  /** Absent for a room that has none: it has neither users nor keys. */
  readonly description?: GroupDescription;
  readonly canonicalHost?: string;
  /** Milliseconds since 1970. */
  readonly now: number;
  readonly passwords: Passwords;
  readonly bcrypt: Bcrypt;
  findToken(token: string): Promise<GroupToken | undefined>;
}

/** What a room calls whoever has no name. */
export const NO_NAME = 'anonymous';

const NOT_AUTHORISED: Admission = { kind: 'refused', reason: 'not-authorised' };

/** Who somebody is in a group, and what they may do there: step 2 of `spec/galene.md` 1.5. */
export async function admit(claim: JoinClaim, entrance: Entrance): Promise<Admission> {
  const { username, token } = claim;
  if (username !== undefined && !isUsername(username)) return NOT_AUTHORISED;
  return token ? admitByToken(token, claim, entrance) : admitByPassword(claim, entrance);
}

async function admitByPassword(claim: JoinClaim, entrance: Entrance): Promise<Admission> {
  const { username, password = '', household } = claim;
  const { description, passwords, bcrypt } = entrance;
  if (username === undefined || !description) return NOT_AUTHORISED;
  const named = usersOf(description, username);
  // Whoever says no name comes as this one, and a definition may have a user without a name.
  const users = named.length === 0 && username === NO_NAME ? usersOf(description, '') : named;
  // Not a second chance for a bad password: whoever bears a configured name needs that one's.
  const logins: readonly (Login & { readonly name?: string })[] = users.length > 0 ? users : anybody(description);
  if (logins.length === 0) return NOT_AUTHORISED;
  const found = await findLogin(logins, { password, household, passwords, bcrypt });
  if (found.kind !== 'right') return found.kind === 'wrong' ? NOT_AUTHORISED : { kind: 'refused', reason: found.kind };
  const { name, permissions } = found.login;
  return {
    kind: 'admitted',
    username: name ?? username,
    permissions: permissionsOf(permissions, description),
    ownsName: name !== undefined && name !== '',
  };
}

/** Of this name; or else, as a room would take them for one, of one that differs in the case of letters. */
function usersOf(description: GroupDescription, username: string): readonly GroupUser[] {
  const index = indexOf(description);
  const key = usernameKey(username);
  return index.byName.get(username) ?? (key === '' ? undefined : index.byKey.get(key)) ?? [];
}

interface UserIndex {
  readonly byName: ReadonlyMap<string, readonly GroupUser[]>;
  readonly byKey: ReadonlyMap<string, readonly GroupUser[]>;
}

/** Made once: there may be thousands of users, and each who comes is looked for among them. */
const indexes = new WeakMap<readonly GroupUser[], UserIndex>();

function indexOf({ users }: GroupDescription): UserIndex {
  const known = indexes.get(users);
  if (known) return known;
  const index = {
    byName: Map.groupBy(users, ({ name }) => name),
    byKey: Map.groupBy(users, ({ name }) => usernameKey(name)),
  };
  indexes.set(users, index);
  return index;
}

function anybody({ wildcardUser }: GroupDescription): readonly Login[] {
  return wildcardUser ? [wildcardUser] : [];
}

async function admitByToken(token: string, claim: JoinClaim, entrance: Entrance): Promise<Admission> {
  const { group, description, canonicalHost, now } = entrance;
  if (token.length > MAX_TOKEN_LENGTH) return NOT_AUTHORISED;
  const keys = description?.authKeys ?? [];
  const verdict = await verifyJwt(token, {
    keys,
    group,
    now,
    ...(canonicalHost === undefined ? {} : { canonicalHost }),
  });
  if (verdict.kind === 'no-jwt') return admitByStatefulToken(token, claim, entrance);
  if (verdict.kind === 'refused' || !isUsername(verdict.username)) return NOT_AUTHORISED;
  const permissions = knownPermissions(verdict.permissions);
  if (verdict.username !== '') {
    return { kind: 'admitted', username: verdict.username, permissions, viaToken: 'jwt', ownsName: true };
  }
  return asGuest(claim.username ?? '', { description, permissions, viaToken: 'jwt' });
}

async function admitByStatefulToken(token: string, claim: JoinClaim, entrance: Entrance): Promise<Admission> {
  const { group, description, now } = entrance;
  const found = await entrance.findToken(token);
  if (!found || !isFor(found, group) || !isInForce(found, now)) return NOT_AUTHORISED;
  const permissions = knownPermissions(found.permissions);
  if (found.username) {
    if (!isUsername(found.username)) return NOT_AUTHORISED;
    return { kind: 'admitted', username: found.username, permissions, viaToken: 'stateful', ownsName: false };
  }
  if (!claim.username) return { kind: 'refused', reason: 'need-username' };
  return asGuest(claim.username, { description, permissions, viaToken: 'stateful' });
}

interface Guest {
  readonly description: GroupDescription | undefined;
  readonly permissions: ReadonlySet<Permission>;
  readonly viaToken: 'jwt' | 'stateful';
}

/** Somebody whose token leaves the name to them: any but a configured user's. */
function asGuest(username: string, { description, permissions, viaToken }: Guest): Admission {
  if (username !== '' && description && isConfigured(description, username)) {
    return { kind: 'refused', reason: 'duplicate-username' };
  }
  return { kind: 'admitted', username, permissions, viaToken, ownsName: false };
}

export function isConfigured(description: GroupDescription, username: string): boolean {
  return usersOf(description, username).length > 0;
}
