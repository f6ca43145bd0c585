import type { GroupToken } from '../storage/port.ts';
import { Fields, type Reading, reading } from './fields.ts';
import { timeText } from './time.ts';

/** A token as a line of `tokens.jsonl` has it (`spec/galene.md` 4.6). Fields that we do not know are no matter. */
export function parseTokenLine(line: string): Reading<GroupToken> {
  return reading(line, tokenOf);
}

/** The same of JSON that was parsed already. Throws `FieldProblem`. */
export function tokenOf(content: unknown): GroupToken {
  const fields = new Fields(content);
  const username = fields.text('username');
  const expires = fields.time('expires');
  const notBefore = fields.time('not-before');
  const issuedAt = fields.time('issuedAt');
  const issuedBy = fields.text('issuedBy');
  return {
    token: fields.text('token') ?? '',
    group: fields.text('group') ?? '',
    includeSubgroups: fields.flag('includeSubgroups'),
    ...(username ? { username } : {}),
    permissions: fields.words('permissions'),
    ...(expires === undefined ? {} : { expires }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(issuedBy ? { issuedBy } : {}),
  };
}

/** The fields of a token, as files and wires have them. */
export function tokenFields(token: GroupToken): Readonly<Record<string, unknown>> {
  const { expires, notBefore, issuedAt } = token;
  return {
    token: token.token,
    group: token.group,
    ...(token.includeSubgroups ? { includeSubgroups: true } : {}),
    ...(token.username === undefined ? {} : { username: token.username }),
    permissions: token.permissions,
    ...(expires === undefined ? {} : { expires: timeText(expires) }),
    ...(notBefore === undefined ? {} : { 'not-before': timeText(notBefore) }),
    ...(issuedAt === undefined ? {} : { issuedAt: timeText(issuedAt) }),
    ...(token.issuedBy === undefined ? {} : { issuedBy: token.issuedBy }),
  };
}
