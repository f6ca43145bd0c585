import type { Passwords } from '../auth/passwords.ts';
import type { AdministratorProof, Authority, GroupPart, Reach } from '../core/administration.ts';
import type { GroupDescription } from './description.ts';
import { isUsername } from './group-names.ts';
import type { InstallationConfig } from './installation.ts';
import { MAX_TOKEN_LENGTH, verifyJwt } from './jwt.ts';
import type { Login } from './logins.ts';
import { type Bcrypt, findLogin, type GroupPassword } from './password.ts';
import { knownPermissions, permissionsOf } from './permissions.ts';
import { ProvedPasswords } from './proved-passwords.ts';
import { isFor, isInForce } from './token.ts';
import type { GroupToken } from './token-store.ts';

export interface AdministratorsOptions {
  config(): InstallationConfig;
  /** What the file of this very group says; nothing where it has none that can be read. */
  definition(group: string): Promise<{ readonly name: string; readonly description: GroupDescription } | undefined>;
  findToken(token: string): Promise<GroupToken | undefined>;
  /** The name that tokens for a group have. */
  tokenGroup(group: string): Promise<string>;
  readonly passwords: Passwords;
  readonly bcrypt: Bcrypt;
  now(): number;
}

interface Candidate extends Login {
  /** Nothing for one that leads nowhere. */
  readonly reach?: Reach;
}

const NOT_AUTHORISED: Authority = { kind: 'refused', reason: 'not-authorised' };
const NO_EXTENSIONS = { allowRecording: false, unrestrictedTokens: false };

/** Nobody's password, of the usual cost: whoever guesses names must not be told by the time which ones there are. */
const NOBODY: Candidate = {
  password: { type: 'bcrypt', key: '$2a$08$Ay5UZhIlSmFNdWVWZTEiMOLcMTP2cHUc3/Kzh2QZLrmuWjMRXSM5y' },
  permissions: [],
};

/** Who may administer what (`spec/galene.md` 3.5). */
export class Administrators {
  readonly #options: AdministratorsOptions;
  readonly #proved: ProvedPasswords;

  constructor(options: AdministratorsOptions) {
    this.#options = options;
    this.#proved = new ProvedPasswords({ now: () => options.now() });
  }

  /** `household` is whose wrong passwords are counted. */
  async admit(proof: AdministratorProof, part: GroupPart, household: string): Promise<Authority> {
    if (proof.kind === 'token') return this.#byToken(proof.token, part);
    const { username, password } = proof;
    return this.#byPassword(await this.#candidates(username, part), password, household);
  }

  /** All whose password it may be are one attempt. */
  async #byPassword(candidates: readonly Candidate[], password: string, household: string): Promise<Authority> {
    const { passwords, bcrypt } = this.#options;
    const known = candidates.find((one) => one.password && this.#proved.has(password, one.password));
    if (known?.reach) {
      // Who has guessed too often is not told by our memory that this one is right.
      return passwords.checkAtOnce(() => true, household) === 'right' ? granted(known.reach) : tooOften();
    }
    const hasCost = candidates.some((one) => one.password && isDear(one.password));
    const logins = hasCost ? candidates : [...candidates, NOBODY];
    const found = await findLogin(logins, { password, household, passwords, bcrypt });
    if (found.kind !== 'right') return found.kind === 'wrong' ? NOT_AUTHORISED : tooOften();
    const { reach, password: kept } = found.login;
    if (reach === undefined) return NOT_AUTHORISED;
    if (kept && isDear(kept)) this.#proved.note(password, kept);
    return granted(reach);
  }

  async #candidates(username: string, part: GroupPart): Promise<readonly Candidate[]> {
    const servers = this.#options
      .config()
      .users.filter((user) => user.name === username && isAdmin(user))
      .map((user): Candidate => ({ ...user, reach: 'server' }));
    const group = groupOf(part);
    const found = group === undefined ? undefined : await this.#options.definition(group);
    if (!found) return servers;
    const { users } = found.description;
    const own = users
      .filter((user) => user.name === username && isAdmin(user))
      .map((user): Candidate => ({ ...user, reach: 'group' }));
    return [...servers, ...own, ...selves(part, found.description)];
  }

  async #byToken(token: string, part: GroupPart): Promise<Authority> {
    if (token === '' || token.length > MAX_TOKEN_LENGTH) return NOT_AUTHORISED;
    const group = groupOf(part);
    const verdict = await this.#verifyJwt(token, group);
    if (verdict.kind === 'refused') return NOT_AUTHORISED;
    if (verdict.kind === 'valid') {
      const isOurs = isUsername(verdict.username) && knownPermissions(verdict.permissions).has('admin');
      return isOurs ? granted('group') : NOT_AUTHORISED;
    }
    return this.#byStatefulToken(token, group);
  }

  async #verifyJwt(token: string, group: string | undefined): ReturnType<typeof verifyJwt> {
    const found = group === undefined ? undefined : await this.#options.definition(group);
    const { canonicalHost } = this.#options.config();
    return verifyJwt(token, {
      keys: found?.description.authKeys ?? [],
      group: found?.name ?? '',
      now: this.#options.now(),
      ...(canonicalHost === undefined ? {} : { canonicalHost }),
    });
  }

  /** Also for a group that is not there yet (7.1, 4). */
  async #byStatefulToken(secret: string, group: string | undefined): Promise<Authority> {
    const token = await this.#options.findToken(secret);
    if (!token || !isInForce(token, this.#options.now())) return NOT_AUTHORISED;
    if (!knownPermissions(token.permissions).has('admin')) return NOT_AUTHORISED;
    if (token.group === '' && token.includeSubgroups) return granted('server');
    if (group === undefined || !isFor(token, await this.#options.tokenGroup(group))) return NOT_AUTHORISED;
    return granted(token.includeSubgroups ? 'subgroups' : 'group');
  }
}

/** Whoever knows somebody's password may give them another one; not where any password is as good. */
function selves(part: GroupPart, { users }: GroupDescription): readonly Candidate[] {
  if (part.kind !== 'password' || part.user.kind !== 'named') return [];
  const { name } = part.user;
  return users
    .filter((user) => user.name === name && user.password?.type !== 'wildcard')
    .map((user): Candidate => ({ ...user, reach: 'self' }));
}

/** Nothing where it is the whole server's. */
function groupOf(part: GroupPart): string | undefined {
  return 'group' in part && part.group !== '' ? part.group : undefined;
}

function isAdmin({ permissions }: Login): boolean {
  return permissionsOf(permissions, NO_EXTENSIONS).has('admin');
}

function isDear({ type }: GroupPassword): boolean {
  return type !== 'plain' && type !== 'wildcard';
}

function granted(reach: Reach): Authority {
  return { kind: 'granted', reach };
}

function tooOften(): Authority {
  return { kind: 'refused', reason: 'too-often' };
}
