import type { Permission } from '../core/permission.ts';
import { isConfigured } from './admission.ts';
import type { GroupDescription } from './description.ts';
import { isUsername } from './group-names.ts';
import { parseTime } from './time.ts';
import type { GroupToken, TokenStore, TokenTimes } from './token-store.ts';
import { Turns } from './turns.ts';

/** Who asks for something about tokens, and where (`spec/galene.md` 1.10). */
export interface TokenAsker {
  /** As its definition has it. */
  readonly group: string;
  /** Absent for a room without a definition. */
  readonly description?: GroupDescription;
  readonly username: string;
  readonly permissions: ReadonlySet<Permission>;
}

export type TokenRefusal =
  | 'not-permitted'
  | 'malformed'
  /** The secret is ours to choose. */
  | 'token-given'
  | 'other-group'
  | 'no-expiry'
  | 'username-taken'
  | 'permissions-lacking'
  | 'too-many'
  | 'unknown-token';

export interface TokenRefused {
  readonly kind: 'refused';
  readonly reason: TokenRefusal;
}

export type TokenAnswer = { readonly kind: 'token'; readonly token: GroupToken } | TokenRefused;
export type TokenList = { readonly kind: 'tokens'; readonly tokens: readonly GroupToken[] } | TokenRefused;

/** What somebody would have made. */
export type TokenDraft = Omit<GroupToken, 'token'>;

const MAX_PERMISSIONS = 64;
/** The last moment that RFC 3339 can write. */
const LATEST = Date.UTC(9999, 11, 31);
const SECRET_BYTES = 16;

export interface GroupTokensOptions {
  readonly store: TokenStore;
  /** Milliseconds since 1970. */
  now(): number;
  random(bytes: number): Uint8Array;
}

/** What members and tools make of stateful tokens. What the wire carries is checked here: it means the same on any. */
export class GroupTokens {
  readonly #options: GroupTokensOptions;
  readonly #turns = new Turns();

  constructor(options: GroupTokensOptions) {
    this.#options = options;
  }

