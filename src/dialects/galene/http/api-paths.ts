import type { DefinedUser, GroupPart } from '../../../core/administration.ts';

const ROOT = '/galene-api/v0/';

/** What an address of the management API is of (`spec/galene.md` 3.5); nothing where it is of nothing that there could be. */
export function partAt(path: string): GroupPart | undefined {
  const parts = partsOf(path);
  if (parts?.[0] === '.stats' && parts.length === 1) return { kind: 'statistics' };
  if (parts?.[0] !== '.groups') return undefined;
  const names = parts.slice(1);
  if (names.length === 0) return { kind: 'groups' };
  // A name of a group has no part that begins with a dot.
  const dot = names.findIndex((name) => name.startsWith('.'));
  const group = (dot < 0 ? names : names.slice(0, dot)).join('/');
  if (dot < 0) return { kind: 'group', group };
  const [kind = '', ...rest] = names.slice(dot);
  return group === '' && kind !== '.tokens' ? undefined : partOf({ group, kind, rest });
}

interface Place {
  readonly group: string;
  readonly kind: string;
  readonly rest: readonly string[];
}

function partOf({ group, kind, rest }: Place): GroupPart | undefined {
  const [first, ...more] = rest;
  switch (kind) {
    case '.keys':
      return first === undefined ? { kind: 'keys', group } : undefined;
    case '.users':
      return first === undefined ? { kind: 'users', group } : namedUser(group, rest);
    case '.empty-user':
      return ofUser(group, { kind: 'named', name: '' }, rest);
    case '.wildcard-user':
      return ofUser(group, { kind: 'wildcard' }, rest);
    case '.tokens':
      if (first === undefined) return { kind: 'tokens', group };
      return more.length === 0 ? { kind: 'token', group, token: first } : undefined;
    default:
      return undefined;
  }
}

/** A username may have slashes in it, like a group's. */
function namedUser(group: string, rest: readonly string[]): GroupPart | undefined {
  const dot = rest.findIndex((part) => part.startsWith('.'));
  const name = (dot < 0 ? rest : rest.slice(0, dot)).join('/');
  return name === '' ? undefined : ofUser(group, { kind: 'named', name }, dot < 0 ? [] : rest.slice(dot));
}

function ofUser(group: string, user: DefinedUser, rest: readonly string[]): GroupPart | undefined {
  if (rest.length === 0) return { kind: 'user', group, user };
  return rest.length === 1 && rest[0] === '.password' ? { kind: 'password', group, user } : undefined;
}

/** Without a slash at the end, which may be there or not. Slashes that are escaped are slashes. */
function partsOf(path: string): readonly string[] | undefined {
  const decoded = decode(path);
  if (!decoded?.startsWith(ROOT)) return undefined;
  return decoded.slice(ROOT.length).replace(/\/$/, '').split('/');
}

function decode(path: string): string | undefined {
  try {
    return decodeURIComponent(path);
  } catch {
    return undefined;
  }
}
