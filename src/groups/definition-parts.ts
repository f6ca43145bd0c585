import { FieldProblem, oneWord } from './fields.ts';
import { fieldOf, fieldsIn, objectOf, type RawDefinition, withField } from './raw-definition.ts';

/** What a definition says of the group itself, in the order in which it is told (`spec/galene.md` 4.2). */
const DESCRIPTION = [
  'displayName',
  'description',
  'contact',
  'comment',
  'redirect',
  'public',
  'max-clients',
  'max-history-age',
  'not-before',
  'expires',
  'allow-recording',
  'unrestricted-tokens',
  'auto-subgroups',
  'autolock',
  'autokick',
  'codecs',
  'authServer',
  'authPortal',
] as const;

/** What has a place of its own: whoever sends it with a description means something else (3.5). */
const ELSEWHERE = ['users', 'wildcard-user', 'authKeys', 'op', 'presenter', 'other'] as const;

/** Of a file whose description is replaced; what is replaced keeps its place. */
const KEPT: readonly string[] = [...ELSEWHERE, ...DESCRIPTION];

/** Without users and keys: nothing in it is secret. */
export function sanitised(raw: RawDefinition): Readonly<Record<string, unknown>> {
  const fields = DESCRIPTION.flatMap((name): [string, unknown][] => {
    const value = said(raw, name);
    return isNothing(value) ? [] : [[name, value]];
  });
  return Object.fromEntries(fields);
}

/** Another description for the same users and keys. Throws {@link FieldProblem}; fields that nobody knows are dropped. */
export function withDescription(raw: RawDefinition, body: unknown): RawDefinition {
  const order = fieldsIn(body, '');
  const odd = ELSEWHERE.find((name) => fieldOf(order, name) !== undefined);
  if (odd !== undefined) throw new FieldProblem(odd, 'is not changed here');
  const kept: RawDefinition = new Map([...raw].filter(([field]) => isOneOf(KEPT, field)));
  return DESCRIPTION.reduce((before, name) => {
    const value = said(order, name);
    return withField(before, name, isNothing(value) ? undefined : value);
  }, kept);
}

function isOneOf(names: readonly string[], field: string): boolean {
  return names.some((name) => name.toLowerCase() === field.toLowerCase());
}

/** Those of a set as RFC 7517 has it; an empty one removes them. */
export function withKeys(raw: RawDefinition, body: unknown): RawDefinition {
  const keys = fieldOf(fieldsIn(body, ''), 'keys');
  if (!Array.isArray(keys)) throw new FieldProblem('keys', 'must be a list');
  return withField(raw, 'authKeys', keys.length === 0 ? undefined : keys);
}

/** The original leaves out what it takes for nothing; so do we. */
function isNothing(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  return value === undefined || value === '' || value === false || value === 0;
}

function said(raw: RawDefinition, name: (typeof DESCRIPTION)[number]): unknown {
  const value = fieldOf(raw, name);
  return name === 'auto-subgroups' ? value || fieldOf(raw, 'allow-subgroups') || value : value;
}

/** The lists of the old form, and what they give. */
const OLD_LISTS = { op: 'op', presenter: 'present', other: 'message' } as const;

/**
 * With users as they are written today: a definition of the old form has lists, and the original reads none that has
 * both. Of several entries of one name the first counts; the others were other passwords, for which there is no place.
 */
export function withUsersOfToday(raw: RawDefinition): RawDefinition {
  const lists = Object.keys(OLD_LISTS).filter((name) => fieldOf(raw, name) !== undefined);
  if (lists.length === 0) return raw;
  const users = new Map(fieldsIn(fieldOf(raw, 'users') ?? {}, 'users'));
  let anybody = fieldOf(raw, 'wildcard-user');
  for (const { name, login } of oldLogins(raw)) {
    if (name === '') anybody ??= login;
    else if (!users.has(name)) users.set(name, login);
  }
  const bare = lists.reduce((before, name) => withField(before, name, undefined), raw);
  const named = withField(bare, 'users', users.size === 0 ? undefined : objectOf(users));
  return withField(named, 'wildcard-user', anybody);
}

function oldLogins(raw: RawDefinition): readonly { readonly name: string; readonly login: object }[] {
  return Object.entries(OLD_LISTS).flatMap(([list, permissions]) => {
    const entries = fieldOf(raw, list) ?? [];
    if (!Array.isArray(entries)) throw new FieldProblem(list, 'must be a list');
    return entries.map((entry: unknown, index) => {
      const fields = fieldsIn(entry, `${list}[${index}]`);
      const name = fieldOf(fields, 'username') ?? '';
      if (typeof name !== 'string') throw new FieldProblem(`${list}[${index}].username`, 'must be a text');
      return { name, login: { password: fieldOf(fields, 'password') ?? { type: 'wildcard' }, permissions } };
    });
  });
}

/** For messages. */
export function userPath(name: string): string {
  return `users.${oneWord(name)}`;
}
