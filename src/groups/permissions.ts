import type { Permission } from '../core/permission.ts';

/** The sets that a definition may name (`spec/galene.md` 4.3). `admin` is for the management API: it opens no mouth. */
const SETS = {
  op: ['op', 'present', 'message', 'caption', 'token'],
  present: ['present', 'message'],
  message: ['message'],
  observe: [],
  caption: ['caption'],
  admin: ['admin'],
} as const satisfies Readonly<Record<string, readonly Permission[]>>;

export type PermissionSet = keyof typeof SETS;

/** A named set, or words as they were given; only a named set is extended by what the group allows. */
export type PermissionGrant = PermissionSet | readonly string[];

/** What a definition says about the extensions of named sets. */
export interface Extensions {
  readonly allowRecording: boolean;
  readonly unrestrictedTokens: boolean;
}

const KNOWN: ReadonlySet<string> = new Set<Permission>([
  'message',
  'present',
  'op',
  'caption',
  'record',
  'token',
  'admin',
]);

export function isPermissionSet(word: string): word is PermissionSet {
  return Object.hasOwn(SETS, word);
}

/** What somebody with this grant may do from their login on. */
export function permissionsOf(grant: PermissionGrant, extensions: Extensions): ReadonlySet<Permission> {
  if (typeof grant !== 'string') return knownPermissions(grant);
  const permissions = new Set<Permission>(SETS[grant]);
  if (grant === 'op' && extensions.allowRecording) permissions.add('record');
  if (grant === 'present' && extensions.unrestrictedTokens) permissions.add('token');
  return permissions;
}

/** Words that mean nothing to us give nothing; `system` is the recorder's own, and nobody's to give. */
export function knownPermissions(words: readonly string[]): ReadonlySet<Permission> {
  return new Set(words.filter((word): word is Permission => KNOWN.has(word)));
}
