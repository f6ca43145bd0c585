import { readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { replaceFile } from './atomic-file.ts';
import { type Folder, temporaryFolder } from './testing/fixtures.ts';

let folder: Folder;
let file: string;
beforeEach(() => {
  folder = temporaryFolder();
  file = join(folder.path, 'watch.json');
});
afterEach(() => folder.remove());

const seen = () => statSync(file, { bigint: true });

test('a file is replaced that is what it was', async () => {
  writeFileSync(file, 'old');
  expect(await replaceFile({ file, text: 'new', before: seen() })).toBe('done');
  expect(readFileSync(file, 'utf8')).toBe('new');
});

test('what somebody wrote since it was read stays, and no draft with it', async () => {
  writeFileSync(file, 'old');
  const before = seen();
  writeFileSync(file, 'by hand');
  expect(await replaceFile({ file, text: 'new', before })).toBe('changed');
  expect([readdirSync(folder.path), readFileSync(file, 'utf8')]).toEqual([['watch.json'], 'by hand']);
});

test('what somebody removed since is not put there again', async () => {
  writeFileSync(file, 'old');
  const before = seen();
  rmSync(file);
  expect(await replaceFile({ file, text: 'new', before })).toBe('changed');
  expect(readdirSync(folder.path)).toEqual([]);
});

test('a new one is put where there is none', async () => {
  expect(await replaceFile({ file, text: 'new' })).toBe('done');
  expect(await replaceFile({ file, text: 'newer' })).toBe('taken');
  expect(readFileSync(file, 'utf8')).toBe('new');
});
