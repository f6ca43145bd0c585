import { describe, expect, test } from 'vitest';
import { StorageError } from '../storage-error.ts';
import { Database } from './database.ts';
import { MIGRATIONS, type Migration, migrate } from './migrations.ts';
import { integer } from './row.ts';

const FIRST: Migration = { version: 1, sql: 'CREATE TABLE one (a INTEGER) STRICT; INSERT INTO one VALUES (1)' };
const SECOND: Migration = { version: 2, sql: 'ALTER TABLE one ADD COLUMN b INTEGER; UPDATE one SET b = 2' };
const BROKEN: Migration = { version: 3, sql: 'CREATE TABLE three (a INTEGER) STRICT; INSERT INTO nowhere VALUES (1)' };

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
