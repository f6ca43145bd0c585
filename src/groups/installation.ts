import { join } from 'node:path';
import { FieldProblem, Fields, type Reading, reading } from './fields.ts';
import { type GroupIceServer, type IceEntry, iceServersFor, parseIceServers } from './ice-servers.ts';
import type { GroupsLog } from './log.ts';
import { type GroupUser, parseUsers, type Warn } from './logins.ts';
import { WatchedFile } from './watched-file.ts';

const MAX_PASSWD_LINES = 1000;

/** What `data/config.json` says (`spec/galene.md` 4.2). */
export interface InstallationConfig {
  /** For the management API only. */
  readonly users: readonly GroupUser[];
  readonly writableGroups: boolean;
  readonly allowOrigin: readonly string[];
  readonly allowAdminOrigin: readonly string[];
  readonly proxyUrl?: string;
  readonly canonicalHost?: string;
}

export const NO_CONFIG: InstallationConfig = {
  users: [],
  writableGroups: false,
  allowOrigin: [],
  allowAdminOrigin: [],
};

/** Optional files of an existing installation's `data`. What was valid last stays in force. */
export class Installation {
  readonly #config: WatchedFile<InstallationConfig>;
  readonly #passwd: WatchedFile<readonly GroupUser[]>;
  readonly #ice: WatchedFile<readonly IceEntry[]>;

  constructor({ folder, log }: { readonly folder: string; readonly log: GroupsLog }) {
    this.#config = new WatchedFile({ file: join(folder, 'config.json'), log, parse: parseConfig });
    this.#passwd = new WatchedFile({ file: join(folder, 'passwd'), log, parse: parsePasswd });
    this.#ice = new WatchedFile({ file: join(folder, 'ice-servers.json'), log, parse: parseIceServers });
  }

  /** Reads what was changed. Never rejects. */
  async look(): Promise<void> {
    await this.#config.look();
    await this.#passwd.look();
    await this.#ice.look();
  }

  /** Those of `passwd`, of 2021, administer where `config.json` has no users. */
  get config(): InstallationConfig {
    const config = this.#config.value ?? NO_CONFIG;
    return config.users.length > 0 ? config : { ...config, users: this.#passwd.value ?? [] };
  }

  /** Whether there is a configuration that nobody could read so far: it may name the only host that tokens are for. */
  get isUnreadable(): boolean {
    return this.#config.isInvalid && this.#config.value === undefined;
  }

  /** `name` is in the logins that are made for one user. */
  iceServers({ name, now }: { readonly name: string; readonly now: number }): readonly GroupIceServer[] {
    return iceServersFor(this.#ice.value ?? [], { name, now });
  }
}

/** The text of `config.json`. */
export function parseConfig(text: string, warn: Warn): Reading<InstallationConfig> {
  return reading(text, (content) => {
    const fields = new Fields(content);
    const proxyUrl = fields.url('proxyURL');
    const canonicalHost = fields.text('canonicalHost') || undefined;
    if (canonicalHost !== undefined && !isHost(canonicalHost)) {
      throw new FieldProblem('canonicalHost', 'must be a host, such as galene.example.org');
    }
    const config = {
      users: parseUsers(fields, warn),
      writableGroups: fields.flag('writableGroups'),
      allowOrigin: fields.words('allowOrigin'),
      allowAdminOrigin: fields.words('allowAdminOrigin'),
      ...(proxyUrl === undefined ? {} : { proxyUrl }),
      ...(canonicalHost === undefined ? {} : { canonicalHost }),
    };
    // Old: what is in it has moved to `users`.
    fields.any('admin');
    fields.end();
    return config;
  });
}

/** Administrators, one `user:password` a line (`spec/galene.md` 4.2). */
export function parsePasswd(text: string, warn: Warn): Reading<readonly GroupUser[]> {
  const lines = text.split(/\r?\n/).slice(0, MAX_PASSWD_LINES);
  const users = lines.flatMap((line, index): GroupUser[] => {
    const [, name, key] = /^([^:]+):(.+)$/.exec(line) ?? [];
    if (name !== undefined && key !== undefined)
      return [{ name, password: { type: 'plain', key }, permissions: 'admin' }];
    if (line !== '') warn(`line ${index + 1}: is no user:password`);
    return [];
  });
  return { kind: 'read', value: users };
}

function isHost(host: string): boolean {
  return /^[\w.:[\]-]+$/.test(host) && URL.canParse(`https://${host}/`);
}
