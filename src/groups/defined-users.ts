import type { DefinedUser } from '../core/administration.ts';
import { userPath, withUsersOfToday } from './definition-parts.ts';
import { FieldProblem } from './fields.ts';
import { isUsername } from './group-names.ts';
import { parsePassword } from './password.ts';
import { fieldOf, fieldsIn, objectOf, type RawDefinition, rawOf, withField } from './raw-definition.ts';

/** The users of a definition, one by one (`spec/galene.md` 3.5). All throw {@link FieldProblem} where it makes no sense. */
export function userNames(raw: RawDefinition): readonly string[] {
  return [...usersIn(withUsersOfToday(raw)).keys()].sort();
}

/** Without the password: what they may do, as it was written. Nothing where there is none. */
export function userOf(raw: RawDefinition, user: DefinedUser): { readonly permissions?: unknown } | undefined {
  const entry = entryOf(withUsersOfToday(raw), user);
  if (entry === undefined) return undefined;
  const permissions = fieldOf(entry, 'permissions');
  return permissions === undefined ? {} : { permissions };
}

/** Another right for somebody, or somebody new, who has no password yet. */
export function withUser(raw: RawDefinition, user: DefinedUser, body: unknown): RawDefinition {
  const order = fieldsIn(body, '');
  if (fieldOf(order, 'password') !== undefined) throw new FieldProblem('password', 'is not changed here');
  if (user.kind === 'named' && !isUsername(user.name)) throw new FieldProblem('users', 'this cannot be a username');
  const before = withUsersOfToday(raw);
  const entry = entryOf(before, user) ?? rawOf({});
  return withEntry(before, user, withField(entry, 'permissions', fieldOf(order, 'permissions')));
}

/** As a definition has it, or none: then nobody comes in by this name. Nothing where there is no such user. */
export function withPassword(raw: RawDefinition, user: DefinedUser, password: unknown): RawDefinition | undefined {
  const before = withUsersOfToday(raw);
  const entry = entryOf(before, user);
  return entry && withEntry(before, user, withField(entry, 'password', password));
}

/** Nothing where there is no such user. */
export function withoutUser(raw: RawDefinition, user: DefinedUser): RawDefinition | undefined {
  const before = withUsersOfToday(raw);
  return entryOf(before, user) && withEntry(before, user, undefined);
}

/** Throws {@link FieldProblem} for one by which nobody could come in. */
export function checkPassword(value: unknown): void {
  const refuse = (problem: string) => {
    throw new FieldProblem('password', problem.replace(/^password: |; nobody can .*$/g, ''));
  };
  if (parsePassword(value, 'password', refuse) === undefined) throw new FieldProblem('password', 'is empty');
}

function usersIn(raw: RawDefinition): RawDefinition {
  return fieldsIn(fieldOf(raw, 'users') ?? {}, 'users');
}

function entryOf(raw: RawDefinition, user: DefinedUser): RawDefinition | undefined {
  if (user.kind === 'wildcard') {
    const entry = fieldOf(raw, 'wildcard-user');
    return entry === undefined ? undefined : fieldsIn(entry, 'wildcard-user');
  }
  const users = usersIn(raw);
  return users.has(user.name) ? fieldsIn(users.get(user.name) ?? {}, userPath(user.name)) : undefined;
}

function withEntry(raw: RawDefinition, user: DefinedUser, entry: RawDefinition | undefined): RawDefinition {
  const content = entry && objectOf(entry);
  if (user.kind === 'wildcard') return withField(raw, 'wildcard-user', content);
  const users = new Map(usersIn(raw));
  if (content === undefined) users.delete(user.name);
  else users.set(user.name, content);
  return withField(raw, 'users', users.size === 0 ? undefined : objectOf(users));
}
