import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { type Folder, HOUR, NOW, type TestLog, temporaryFolder, testLog } from './testing/fixtures.ts';
import { TokenFile } from './token-file.ts';
import { describeTokenStore, groupToken } from './token-store.test-suite.ts';

let folder: Folder;
let log: TestLog;
beforeEach(() => {
  folder = temporaryFolder();
  log = testLog();
});
afterEach(() => folder.remove());

const open = () => new TokenFile({ file: join(folder.path, 'var/tokens.jsonl'), log });
const text = () => readFileSync(join(folder.path, 'var/tokens.jsonl'), 'utf8');

describeTokenStore('tokens.jsonl', open);

/** As Galène writes them. */
const LINE =
  '{"token":"abc","group":"watch","includeSubgroups":true,"username":"angua","permissions":["present"],' +
  '"expires":"2030-01-01T14:00:00.123456789+01:00","not-before":"2030-01-01T00:00:00Z","issuedAt":"2029-12-31T00:00:00Z","issuedBy":"vimes"}';

describe('a file that was there before', () => {
  test('is read as it is', async () => {
    folder.write('var/tokens.jsonl', `${LINE}\n\n{"token":"plain","group":"guild"}\n`);
    const store = open();
    expect(await store.find('abc')).toEqual({
      token: 'abc',
      group: 'watch',
      includeSubgroups: true,
      username: 'angua',
      permissions: ['present'],
      expires: NOW + HOUR + 123,
      notBefore: Date.UTC(2030, 0, 1),
      issuedAt: Date.UTC(2029, 11, 31),
      issuedBy: 'vimes',
    });
    expect(await store.find('plain')).toEqual({
      token: 'plain',
      group: 'guild',
      includeSubgroups: false,
      permissions: [],
    });
    expect(log.lines).toEqual([]);
  });

  test('is read again when somebody else changes it, and what they wrote stays', async () => {
    const store = open();
    await store.put(groupToken(), NOW);
    folder.write('var/tokens.jsonl', `${text()}${LINE}\n`);
    expect((await store.list('watch')).map(({ token }) => token)).toEqual(['secret', 'abc']);
    await store.remove('secret');
    folder.write('var/tokens.jsonl', '');
    expect(await store.find('abc')).toBeUndefined();
  });

  test('keeps what we do not understand of it', async () => {
    folder.write(
      'var/tokens.jsonl',
      `nonsense\n{"token":"","group":"watch"}\n${LINE.replace('{', '{"colour":"red",')}\n`,
    );
    const store = open();
    expect(await store.find('')).toBeUndefined();
    expect(log.lines).toEqual([expect.stringContaining('"lines":2')]);
    await store.edit('abc', { expires: NOW });
    const lines = text().split('\n');
    expect(lines.slice(0, 2)).toEqual(['nonsense', '{"token":"","group":"watch"}']);
    expect(JSON.parse(lines[2] ?? '')).toMatchObject({ token: 'abc', colour: 'red', expires: '2030-01-01T12:00:00Z' });
    expect(lines.slice(3)).toEqual(['']);
  });

  test('that is gone has no tokens', async () => {
    const store = open();
    await store.put(groupToken(), NOW);
    folder.remove();
    expect(await store.find('secret')).toBeUndefined();
  });
});

test('what is written is for its owner alone, and leaves nothing else behind', async () => {
  await open().put(groupToken(), NOW);
  expect(readdirSync(join(folder.path, 'var'))).toEqual(['tokens.jsonl']);
  expect(statSync(join(folder.path, 'var/tokens.jsonl')).mode & 0o777).toBe(0o600);
  expect(await open().find('secret')).toEqual(groupToken());
});

test('what changes nothing writes nothing', async () => {
  const store = open();
  await store.edit('nothing', { expires: 1 });
  await store.remove('nothing');
  await store.purge(NOW);
  expect(readdirSync(folder.path)).toEqual([]);
});

test('changes at once are made one after the other', async () => {
  const store = open();
  await Promise.all(Array.from({ length: 20 }, (_, index) => store.put(groupToken({ token: `${index}` }), NOW)));
  expect(await open().list('watch')).toHaveLength(20);
});

test('a change that cannot be written is an error, and is not made', async () => {
  folder.write('var', 'no folder');
  const store = open();
  await expect(store.put(groupToken(), NOW)).rejects.toThrow();
  expect(await store.find('secret')).toBeUndefined();
});
