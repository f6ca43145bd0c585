import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { StorageError } from '../storage-error.ts';
import { lockFolder } from './folder-lock.ts';

test('a folder has one holder at a time', () => {
  const folder = mkdtempSync(join(tmpdir(), 'parlour-lock-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const file = join(folder, 'parlour.lock');
  const first = lockFolder(file);
  expect(() => lockFolder(file)).toThrow('another Parlour runs on it');
  first.release();
  lockFolder(file).release();
});

test('what cannot be locked says why', () => {
  expect(() => lockFolder(join(tmpdir(), 'there', 'is', 'no', 'such', 'folder'))).toThrow(StorageError);
});
