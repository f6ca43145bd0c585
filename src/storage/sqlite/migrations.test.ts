import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { StorageError } from '../storage-error.ts';
import { Database } from './database.ts';
import { MIGRATIONS, type Migration, migrate } from './migrations.ts';
import { integer, text } from './row.ts';
import { openSqliteStorage } from './sqlite-storage.ts';

const FIRST: Migration = { version: 1, sql: 'CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (1)' };
const SECOND: Migration = { version: 2, sql: 'ALTER TABLE one ADD COLUMN b INTEGER; UPDATE one SET b = 2' };
const BROKEN: Migration = { version: 3, sql: 'CREATE TABLE three (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)' };

/** Something in every table of version 1. */
const VERSION_1_DATA = `
  UPDATE counters SET value = 42 WHERE name = 'last-retracted-id';
  INSERT INTO attachments VALUES ('pic', 'image/png', 640, 480, 4, 2, 1);
  INSERT INTO attachment_bytes VALUES ('pic', x'00ff');
  INSERT INTO messages VALUES
    (7, 'lobby', 'general', 'id-a', 'Alice', 'alice', NULL, NULL, NULL, 'hello', NULL, NULL, 3, 'c-1', 0),
    (8, 'lobby', NULL, 'id-a', 'Alice', 'alice', 'id-b', 'Bob', 'bob', NULL, 'pic', 'cat.png', 4, NULL, 1);
  INSERT INTO reactions VALUES (7, '❤', 'id-b', 'Bob', 1, 1);
  INSERT INTO sanctions VALUES
    ('z', 'lobby', 'Mallory', NULL, 'spam', 'Alice', 1, 9),
    ('a', 'lobby', 'Trudy', 'id-t', '', 'Alice', 1, 9);
  INSERT INTO relations VALUES ('lobby', 'id-a', 'mute', 'bob');
  INSERT INTO identities VALUES ('id-a', 'Alice', 1, 1);
  INSERT INTO invitations VALUES ('hash', 'guest', 1, 'id-a', 1, 9);
  INSERT INTO secrets VALUES ('key', 'value');
`;

const open = () => Database.open(':memory:');
const version = (database: Database) => integer(database.get('PRAGMA user_version') ?? {}, 'user_version');

describe('migrations', () => {
  test('are numbered without gaps', () => {
    expect(MIGRATIONS.map((migration) => migration.version)).toEqual(MIGRATIONS.map((_, index) => index + 1));
  });

  test('are applied from where the database is', () => {
    const database = open();
    expect(migrate(database, [FIRST])).toEqual({ from: 0, to: 1 });
    expect(migrate(database, [FIRST, SECOND])).toEqual({ from: 1, to: 2 });
    expect(migrate(database, [FIRST, SECOND])).toEqual({ from: 2, to: 2 });
    expect(database.all('SELECT * FROM one')).toEqual([{ a: 1, b: 2 }]);
    database.close();
  });

  test('are applied together or not at all', () => {
    const database = open();
    migrate(database, [FIRST]);
    expect(() => migrate(database, [FIRST, SECOND, BROKEN])).toThrow('nowhere');
    expect(version(database)).toBe(1);
    expect(database.all('SELECT * FROM one')).toEqual([{ a: 1 }]);
    expect(database.get(`SELECT 1 FROM sqlite_schema WHERE name = 'three'`)).toBeUndefined();
    database.close();
  });

  test('to version 2 keep all that version 1 stored', () => {
    const database = open();
    migrate(database, MIGRATIONS.slice(0, 1));
    database.exec(VERSION_1_DATA);
    const tables = database
      .all(`SELECT name FROM sqlite_schema WHERE type = 'table' AND name NOT LIKE 'sqlite_%'`)
      .map((row) => text(row, 'name'));
    const rows = () => new Map(tables.map((table) => [table, database.all(`SELECT * FROM ${table} ORDER BY 1, 2`)]));
    const before = rows();
    expect([...before].filter(([, kept]) => kept.length === 0)).toEqual([]);
    const order = () => database.all('SELECT id FROM sanctions ORDER BY at, rowid').map((row) => text(row, 'id'));
    const inOrder = order();

    expect(migrate(database, MIGRATIONS.slice(0, 2))).toEqual({ from: 1, to: 2 });
    const after = rows();
    for (const [table, kept] of before) {
      expect(after.get(table)).toEqual(kept.map((row) => expect.objectContaining(row)));
    }
    expect(order()).toEqual(inOrder);
    expect(database.all('PRAGMA foreign_key_check')).toEqual([]);
    expect(database.all('PRAGMA integrity_check')).toEqual([{ integrity_check: 'ok' }]);
    database.close();
  });

  test('what version 1 stored can be read, changed and removed', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'parlour-migration-'));
    const file = join(folder, 'parlour.db');
    const database = Database.open(file);
    migrate(database, MIGRATIONS.slice(0, 1));
    database.exec(VERSION_1_DATA);
    database.close();

    const storage = openSqliteStorage({ file });
    expect(await storage.sanctions('lobby', 0)).toEqual([
      { id: 'z', room: 'lobby', name: 'Mallory', reason: 'spam', by: 'Alice', at: 1, expiresAt: 9 },
      { id: 'a', room: 'lobby', name: 'Trudy', identityId: 'id-t', reason: '', by: 'Alice', at: 1, expiresAt: 9 },
    ]);
    const identity = { id: 'id-a', name: 'Alice', operator: true, ownsName: false, createdAt: 1, tokensRevokedAt: 0 };
    expect(await storage.identity('id-a')).toEqual(identity);
    expect(await storage.nameOwners(['alice', ''])).toEqual(new Map());
    await storage.putIdentity({ ...identity, ownsName: true });
    expect(await storage.nameOwners(['alice', ''])).toEqual(new Map([['alice', 'id-a']]));
    expect(await storage.postedAs('lobby', 'id-a', 'c-1')).toEqual({ id: 7, at: 3 });
    expect(await storage.eraseDirect('lobby', { identityId: 'id-b' })).toBe(1);
    expect(await storage.attachment('pic')).toBeUndefined();
    expect(await storage.expireMessages({ channels: 10 })).toBe(1);
    expect(await storage.lastMessageId()).toBe(42);
    await storage.close();
    rmSync(folder, { recursive: true });
  });

  test('a database of a newer version is refused, and left alone', () => {
    const database = open();
    database.exec(`PRAGMA user_version = ${MIGRATIONS.length + 1}`);
    expect(() => migrate(database)).toThrow(StorageError);
    expect(() => migrate(database)).toThrow(/newer version of Parlour \(schema \d+; this version knows \d+\)/);
    expect(database.get('SELECT 1 FROM sqlite_schema')).toBeUndefined();
    database.close();
  });

  test("another program's database is refused, and left alone", () => {
    const database = open();
    database.exec('CREATE TABLE recipes (title TEXT)');
    expect(() => migrate(database)).toThrow('not one of Parlour');
    expect(database.all('SELECT name FROM sqlite_schema')).toEqual([{ name: 'recipes' }]);
    database.close();
  });
});
