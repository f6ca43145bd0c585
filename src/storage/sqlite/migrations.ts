import { StorageError } from '../storage-error.ts';
import type { Database } from './database.ts';
import { integer } from './row.ts';

export interface Migration {
  /** 1, 2, 3 …; the last one applied is in `PRAGMA user_version`. */
  readonly version: number;
  readonly sql: string;
}

/**
 * Never edited once released: a change of the schema is a new entry.
 *
 * Every index of a table with an integer primary key ends with that key, so that an index by (room, channel) yields a
 * channel's messages in order of their ids. The partial ones hold only what is ever asked for.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    version: 1,
    sql: `
      CREATE TABLE counters (
        name TEXT PRIMARY KEY,
        value INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;
      -- The highest id of a retracted message: its row is gone, its id must not be given out again.
      INSERT INTO counters VALUES ('last-retracted-id', 0);

      CREATE TABLE attachments (
        id TEXT PRIMARY KEY,
        media_type TEXT NOT NULL,
        width INTEGER NOT NULL,
        height INTEGER NOT NULL,
        byte_length INTEGER NOT NULL,
        at INTEGER NOT NULL,
        named INTEGER NOT NULL DEFAULT 0
      ) STRICT;
      CREATE INDEX attachments_unnamed ON attachments (at) WHERE named = 0;

      -- Apart, so that pages of messages and sweeps do not have to step over the bytes.
      CREATE TABLE attachment_bytes (
        attachment_id TEXT PRIMARY KEY REFERENCES attachments (id) ON DELETE CASCADE,
        bytes BLOB NOT NULL
      ) STRICT;

      CREATE TABLE messages (
        id INTEGER PRIMARY KEY,
        room TEXT NOT NULL,
        channel TEXT,
        author_identity TEXT NOT NULL,
        author_name TEXT NOT NULL,
        author_key TEXT NOT NULL,
        recipient_identity TEXT,
        recipient_name TEXT,
        recipient_key TEXT,
        text TEXT,
        attachment_id TEXT REFERENCES attachments (id),
        file_name TEXT,
        at INTEGER NOT NULL,
        client_id TEXT,
        shadow INTEGER NOT NULL,
        CONSTRAINT in_channel_or_direct CHECK ((channel IS NULL) = (recipient_identity IS NOT NULL)),
        CONSTRAINT text_or_image CHECK ((text IS NULL) = (attachment_id IS NOT NULL))
      ) STRICT;
      CREATE INDEX messages_in_channel ON messages (room, channel) WHERE channel IS NOT NULL AND shadow = 0;
      CREATE INDEX messages_sent ON messages (room, author_identity, recipient_key) WHERE recipient_key IS NOT NULL;
      CREATE INDEX messages_received ON messages (room, recipient_identity, author_key)
        WHERE recipient_identity IS NOT NULL AND shadow = 0;
      CREATE UNIQUE INDEX messages_by_client_id ON messages (room, author_identity, client_id)
        WHERE client_id IS NOT NULL;
      CREATE INDEX messages_by_attachment ON messages (attachment_id) WHERE attachment_id IS NOT NULL;

      -- emoji_position: where this emoji stands among the message's, also after the first who used it took it back.
      CREATE TABLE reactions (
        message_id INTEGER NOT NULL REFERENCES messages (id) ON DELETE CASCADE,
        emoji TEXT NOT NULL,
        identity_id TEXT NOT NULL,
        name TEXT NOT NULL,
        emoji_position INTEGER NOT NULL,
        position INTEGER NOT NULL,
        PRIMARY KEY (message_id, emoji, identity_id)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE sanctions (
        id TEXT PRIMARY KEY,
        room TEXT NOT NULL,
        name TEXT NOT NULL,
        identity_id TEXT,
        reason TEXT NOT NULL,
        imposed_by TEXT NOT NULL,
        at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX sanctions_in_force ON sanctions (room, expires_at);

      CREATE TABLE relations (
        room TEXT NOT NULL,
        identity_id TEXT NOT NULL,
        kind TEXT NOT NULL,
        name_key TEXT NOT NULL,
        PRIMARY KEY (room, identity_id, kind, name_key)
      ) STRICT, WITHOUT ROWID;

      CREATE TABLE identities (
        id TEXT PRIMARY KEY,
        name TEXT NOT NULL,
        operator INTEGER NOT NULL,
        created_at INTEGER NOT NULL
      ) STRICT;
      CREATE INDEX identities_operators ON identities (operator) WHERE operator = 1;

      CREATE TABLE invitations (
        token_hash TEXT PRIMARY KEY,
        role TEXT NOT NULL,
        uses_left INTEGER NOT NULL,
        created_by TEXT NOT NULL,
        created_at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL
      ) STRICT;

      CREATE TABLE secrets (
        name TEXT PRIMARY KEY,
        value TEXT NOT NULL
      ) STRICT, WITHOUT ROWID;
    `,
  },
  {
    version: 2,
    sql: `
      -- What removed messages leave behind, so that one which its author sends again is not posted again.
      CREATE TABLE tombstones (
        room TEXT NOT NULL,
        identity_id TEXT NOT NULL,
        client_id TEXT NOT NULL,
        message_id INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (room, identity_id, client_id)
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX tombstones_by_age ON tombstones (at);

      -- To erase somebody's direct messages: what messages_sent and messages_received do not find.
      CREATE INDEX messages_kept_back ON messages (room, recipient_identity)
        WHERE recipient_identity IS NOT NULL AND shadow = 1;
      CREATE INDEX messages_by_author_name ON messages (room, author_key) WHERE recipient_key IS NOT NULL;
      CREATE INDEX messages_by_recipient_name ON messages (room, recipient_key) WHERE recipient_key IS NOT NULL;
      CREATE INDEX messages_direct_by_age ON messages (at) WHERE recipient_key IS NOT NULL;
      CREATE INDEX messages_in_channels_by_age ON messages (at) WHERE channel IS NOT NULL;

      -- Made anew: a column cannot lose its NOT NULL. In their order, which says which of one moment came first.
      CREATE TABLE new_sanctions (
        id TEXT PRIMARY KEY,
        room TEXT NOT NULL,
        name TEXT,
        identity_id TEXT,
        addresses TEXT,
        reason TEXT NOT NULL,
        imposed_by TEXT NOT NULL,
        at INTEGER NOT NULL,
        expires_at INTEGER NOT NULL,
        CONSTRAINT of_somebody CHECK (name IS NOT NULL OR addresses IS NOT NULL)
      ) STRICT;
      INSERT INTO new_sanctions (id, room, name, identity_id, reason, imposed_by, at, expires_at)
        SELECT id, room, name, identity_id, reason, imposed_by, at, expires_at FROM sanctions ORDER BY rowid;
      DROP TABLE sanctions;
      ALTER TABLE new_sanctions RENAME TO sanctions;
      CREATE INDEX sanctions_in_force ON sanctions (room, expires_at);

      -- name_key: '' until the identity is put again, which is when it may come to own its name.
      ALTER TABLE identities ADD COLUMN name_key TEXT NOT NULL DEFAULT '';
      ALTER TABLE identities ADD COLUMN owns_name INTEGER NOT NULL DEFAULT 0;
      ALTER TABLE identities ADD COLUMN tokens_revoked_at INTEGER NOT NULL DEFAULT 0;
      CREATE INDEX identities_owned_names ON identities (name_key, created_at, id) WHERE owns_name = 1;
      DROP INDEX identities_operators;

      -- names: a JSON array, as it is put and read as a whole.
      CREATE TABLE blocklists (
        name_key TEXT PRIMARY KEY,
        names TEXT NOT NULL
      ) STRICT;
    `,
  },
  {
    version: 3,
    sql: `
      ALTER TABLE identities ADD COLUMN password_hash TEXT;

      CREATE TABLE rooms (
        name TEXT PRIMARY KEY,
        title TEXT NOT NULL,
        password_hash TEXT,
        guest_limit INTEGER NOT NULL,
        public INTEGER NOT NULL,
        created_at INTEGER NOT NULL,
        active_at INTEGER NOT NULL
      ) STRICT, WITHOUT ROWID;

      -- Made while the server ran; of configured rooms too. welcome: a JSON array.
      CREATE TABLE channels (
        position INTEGER PRIMARY KEY,
        room TEXT NOT NULL,
        id TEXT NOT NULL,
        name TEXT NOT NULL,
        icon TEXT NOT NULL,
        description TEXT NOT NULL,
        welcome TEXT NOT NULL,
        vip INTEGER NOT NULL,
        photos INTEGER NOT NULL,
        newcomer_messages INTEGER NOT NULL,
        UNIQUE (room, id)
      ) STRICT;
    `,
  },
  {
    version: 4,
    sql: `
      -- permissions: a JSON array. An absent time of expiry is one that has passed.
      CREATE TABLE group_tokens (
        token TEXT PRIMARY KEY,
        group_name TEXT NOT NULL,
        include_subgroups INTEGER NOT NULL,
        username TEXT,
        permissions TEXT NOT NULL,
        expires INTEGER,
        not_before INTEGER,
        issued_at INTEGER,
        issued_by TEXT
      ) STRICT, WITHOUT ROWID;
      CREATE INDEX group_tokens_of_group ON group_tokens (group_name, ifnull(expires, 0));
      CREATE INDEX group_tokens_by_expiry ON group_tokens (expires);
    `,
  },
];

export interface Migrated {
  readonly from: number;
  readonly to: number;
}

/**
 * Brings the schema up to date, all steps or none. Throws a {@link StorageError} for a database that a newer version
 * wrote, and for one that is not Parlour's.
 */
export function migrate(database: Database, migrations: readonly Migration[] = MIGRATIONS): Migrated {
  const to = Math.max(0, ...migrations.map((migration) => migration.version));
  const from = schemaVersion(database);
  if (from > to) {
    throw new StorageError(
      `The database was written by a newer version of Parlour (schema ${from}; this version knows ${to}). ` +
        'Please update Parlour, or restore a backup from before the update.',
    );
  }
  if (from === to) return { from, to };
  database.transaction(() => {
    // Another process may have been faster.
    const current = schemaVersion(database);
    if (current === 0 && hasTables(database)) throw new StorageError('The database is not one of Parlour.');
    for (const migration of migrations) {
      if (migration.version <= current) continue;
      database.exec(migration.sql);
      database.exec(`PRAGMA user_version = ${migration.version}`);
    }
  });
  return { from, to };
}

function schemaVersion(database: Database): number {
  const row = database.get('PRAGMA user_version');
  return row ? integer(row, 'user_version') : 0;
}

function hasTables(database: Database): boolean {
  return database.get('SELECT 1 FROM sqlite_schema LIMIT 1') !== undefined;
}
