import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { describeStorage } from '../contract.test-suite.ts';
import { bob, channelMessage, posted, ROOM, reacted, retracted } from '../contract-fixtures.ts';
import { TOMBSTONE_LIFE } from '../port.ts';
import { StorageError } from '../storage-error.ts';
import { openSqliteStorage } from './sqlite-storage.ts';

let folder = '';
let files = 0;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-storage-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const newFile = () => join(folder, `${++files}.db`);

describeStorage('sqlite', () => openSqliteStorage({ file: newFile() }));

describe('a database that is opened again', () => {
  test('has what was stored', async () => {
    const file = newFile();
    const first = openSqliteStorage({ file });
    await first.commit([posted(channelMessage(1)), reacted(1, '❤', bob), posted(channelMessage(2))]);
    await first.commit([retracted(2)]);
    await first.secret('key', () => 'made first');
    await first.close();

    const second = openSqliteStorage({ file });
    expect((await second.message(ROOM, 1))?.reactions).toEqual([{ emoji: '❤', by: [bob] }]);
    expect(await second.lastMessageId()).toBe(2);
    expect(await second.secret('key', () => 'made second')).toBe('made first');
    await second.close();
  });
});

describe('opening', () => {
  test('forgets what removed messages left behind once it is old, and waits for nobody otherwise', async () => {
    const file = newFile();
    const first = openSqliteStorage({ file });
    const young = channelMessage(2, { clientId: 'young', at: 1_002 });
    await first.commit([posted(channelMessage(1, { clientId: 'old', at: 1_001 })), posted(young)]);
    await first.commit([retracted(1), retracted(2), posted(channelMessage(3, { at: 1_002 + TOMBSTONE_LIFE }))]);
    expect(await first.postedAs(ROOM, 'id-alice', 'old')).toEqual({ id: 1, at: 1_001 });
    await first.close();

    const second = openSqliteStorage({ file });
    expect(await second.postedAs(ROOM, 'id-alice', 'old')).toBeUndefined();
    expect(await second.postedAs(ROOM, 'id-alice', 'young')).toEqual({ id: 2, at: 1_002 });
    const other = new DatabaseSync(file);
    other.exec('BEGIN IMMEDIATE');
    await openSqliteStorage({ file, lockTimeout: 1 }).close();
    other.close();
    await second.close();
  });

  test('makes the folder, and a file that its owner alone may read', async () => {
    const file = join(folder, 'new', 'folder', 'parlour.db');
    const storage = openSqliteStorage({ file });
    await storage.commit([posted(channelMessage(1))]);
    expect(statSync(file).mode & 0o077).toBe(0);
    expect(statSync(`${file}-wal`).mode & 0o077).toBe(0);
    await storage.close();
  });

  test('refuses what is no database', () => {
    const file = newFile();
    writeFileSync(file, 'This is a text, and long enough not to be taken for a header. '.repeat(20));
    expect(() => openSqliteStorage({ file })).toThrow(StorageError);
    expect(() => openSqliteStorage({ file })).toThrow(`The database ${file} cannot be opened: file is not a database`);
  });

  test('refuses what cannot be opened', () => {
    expect(() => openSqliteStorage({ file: folder })).toThrow(StorageError);
  });

  test('says nothing of a new database, nor of one that is as it should be', async () => {
    const file = newFile();
    const lines: unknown[] = [];
    const log = { info: (fields: object) => lines.push(fields), warn: (fields: object) => lines.push(fields) };
    await openSqliteStorage({ file, log }).close();
    await openSqliteStorage({ file, log }).close();
    expect(lines).toEqual([]);
  });
});

test('a commit while another process holds the file is refused as a whole, and can be repeated', async () => {
  const file = newFile();
  const storage = openSqliteStorage({ file, lockTimeout: 1 });
  const other = new DatabaseSync(file);
  other.exec('BEGIN IMMEDIATE');
  const commits = [1, 2, 3].map((id) => storage.commit([posted(channelMessage(id))]));
  const outcomes = await Promise.allSettled(commits);
  expect(outcomes.map((outcome) => outcome.status)).toEqual(['rejected', 'rejected', 'rejected']);
  other.exec('COMMIT');
  other.close();
  await storage.commit([posted(channelMessage(1))]);
  expect(await storage.lastMessageId()).toBe(1);
  await storage.close();
});
