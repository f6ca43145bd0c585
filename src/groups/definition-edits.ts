import type { GroupPart, PartReading } from '../core/administration.ts';
import { checkPassword, userNames, userOf, withoutUser, withPassword, withUser } from './defined-users.ts';
import type { Edit, StoredDefinition } from './definition-editor.ts';
import { sanitised, withDescription, withKeys } from './definition-parts.ts';
import { type RawDefinition, rawOf } from './raw-definition.ts';

/** What is in a group's file. */
export type DefinitionPart = Exclude<GroupPart, { kind: 'groups' | 'statistics' | 'tokens' | 'token' }>;

/** A part of a definition, as its administrators read it. */
export function readingOf(part: DefinitionPart, { tag, raw, problem }: StoredDefinition): PartReading {
  if (problem !== '' || !raw) return { kind: 'unreadable', problem };
  const value = valueIn(part, raw);
  return value === undefined ? { kind: 'absent' } : { kind: 'read', value, tag };
}

function valueIn(part: DefinitionPart, raw: RawDefinition): unknown {
  switch (part.kind) {
    case 'group':
      return sanitised(raw);
    case 'users':
      return userNames(raw);
    case 'user':
      return userOf(raw, part.user);
    default:
      // Keys and passwords are written, never read.
      return undefined;
  }
}

/** Whether there is such a part in a definition; nothing for one that is no JSON. */
export function isThere(part: DefinitionPart, raw: RawDefinition | undefined): boolean {
  const isOfUser = part.kind === 'user' || part.kind === 'password';
  return !isOfUser || (raw !== undefined && userOf(raw, part.user) !== undefined);
}

/** `body` is JSON. */
export function editTo(part: DefinitionPart, body: unknown): Edit {
  switch (part.kind) {
    case 'group':
      return (before) => withDescription(before ?? rawOf({}), body);
    case 'keys':
      return (before) => before && withKeys(before, body);
    case 'user':
      return (before) => before && withUser(before, part.user, body);
    case 'password':
      return (before) => {
        checkPassword(body);
        return before && withPassword(before, part.user, body);
      };
    default:
      return () => undefined;
  }
}

export function editWithout(part: DefinitionPart): Edit | 'remove' {
  switch (part.kind) {
    case 'group':
      return 'remove';
    case 'keys':
      return (before) => before && withKeys(before, { keys: [] });
    case 'user':
      return (before) => before && withoutUser(before, part.user);
    case 'password':
      return (before) => before && withPassword(before, part.user, undefined);
    default:
      return () => undefined;
  }
}
