import { join } from 'node:path';
import { Passwords } from '../auth/passwords.ts';
import { type Admission, admit, type JoinClaim } from './admission.ts';
import { BcryptThread } from './bcrypt.ts';
import { type Group, GroupFolder, type Lookup } from './group-folder.ts';
import { isGroupName } from './group-names.ts';
import { GroupTokens } from './group-tokens.ts';
import type { GroupIceServer } from './ice-servers.ts';
import { Installation, type InstallationConfig, NO_CONFIG } from './installation.ts';
import type { GroupsLog } from './log.ts';
import { findLogin } from './password.ts';
import { permissionsOf } from './permissions.ts';
import { StoredTokens, type TokenStorage } from './stored-tokens.ts';
import { TokenFile } from './token-file.ts';
import type { GroupToken, TokenStore } from './token-store.ts';

export type { Group } from './group-folder.ts';
export type { GroupsLog } from './log.ts';

const LOOK_MS = 15_000;
const PURGE_MS = 3_600_000;

export interface GroupsOptions {
  /** Where the definitions are; without it there are none. */
  readonly groupsFolder?: string;
  /** An existing installation's `data`: its configuration, ICE servers and tokens. */
  readonly dataFolder?: string;
  /** Where tokens are kept unless there is an installation. */
  readonly storage: TokenStorage;
  /** Those of the accounts, so that wrong passwords are counted, and turns are taken, together. */
  readonly passwords?: Passwords;
  readonly log: GroupsLog;
  /** Milliseconds since 1970. */
  now(): number;
  /** So many random bytes. */
  random(bytes: number): Uint8Array;
  /** Does something again and again, until it is told to stop. */
  every?(ms: number, work: () => void): () => void;
}

/** Who would administer the installation. */
export interface Administrator {
  readonly username: string;
  readonly password: string;
  readonly household: string;
}

/** Everything that Galène's definitions and credentials mean, without any wire. */
export class Groups {
  readonly tokens: GroupTokens;
  readonly #options: GroupsOptions;
  readonly #passwords: Passwords;
  readonly #bcrypt = new BcryptThread();
  readonly #folder: GroupFolder | undefined;
  readonly #installation: Installation | undefined;
  readonly #store: TokenStore;
  readonly #stops: (() => void)[] = [];

  private constructor(options: GroupsOptions) {
    const { groupsFolder, dataFolder, storage, log, now, random, every = onTimer } = options;
    this.#options = options;
    this.#passwords = options.passwords ?? new Passwords({ now });
    this.#folder = groupsFolder === undefined ? undefined : new GroupFolder({ folder: groupsFolder, log });
    this.#installation = dataFolder === undefined ? undefined : new Installation({ folder: dataFolder, log });
    this.#store =
      dataFolder === undefined
        ? new StoredTokens(storage)
        : new TokenFile({ file: join(dataFolder, 'var', 'tokens.jsonl'), log });
    this.tokens = new GroupTokens({ store: this.#store, now, random });
    this.#stops.push(every(LOOK_MS, () => void this.#look()));
    this.#stops.push(every(PURGE_MS, () => void this.#purge()));
  }

  /** Resolves when everything was read once. What cannot be read is logged, and read when it can be. */
  static async open(options: GroupsOptions): Promise<Groups> {
    const groups = new Groups(options);
    await groups.#look();
    await groups.#purge();
    return groups;
  }

  /** Nothing where there is no definition that can be read. Exactly this name first, then ignoring case. */
  async find(name: string): Promise<Group | undefined> {
    const found = await this.#lookUp(name);
    return found.kind === 'group' ? found.group : undefined;
  }

  /** Whether there is a definition, be it one that nobody can read: then nobody comes in. */
  async isDefined(name: string): Promise<boolean> {
    return (await this.#lookUp(name)).kind !== 'absent';
  }

  /** Of the groups that are listed, in order. */
  publicNames(): readonly string[] {
    return this.#folder?.publicNames() ?? [];
  }

  /** A group without a definition admits whoever has a stateful token that was made for it. */
  async admit(groupName: string, claim: JoinClaim): Promise<Admission> {
    if (!isGroupName(groupName)) return { kind: 'refused', reason: 'illegal-group-name' };
    const found = await this.#lookUp(groupName);
    const isOpenToTokens = found.kind === 'absent' && claim.token;
    if (found.kind !== 'group' && !isOpenToTokens) return { kind: 'refused', reason: 'no-such-group' };
    const { canonicalHost } = this.config;
    return admit(claim, {
      ...(found.kind === 'group'
        ? { group: found.group.name, description: this.#trusted(found.group) }
        : { group: groupName }),
      ...(canonicalHost === undefined ? {} : { canonicalHost }),
      now: this.#options.now(),
      passwords: this.#passwords,
      bcrypt: this.#bcrypt,
      findToken: (token) => this.#findToken(token),
    });
  }

  /** What the installation says; the defaults where there is none. */
  get config(): InstallationConfig {
    return this.#installation?.config ?? NO_CONFIG;
  }

  /** By a user of the installation, for its management: no group knows them. */
  async isAdministrator({ username, password, household }: Administrator): Promise<boolean> {
    const none = { allowRecording: false, unrestrictedTokens: false };
    const logins = this.config.users.filter(
      ({ name, permissions }) => name === username && permissionsOf(permissions, none).has('admin'),
    );
    if (logins.length === 0) return false;
    const attempt = { password, household, passwords: this.#passwords, bcrypt: this.#bcrypt };
    return (await findLogin(logins, attempt)).kind === 'right';
  }

  /** Those of the installation, with logins for this client; none where it does not say any. */
  iceServers(clientId: string): readonly GroupIceServer[] {
    return this.#installation?.iceServers({ name: clientId, now: this.#options.now() }) ?? [];
  }

  /** Hears the name of each group whose file changed, came or went: it concerns all that are `definedBy` it. */
  onChanged(listener: (name: string) => void): () => void {
    return this.#folder?.onChanged(listener) ?? (() => {});
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#folder?.close();
    this.#bcrypt.close();
  }

  async #lookUp(name: string): Promise<Lookup> {
    return (await this.#folder?.find(name)) ?? { kind: 'absent' };
  }

  /** Without its keys as long as nobody knows which host their tokens must name. */
  #trusted({ description }: Group): Group['description'] {
    return this.#installation?.isUnreadable ? { ...description, authKeys: [] } : description;
  }

  async #findToken(token: string): Promise<GroupToken | undefined> {
    try {
      return await this.#store.find(token);
    } catch (error) {
      this.#options.log.error({ err: error }, 'a token could not be looked up');
      return undefined;
    }
  }

  async #look(): Promise<void> {
    await this.#installation?.look();
    await this.#folder?.look();
  }

  async #purge(): Promise<void> {
    try {
      await this.#store.purge(this.#options.now());
    } catch (error) {
      this.#options.log.error({ err: error }, 'old tokens could not be removed');
    }
  }
}

function onTimer(ms: number, work: () => void): () => void {
  const timer = setInterval(work, ms).unref();
  return () => clearInterval(timer);
}