  async make(asker: TokenAsker, value: unknown): Promise<TokenAnswer> {
    const draft = mayMake(asker, value, this.#options.now());
    if ('reason' in draft) return draft;
    const token = await this.put(draft);
    return token ? { kind: 'token', token } : refused('too-many');
  }

  async edit(asker: TokenAsker, value: unknown): Promise<TokenAnswer> {
    const edit = mayEdit(asker, value, this.#options.now());
    if ('reason' in edit) return edit;
    const { store } = this.#options;
    return this.inTurn(edit.token, async () => {
      const known = await store.find(edit.token);
      // One of another group is as good as unknown: to know it must not be to command it.
      if (known?.group !== asker.group || !isForEyesOf(asker, known)) return refused('unknown-token');
      const token = await store.edit(edit.token, edit.times);
      return token ? { kind: 'token', token } : refused('unknown-token');
    });
  }

  /** Nobody changes this token meanwhile. */
  inTurn<T>(token: string, work: () => Promise<T>): Promise<T> {
    return this.#turns.take(token, work);
  }

  async list(asker: TokenAsker): Promise<TokenList> {
    if (!isTokenOperator(asker)) return refused('not-permitted');
    const tokens = await this.#options.store.list(asker.group);
    return { kind: 'tokens', tokens: tokens.filter((token) => isForEyesOf(asker, token)) };
  }

  find(token: string): Promise<GroupToken | undefined> {
    return this.#options.store.find(token);
  }

  /** Of this very group; `''` has those of the whole server. */
  of(group: string): Promise<readonly GroupToken[]> {
    return this.#options.store.list(group);
  }

  /** Whatever it says, with a secret of ours unless it has one. Nothing where there is no room. */
  async put(draft: TokenDraft & { readonly token?: string }): Promise<GroupToken | undefined> {
    const { store, now, random } = this.#options;
    const token = { ...draft, token: draft.token ?? Buffer.from(random(SECRET_BYTES)).toString('base64url') };
    return (await store.put(token, now())) ? token : undefined;
  }

  remove(token: string): Promise<boolean> {
    return this.#options.store.remove(token);
  }
}

type Value = Readonly<Record<string, unknown>>;

/** What would be made of a request to make a token, or why not. */
export function mayMake(asker: TokenAsker, value: unknown, now: number): TokenDraft | TokenRefused {
  if (!asker.permissions.has('token')) return refused('not-permitted');
  if (!isObject(value)) return refused('malformed');
  if (isGiven(value.token)) return refused('token-given');
  if (value.group !== asker.group) return refused('other-group');
  const times = timesOf(value, now);
  if (!times) return refused('malformed');
  const { expires } = times;
  if (expires === undefined) return refused('no-expiry');
  const bearer = bearerOf(asker, value);
  if ('reason' in bearer) return bearer;
  return { group: asker.group, includeSubgroups: false, ...bearer, ...times, issuedAt: now, issuedBy: asker.username };
}

/** For whom: only what the maker has can be given, and nobody else's name. */
function bearerOf(asker: TokenAsker, value: Value): Pick<GroupToken, 'username' | 'permissions'> | TokenRefused {
  const { username, permissions = [] } = value;
  if (isGiven(username)) {
    if (typeof username !== 'string' || !isUsername(username)) return refused('malformed');
    if (asker.description && isConfigured(asker.description, username)) return refused('username-taken');
  }
  const words = permissions ?? [];
  if (!Array.isArray(words) || words.length > MAX_PERMISSIONS) return refused('malformed');
  if (!words.every((word) => asker.permissions.has(word))) return refused('permissions-lacking');
  return { ...(typeof username === 'string' && username !== '' ? { username } : {}), permissions: words };
}

const EDITABLE: ReadonlySet<string> = new Set(['token', 'expires', 'not-before']);

/** What of a token is to be changed, or why it may not be. */
export function mayEdit(
  asker: TokenAsker,
  value: unknown,
  now: number,
): { readonly token: string; readonly times: TokenTimes } | TokenRefused {
  if (!isTokenOperator(asker)) return refused('not-permitted');
  if (!isObject(value) || typeof value.token !== 'string') return refused('malformed');
  // Clients send the group and other fields empty.
  const isOther = ([name, content]: readonly [string, unknown]) => !EDITABLE.has(name) && isGiven(content);
  const times = timesOf(value, now);
  if (!times || Object.entries(value).some(isOther)) return refused('malformed');
  return { token: value.token, times };
}

function isTokenOperator({ permissions }: TokenAsker): boolean {
  return permissions.has('op') && permissions.has('token');
}

/** A token is its secret: whoever reads one that administers the group could administer it. */
function isForEyesOf({ permissions }: TokenAsker, token: GroupToken): boolean {
  return permissions.has('admin') || !token.permissions.includes('admin');
}

/** Nothing where one of them is no time. */
function timesOf(value: Value, now: number): TokenTimes | undefined {
  const expires = timeOf(value.expires, now);
  const notBefore = timeOf(value['not-before'], now);
  if (expires === null || notBefore === null) return undefined;
  return { ...(expires === undefined ? {} : { expires }), ...(notBefore === undefined ? {} : { notBefore }) };
}

/** RFC 3339, or milliseconds from now. Null is no time, nothing is absent. */
function timeOf(value: unknown, now: number): number | undefined | null {
  if (!isGiven(value)) return undefined;
  const time = typeof value === 'number' ? Math.round(now + value) : parseTime(typeof value === 'string' ? value : '');
  return time !== undefined && time >= 0 && time <= LATEST ? time : null;
}

function isGiven(value: unknown): boolean {
  return value !== undefined && value !== null && value !== '';
}

function isObject(value: unknown): value is Value {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function refused(reason: TokenRefusal): TokenRefused {
  return { kind: 'refused', reason };
}
