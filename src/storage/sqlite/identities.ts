import { nameKey } from '../../core/name.ts';
import type { Invitation, StoredIdentity } from '../port.ts';
import type { Database } from './database.ts';
import { flag, integer, optionalText, text, word } from './row.ts';

const PUT_IDENTITY = `
  INSERT INTO identities (id, name, name_key, owns_name, operator, created_at, tokens_revoked_at, password_hash)
  VALUES (:id, :name, :nameKey, :ownsName, :operator, :createdAt, :tokensRevokedAt, :passwordHash)
  ON CONFLICT (id) DO UPDATE SET name = excluded.name, name_key = excluded.name_key, owns_name = excluded.owns_name,
    operator = excluded.operator, created_at = excluded.created_at, password_hash = excluded.password_hash,
    tokens_revoked_at = max(tokens_revoked_at, excluded.tokens_revoked_at)`;

export function putIdentity(database: Database, identity: StoredIdentity): void {
  const { id, name, operator, ownsName, createdAt, tokensRevokedAt, passwordHash = null } = identity;
  database.run(PUT_IDENTITY, {
    id,
    name,
    nameKey: nameKey(name),
    ownsName: ownsName ? 1 : 0,
    operator: operator ? 1 : 0,
    createdAt,
    tokensRevokedAt,
    passwordHash,
  });
}

/** Returns whether nobody else owned the name. */
export function claimName(database: Database, identity: StoredIdentity): boolean {
  return database.transaction(() => {
    const key = nameKey(identity.name);
    const owner = nameOwners(database, [key]).get(key);
    if (owner !== undefined && owner !== identity.id) return false;
    putIdentity(database, identity);
    return true;
  });
}

const IDENTITY = 'SELECT * FROM identities WHERE id = :id';

export function storedIdentity(database: Database, id: string): StoredIdentity | undefined {
  const row = database.get(IDENTITY, { id });
  if (!row) return undefined;
  const passwordHash = optionalText(row, 'password_hash');
  return {
    id: text(row, 'id'),
    name: text(row, 'name'),
    operator: flag(row, 'operator'),
    ownsName: flag(row, 'owns_name'),
    createdAt: integer(row, 'created_at'),
    tokensRevokedAt: integer(row, 'tokens_revoked_at'),
    ...(passwordHash === undefined ? {} : { passwordHash }),
  };
}

/** The oldest owner of each name first. */
export const NAME_OWNERS = `
  SELECT name_key, id FROM identities
  WHERE owns_name = 1 AND name_key IN (SELECT value FROM json_each(:names))
  ORDER BY name_key, created_at, id`;

export function nameOwners(database: Database, names: readonly string[]): Map<string, string> {
  const owners = new Map<string, string>();
  for (const row of database.all(NAME_OWNERS, { names: JSON.stringify(names) })) {
    const key = text(row, 'name_key');
    if (!owners.has(key)) owners.set(key, text(row, 'id'));
  }
  return owners;
}

const PUT_INVITATION = `
  INSERT INTO invitations (token_hash, role, uses_left, created_by, created_at, expires_at)
  VALUES (:tokenHash, :role, :usesLeft, :createdBy, :createdAt, :expiresAt)
  ON CONFLICT (token_hash) DO UPDATE SET role = excluded.role, uses_left = excluded.uses_left,
    created_by = excluded.created_by, created_at = excluded.created_at, expires_at = excluded.expires_at`;

export function putInvitation(database: Database, invitation: Invitation): void {
  const { tokenHash, role, usesLeft, createdBy, createdAt, expiresAt } = invitation;
  database.run(PUT_INVITATION, { tokenHash, role, usesLeft, createdBy, createdAt, expiresAt });
}

const REDEEM = `
  UPDATE invitations SET uses_left = uses_left - 1
  WHERE token_hash = :tokenHash AND uses_left > 0 AND expires_at > :now
  RETURNING *`;

export function redeemInvitation(database: Database, tokenHash: string, now: number): Invitation | undefined {
  const row = database.get(REDEEM, { tokenHash, now });
  if (!row) return undefined;
  return {
    tokenHash: text(row, 'token_hash'),
    role: word(row, 'role', ['operator', 'guest']),
    usesLeft: integer(row, 'uses_left'),
    createdBy: text(row, 'created_by'),
    createdAt: integer(row, 'created_at'),
    expiresAt: integer(row, 'expires_at'),
  };
}

const SECRET = 'SELECT value FROM secrets WHERE name = :name';
const PUT_SECRET = 'INSERT INTO secrets (name, value) VALUES (:name, :value) ON CONFLICT DO NOTHING';

/** Reads it back after making it: another process may have been faster. */
export function secret(database: Database, name: string, make: () => string): string {
  const stored = database.get(SECRET, { name });
  if (stored) return text(stored, 'value');
  database.run(PUT_SECRET, { name, value: make() });
  return text(database.get(SECRET, { name }) ?? {}, 'value');
}
