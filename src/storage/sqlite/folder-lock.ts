import { closeSync, openSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { StorageError } from '../storage-error.ts';
import { isBusy } from './database.ts';

/** Holds a folder until it is released, or the process is gone in whatever way. */
export interface FolderLock {
  release(): void;
}

/**
 * Two servers on one folder would not know of each other's rooms. The lock is that of an empty database of its own,
 * which the system takes back when a process dies; that of the data is not held, so that backups can be made of it.
 * Throws a {@link StorageError} where another process holds it.
 */
export function lockFolder(file: string): FolderLock {
  let connection: DatabaseSync | undefined;
  try {
    closeSync(openSync(file, 'a', 0o600));
    connection = new DatabaseSync(file, { timeout: 0 });
    connection.exec('BEGIN EXCLUSIVE');
  } catch (error) {
    connection?.close();
    if (isBusy(error)) throw new StorageError('The data folder is in use: another Parlour runs on it.');
    const reason = error instanceof Error ? error.message : String(error);
    throw new StorageError(`The database ${file} cannot be opened: ${reason}.`, { cause: error });
  }
  const held = connection;
  return { release: () => held.close() };
}
