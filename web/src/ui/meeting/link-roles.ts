/** What those who come by an invite link can do; each what the one before can, too. */
export const LINK_ROLES = {
  observer: [],
  writer: ['message'],
  presenter: ['present', 'message'],
  operator: ['op', 'present', 'message', 'caption', 'token'],
} as const satisfies Record<string, readonly string[]>;

export type LinkRole = keyof typeof LINK_ROLES;

export const ROLE_NAMES = ['observer', 'writer', 'presenter', 'operator'] as const satisfies readonly LinkRole[];

/** Of a link that somebody made, here or with another client. */
export function roleOf(permissions: readonly string[]): LinkRole | 'other' {
  const same = (role: LinkRole) => {
    const words: readonly string[] = LINK_ROLES[role];
    return words.length === permissions.length && words.every((word) => permissions.includes(word));
  };
  return ROLE_NAMES.find(same) ?? 'other';
}

/** One can give away what one has: the server refuses the rest. */
export function rolesWithin(permissions: readonly string[]): readonly LinkRole[] {
  return ROLE_NAMES.filter((role) => LINK_ROLES[role].every((word: string) => permissions.includes(word)));
}
