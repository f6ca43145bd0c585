import type { CodecName } from '../media/port.ts';
import type { GroupKey } from './keys.ts';
import type { GroupPassword } from './password.ts';
import type { PermissionGrant } from './permissions.ts';

/** What a group's definition says (`spec/galene.md` 4.2), whichever form it was written in. */
export interface GroupDescription {
  readonly displayName: string;
  readonly description: string;
  readonly contact: string;
  readonly comment: string;
  readonly isPublic: boolean;
  /** Where all who come are sent instead; an absolute URL. */
  readonly redirect?: string;
  /** 0 is no limit. */
  readonly maxClients: number;
  readonly maxHistoryMs: number;
  /** Milliseconds since 1970. */
  readonly notBefore?: number;
  readonly expires?: number;
  readonly allowRecording: boolean;
  readonly unrestrictedTokens: boolean;
  readonly autoSubgroups: boolean;
  readonly autolock: boolean;
  readonly autokick: boolean;
  readonly codecs: readonly CodecName[];
  readonly authKeys: readonly GroupKey[];
  readonly authServer?: string;
  readonly authPortal?: string;
  /** Several of one name, with different passwords, come from definitions of the old form. */
  readonly users: readonly GroupUser[];
  /** Whoever bears none of these names. */
  readonly wildcardUser?: Login;
}

/** A password, and what it gives. Without a password nobody comes in. */
export interface Login {
  readonly password?: GroupPassword;
  readonly permissions: PermissionGrant;
}

export interface GroupUser extends Login {
  readonly name: string;
}

export type ParsedDescription =
  | { readonly kind: 'description'; readonly description: GroupDescription; readonly warnings: readonly string[] }
  /** One line, which begins with the field. */
  | { readonly kind: 'invalid'; readonly problem: string };

/** Never throws. */
export function parseDescription(_text: string): ParsedDescription {
  return { kind: 'invalid', problem: 'not written yet' };
}
