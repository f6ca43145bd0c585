/** A group's name: a path without empty parts, dots or backslashes (`spec/galene.md` 4.1). */
export function isGroupName(name: string): boolean {
  if (name.length > 256 || /[\\\p{Cc}]/u.test(name)) return false;
  return name.split('/').every((part) => part !== '' && part !== '.' && part !== '..');
}

/** As it is in an address. */
export function pathOfGroup(name: string): string {
  return name.split('/').map(encodeURIComponent).join('/');
}

/** Clients of before 0.4.1 take their page's path for it, slash and all (1.15). */
export function withoutSlash(name: string): string {
  return name.endsWith('/') ? name.slice(0, -1) : name;
}
