import type { GroupUser } from './description.ts';

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

export interface GroupIceServer {
  readonly urls: readonly string[];
  readonly username?: string;
  readonly credential?: string;
}
