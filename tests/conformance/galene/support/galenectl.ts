/** How the program says who asks. */
export type Credentials = { readonly username: string; readonly password: string } | { readonly token: string };

/** As in `?group=`: a user by name, the one without, or whoever else comes. */
export type WhichUser = string | { readonly wildcard: true };

type Json = Readonly<Record<string, unknown>>;

/**
 * The calls that the program of Galène's operators makes, as it makes them (`spec/galene.md` 3.5): every status of 300
 * and more is an error, and what is to be updated must have a version.
 */
export class Galenectl {
  readonly #url: string;
  readonly #credentials: Credentials;

  constructor(url: string, credentials: Credentials) {
    this.#url = url;
    this.#credentials = credentials;
  }

  listGroups(): Promise<readonly string[]> {
    return this.#getList('/.groups/');
  }

  showGroup(group: string): Promise<Json> {
    return this.#getObject(`/.groups/${group}`);
  }

  createGroup(group: string, description: Json = {}): Promise<void> {
    return this.#put(`/.groups/${group}`, { value: description, isNew: true });
  }

  updateGroup(group: string, update: (before: Json) => Json): Promise<void> {
    return this.#update(`/.groups/${group}`, update);
  }

  deleteGroup(group: string): Promise<void> {
    return this.#delete(`/.groups/${group}`);
  }

  listUsers(group: string): Promise<readonly string[]> {
    return this.#getList(`/.groups/${group}/.users/`);
  }

  showUser(group: string, user: WhichUser): Promise<Json> {
    return this.#getObject(userPath(group, user));
  }

  createUser(group: string, user: WhichUser, permissions: unknown): Promise<void> {
    return this.#put(userPath(group, user), { value: { permissions }, isNew: true });
  }

  updateUser(group: string, user: WhichUser, permissions: unknown): Promise<void> {
    return this.#update(userPath(group, user), (before) => ({ ...before, permissions }));
  }

  deleteUser(group: string, user: WhichUser): Promise<void> {
    return this.#delete(userPath(group, user));
  }

  /** Hashed by the program, or as it was said. */
  setPassword(group: string, user: WhichUser, password: unknown): Promise<void> {
    return this.#put(`${userPath(group, user)}/.password`, { value: password });
  }

  deletePassword(group: string, user: WhichUser): Promise<void> {
    return this.#delete(`${userPath(group, user)}/.password`);
  }

  listTokens(group: string): Promise<readonly string[]> {
    return this.#getList(`${tokensPath(group)}/`);
  }

  showToken(group: string, token: string): Promise<Json> {
    return this.#getObject(`${tokensPath(group)}/${token}`);
  }

  /** Returns what it prints. */
  async createToken(group: string, token: Json): Promise<string> {
    const headers = { 'content-type': 'application/json' };
    const response = await this.request('POST', `${tokensPath(group)}/`, { headers, body: JSON.stringify(token) });
    return response.headers.get('location') ?? '';
  }

  updateToken(group: string, token: string, update: (before: Json) => Json): Promise<void> {
    return this.#update(`${tokensPath(group)}/${token}`, update);
  }

  revokeToken(group: string, token: string): Promise<void> {
    const expires = new Date(Date.now() - 60_000).toISOString();
    return this.updateToken(group, token, (before) => ({ ...before, expires }));
  }

  deleteToken(group: string, token: string): Promise<void> {
    return this.#delete(`${tokensPath(group)}/${token}`);
  }

  async request(method: string, path: string, init: RequestInit = {}): Promise<Response> {
    const response = await fetch(`${this.#url}/galene-api/v0${path}`, {
      redirect: 'manual',
      ...init,
      method,
      headers: { ...init.headers, authorization: authorization(this.#credentials) },
    });
    if (response.status >= 300) throw new Error(`${response.status}`);
    return response;
  }

  async #getObject(path: string): Promise<Json> {
    return (await (await this.request('GET', path)).json()) as Json;
  }

  async #getList(path: string): Promise<readonly string[]> {
    const list = (await (await this.request('GET', path)).json()) as readonly string[];
    return [...list].sort();
  }

  async #put(path: string, { value, isNew }: { readonly value: unknown; readonly isNew?: boolean }): Promise<void> {
    const headers = { 'content-type': 'application/json', ...(isNew ? { 'if-none-match': '*' } : {}) };
    await this.request('PUT', path, { headers, body: JSON.stringify(value) });
  }

  async #update(path: string, update: (before: Json) => Json): Promise<void> {
    const before = await this.request('GET', path);
    const etag = before.headers.get('etag');
    if (!etag) throw new Error('missing ETag');
    const body = JSON.stringify(update((await before.json()) as Json));
    await this.request('PUT', path, { headers: { 'content-type': 'application/json', 'if-match': etag }, body });
  }

  async #delete(path: string): Promise<void> {
    await this.request('DELETE', path);
  }
}

export function authorization(credentials: Credentials): string {
  if ('token' in credentials) return `Bearer ${credentials.token}`;
  const { username, password } = credentials;
  return `Basic ${Buffer.from(`${username}:${password}`).toString('base64')}`;
}

function userPath(group: string, user: WhichUser): string {
  const place = user === '' ? '.empty-user' : typeof user === 'string' ? `.users/${encodeURI(user)}` : '.wildcard-user';
  return `/.groups/${group}/${place}`;
}

/** Of the whole server, where there is no group. */
function tokensPath(group: string): string {
  return group === '' ? '/.groups/.tokens' : `/.groups/${group}/.tokens`;
}
