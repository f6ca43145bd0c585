import type { GroupToken, TokenTimes } from '../port.ts';
import type { Database } from './database.ts';
import { flag, integer, optionalInteger, optionalText, type Row, text, textList } from './row.ts';

const PUT = `
  INSERT OR REPLACE INTO group_tokens
    (token, group_name, include_subgroups, username, permissions, expires, not_before, issued_at, issued_by)
  VALUES (:token, :group, :includeSubgroups, :username, :permissions, :expires, :notBefore, :issuedAt, :issuedBy)`;

const OTHERS = 'SELECT count(*) AS count FROM group_tokens WHERE group_name = :group AND token <> :token';

const REMOVE_OLDEST = `
  DELETE FROM group_tokens WHERE token = (
    SELECT token FROM group_tokens
    WHERE group_name = :group AND ifnull(expires, 0) < :now AND token <> :token
    ORDER BY ifnull(expires, 0), token LIMIT 1
  )`;

/** Returns whether there was room. */
export function putGroupToken(
  database: Database,
  token: GroupToken,
  { limit, now }: { readonly limit: number; readonly now: number },
): boolean {
  const key = { group: token.group, token: token.token };
  return database.transaction(() => {
    const others = database.get(OTHERS, key);
    const isFull = others !== undefined && integer(others, 'count') >= limit;
    if (isFull && database.run(REMOVE_OLDEST, { ...key, now }) === 0) return false;
    put(database, token);
    return true;
  });
}

function put(database: Database, token: GroupToken): void {
  const { username = null, expires = null, notBefore = null, issuedAt = null, issuedBy = null } = token;
  database.run(PUT, {
    token: token.token,
    group: token.group,
    includeSubgroups: token.includeSubgroups ? 1 : 0,
    username,
    permissions: JSON.stringify(token.permissions),
    expires,
    notBefore,
    issuedAt,
    issuedBy,
  });
}

export function groupToken(database: Database, token: string): GroupToken | undefined {
  const row = database.get('SELECT * FROM group_tokens WHERE token = :token', { token });
  return row && tokenOf(row);
}

export function editGroupToken(database: Database, token: string, times: TokenTimes): GroupToken | undefined {
  return database.transaction(() => {
    const known = groupToken(database, token);
    if (!known) return undefined;
    const edited = { ...known, ...times };
    put(database, edited);
    return edited;
  });
}

const OF_GROUP = 'SELECT * FROM group_tokens WHERE group_name = :group ORDER BY ifnull(expires, 0), token';

export function groupTokens(database: Database, group: string): GroupToken[] {
  return database.all(OF_GROUP, { group }).map(tokenOf);
}

export function removeGroupToken(database: Database, token: string): boolean {
  return database.run('DELETE FROM group_tokens WHERE token = :token', { token }) > 0;
}

export function expireGroupTokens(database: Database, before: number): number {
  return database.run('DELETE FROM group_tokens WHERE expires < :before', { before });
}

function tokenOf(row: Row): GroupToken {
  const username = optionalText(row, 'username');
  const expires = optionalInteger(row, 'expires');
  const notBefore = optionalInteger(row, 'not_before');
  const issuedAt = optionalInteger(row, 'issued_at');
  const issuedBy = optionalText(row, 'issued_by');
  return {
    token: text(row, 'token'),
    group: text(row, 'group_name'),
    includeSubgroups: flag(row, 'include_subgroups'),
    ...(username === undefined ? {} : { username }),
    permissions: textList(row, 'permissions'),
    ...(expires === undefined ? {} : { expires }),
    ...(notBefore === undefined ? {} : { notBefore }),
    ...(issuedAt === undefined ? {} : { issuedAt }),
    ...(issuedBy === undefined ? {} : { issuedBy }),
  };
}
