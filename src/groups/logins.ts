import { FieldProblem, Fields, oneWord, wordsOf } from './fields.ts';
import { isUsername } from './group-names.ts';
import { type GroupPassword, parsePassword } from './password.ts';
import { isPermissionSet, type PermissionGrant, type PermissionSet } from './permissions.ts';

/** A password, and what it gives. Without a password nobody comes in. */
export interface Login {
  readonly password?: GroupPassword;
  readonly permissions: PermissionGrant;
}

export interface GroupUser extends Login {
  readonly name: string;
}

export interface Logins {
  readonly users: readonly GroupUser[];
  readonly wildcardUser?: Login;
}

export type Warn = (warning: string) => void;

const MAX_USERS = 10_000;
/** Each of them may be a hash to compute, for one who tries a password. */
const MAX_OF_ONE_NAME = 16;
const MAX_PERMISSIONS = 64;

/** The lists of the old form, and what they gave (`spec/galene.md` 4.2). */
const OLD_LISTS = { op: 'op', presenter: 'present', other: 'message' } as const satisfies Record<string, PermissionSet>;

/** Who may log in, from both forms. The new form's entries come first. */
export function parseLogins(fields: Fields, warn: Warn): Logins {
  const users = parseUsers(fields, warn);
  const wildcard = fields.any('wildcard-user');
  const wildcardUser = wildcard === undefined ? undefined : parseLogin(wildcard, fields.path('wildcard-user'), warn);
  const old = oldLogins(fields, warn);
  const anybody = wildcardUser ?? old.find(({ name }) => name === undefined)?.login;
  const named = old.flatMap(({ name, login }) => (name === undefined ? [] : [{ name, ...login }]));
  return { users: bounded([...users, ...named], warn), ...(anybody ? { wildcardUser: anybody } : {}) };
}

/** The field `users`, which `config.json` has as well. */
export function parseUsers(fields: Fields, warn: Warn): readonly GroupUser[] {
  return fields.entries('users', MAX_USERS).map(([name, value]) => {
    const path = `${fields.path('users')}.${oneWord(name)}`;
    return { name, ...parseLogin(value ?? {}, path, warn) };
  });
}

function parseLogin(value: unknown, path: string, warn: Warn): Login {
  const fields = new Fields(value, path);
  const password = parsePassword(fields.any('password'), fields.path('password'), warn);
  const permissions = parseGrant(fields.any('permissions') ?? [], fields.path('permissions'));
  fields.end();
  return { ...(password ? { password } : {}), permissions };
}

function parseGrant(value: unknown, path: string): PermissionGrant {
  if (typeof value === 'string') {
    if (isPermissionSet(value)) return value;
    throw new FieldProblem(path, `${oneWord(value)} is no known set of permissions`);
  }
  const words = wordsOf(value, path);
  if (words.length > MAX_PERMISSIONS) throw new FieldProblem(path, `may have ${MAX_PERMISSIONS} entries at most`);
  return words;
}

/** Without a name: whoever comes. */
interface OldLogin {
  readonly name?: string;
  readonly login: Login;
}

function oldLogins(fields: Fields, warn: Warn): readonly OldLogin[] {
  return Object.entries(OLD_LISTS).flatMap(([list, permissions]) =>
    fields.list(list, MAX_USERS).map((value, index) => {
      const entry = new Fields(value, `${fields.path(list)}[${index}]`);
      const name = entry.text('username');
      const kept = entry.any('password');
      const anything = { type: 'wildcard' } as const;
      const password = kept === undefined ? anything : parsePassword(kept, entry.path('password'), warn);
      entry.end();
      return { ...(name ? { name } : {}), login: { ...(password ? { password } : {}), permissions } };
    }),
  );
}

/** Without those who could never log in because of their name, and without more of one name than anybody needs. */
function bounded(users: readonly GroupUser[], warn: Warn): readonly GroupUser[] {
  const counts = new Map<string, number>();
  return users.filter(({ name }) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    if (!isUsername(name)) warn(`${oneWord(name)}: cannot be a username`);
    else if (count > MAX_OF_ONE_NAME)
      warn(`${oneWord(name)}: has too many passwords; the first ${MAX_OF_ONE_NAME} count`);
    else return true;
    return false;
  });
}
