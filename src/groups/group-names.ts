import { cleanName, nameKey } from '../core/name.ts';

/** Longer and deeper names are nobody's: each part of one is looked for on disk. */
const MAX_GROUP_NAME = 256;
const MAX_DEPTH = 16;
const MAX_USERNAME = 256;

/**
 * Whether it could be the name of a group: a path below the groups' folder, as `spec/galene.md` 4.1 has it. Parts that
 * begin with a dot are nobody's either, whatever lies on disk: over HTTP they are endpoints of the group before them.
 */
export function isGroupName(name: string): boolean {
  const parts = name.split('/');
  if (name.length > MAX_GROUP_NAME || parts.length > MAX_DEPTH) return false;
  return isPath(name) && !parts.some((part) => part.startsWith('.'));
}

/** `spec/galene.md` 4.1: empty, or as the name of a group. */
export function isUsername(name: string): boolean {
  return name === '' || (name.length <= MAX_USERNAME && isPath(name));
}

function isPath(name: string): boolean {
  if (/[\\\p{Cc}\p{Cs}]/u.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** `a/b/c`, `a/b`, `a`. */
export function withAncestors(name: string): readonly string[] {
  const parts = name.split('/');
  return parts.map((_, index) => parts.slice(0, parts.length - index).join('/'));
}

/** Names that a room takes for the same: it tidies them, and ignores the case of letters. */
export function usernameKey(name: string): string {
  return nameKey(cleanName(name));
}
