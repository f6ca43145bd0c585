import type { Passwords } from '../auth/passwords.ts';
import type { Storage } from '../storage/port.ts';
import type { Admission, JoinClaim } from './admission.ts';
import type { GroupDescription } from './description.ts';
import type { GroupTokens } from './group-tokens.ts';
import type { GroupIceServer, InstallationConfig } from './installation.ts';

export interface GroupsLog {
  error(details: object, message: string): void;
  warn(details: object, message: string): void;
  info(details: object, message: string): void;
}

export interface GroupsOptions {
  /** Where the definitions are; without it there are none. */
  readonly groupsFolder?: string;
  /** An existing installation's `data`: its configuration, ICE servers and tokens. */
  readonly dataFolder?: string;
  readonly storage: Pick<
    Storage,
    'putGroupToken' | 'groupToken' | 'editGroupToken' | 'groupTokens' | 'removeGroupToken' | 'expireGroupTokens'
  >;
  /** Shared with the accounts, so that wrong passwords and turns are counted together. */
  readonly passwords: Passwords;
  readonly log: GroupsLog;
  /** Milliseconds since 1970. */
  now(): number;
  /** So many random bytes. */
  random(bytes: number): Uint8Array;
  /** Calls again and again until it is told to stop. */
  every?(ms: number, work: () => void): () => void;
}

/** A group as it may be entered. */
export interface Group {
  /** As its file has it, which may differ in case from what was asked for. */
  readonly name: string;
  /** The group whose file this is: itself, or an ancestor with `auto-subgroups`. */
  readonly definedBy: string;
  readonly description: GroupDescription;
}

/** Everything Galène's definitions and credentials mean, without any wire. */
export interface GroupsPort {
  /** Nothing where there is no definition that can be read. Exactly this name first, then ignoring case. */
  find(name: string): Promise<Group | undefined>;
  /** Of the groups that are listed, by name. */
  publicNames(): readonly string[];
  /** A group without a definition admits who has a stateful token made for it. */
  admit(groupName: string, claim: JoinClaim): Promise<Admission>;
  readonly tokens: GroupTokens;
  readonly installation: InstallationConfig;
  isAdministrator(who: {
    readonly username: string;
    readonly password: string;
    readonly household: string;
  }): Promise<boolean>;
  /** None where the installation does not say any. */
  iceServers(clientId: string): readonly GroupIceServer[];
  /** Hears the name of each group whose file changed, came or went: it concerns all that it is `definedBy`. */
  onChanged(listener: (name: string) => void): () => void;
  close(): void;
}
