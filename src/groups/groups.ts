import { join } from 'node:path';
import { Passwords } from '../auth/passwords.ts';
import { AdministeredTokens } from './administered-tokens.ts';
import { Administration } from './administration.ts';
import { Administrators } from './administrators.ts';
import { type Admission, admit, type JoinClaim } from './admission.ts';
import { BcryptThread } from './bcrypt.ts';
import { DefinitionEditor } from './definition-editor.ts';
import { type Group, GroupFolder, type Lookup } from './group-folder.ts';
import { isGroupName } from './group-names.ts';
import { GroupTokens } from './group-tokens.ts';
import type { GroupIceServer } from './ice-servers.ts';
import { Installation, type InstallationConfig, NO_CONFIG } from './installation.ts';
import type { GroupsLog } from './log.ts';
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

/** Everything that Galène's definitions and credentials mean, without any wire. */
export class Groups {
  readonly tokens: GroupTokens;
  readonly administrators: Administrators;
  readonly administration: Administration;
  readonly #options: GroupsOptions;
  readonly #passwords: Passwords;
  readonly #bcrypt = new BcryptThread();
  readonly #folder: GroupFolder | undefined;
  readonly #installation: Installation | undefined;
  readonly #store: TokenStore;
  readonly #stops: (() => void)[] = [];
  readonly #listeners = new Set<(name: string) => void>();

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
    this.administrators = new Administrators({
      config: () => this.config,
      definition: (name) => this.#ownDefinition(name),
      findToken: (token) => this.#findToken(token),
      tokenGroup: (name) => this.#tokenGroup(name),
      passwords: this.#passwords,
      bcrypt: this.#bcrypt,
      now,
    });
    this.administration = new Administration({
      ...(groupsFolder !== undefined && this.#folder
        ? { folder: this.#folder, editor: new DefinitionEditor({ root: groupsFolder, folder: this.#folder, log }) }
        : {}),
      tokens: new AdministeredTokens(this.tokens),
      isWritable: () => this.config.writableGroups,
      tokenGroup: (name) => this.#tokenGroup(name),
      hash: (password) => this.#bcrypt.hash(password),
    });
    this.#folder?.onChanged((name) => this.#tell(name));
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

  /** Those of the installation, with logins for this client; none where it does not say any. */
  iceServers(clientId: string): readonly GroupIceServer[] {
    return this.#installation?.iceServers({ name: clientId, now: this.#options.now() }) ?? [];
  }

  /**
   * Hears the name of each group whose file changed, came or went, or of which the installation says something else:
   * it concerns all that are `definedBy` it.
   */
  onChanged(listener: (name: string) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const stop of this.#stops) stop();
    this.#listeners.clear();
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

  /** Of the file of this very group, and not of one above it. */
  async #ownDefinition(name: string): Promise<Pick<Group, 'name' | 'description'> | undefined> {
    const group = await this.find(name);
    const isOwn = group !== undefined && group.name === group.definedBy;
    return isOwn ? { name: group.name, description: this.#trusted(group) } : undefined;
  }

  /** As members of a group name it in the tokens that they make; of a room without a definition, the room's name. */
  async #tokenGroup(name: string): Promise<string> {
    const own = await this.#ownDefinition(name);
    return own?.name ?? (await this.find(name.toLowerCase()))?.name ?? name.toLowerCase();
  }

  async #look(): Promise<void> {
    const { writableGroups } = this.config;
    await this.#installation?.look();
    await this.#folder?.look();
    // People are told whether they can change their password.
    if (this.config.writableGroups !== writableGroups) {
      for (const name of this.#folder?.knownNames() ?? []) this.#tell(name);
    }
  }

  #tell(name: string): void {
    for (const listener of [...this.#listeners]) listener(name);
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
