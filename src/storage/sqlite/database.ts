import { closeSync, mkdirSync, openSync } from 'node:fs';
import { dirname } from 'node:path';
import { DatabaseSync, type SQLInputValue, type StatementSync } from 'node:sqlite';
import { StorageError } from '../storage-error.ts';
import type { Row } from './row.ts';

export type Parameters = Readonly<Record<string, SQLInputValue>>;

/** How long to wait for another process that has the file locked, in milliseconds. The whole server waits meanwhile. */
const LOCK_TIMEOUT = 2_000;

/**
 * WAL with `synchronous=NORMAL`: a commit is handed to the operating system and so survives the process being killed;
 * only a power failure may lose the last moments. The database stays whole in either case.
 */
const PRAGMAS = `
  PRAGMA journal_mode = WAL;
  PRAGMA synchronous = NORMAL;
  PRAGMA journal_size_limit = 67108864;
  PRAGMA cache_size = -16000;
  PRAGMA temp_store = MEMORY;
`;

/** A connection with its prepared statements. The SQL given to it must be constant: each text is prepared once and kept. */
export class Database {
  readonly #connection: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  private constructor(connection: DatabaseSync) {
    this.#connection = connection;
  }

  /**
   * Opens the file, or makes it, readable by its owner only: it holds the key that signs tokens.
   * Throws a {@link StorageError} where it cannot be opened or is no SQLite database.
   */
  static open(file: string, lockTimeout = LOCK_TIMEOUT): Database {
    let connection: DatabaseSync | undefined;
    try {
      if (file !== ':memory:') makePrivateFile(file);
      connection = new DatabaseSync(file, { enableForeignKeyConstraints: true, timeout: lockTimeout });
      connection.exec(PRAGMAS);
      return new Database(connection);
    } catch (cause) {
      connection?.close();
      throw new StorageError(`The database ${file} cannot be opened: ${reason(cause)}.`, { cause });
    }
  }

  all(sql: string, parameters: Parameters = {}): Row[] {
    return this.#statement(sql).all(parameters);
  }

  get(sql: string, parameters: Parameters = {}): Row | undefined {
    return this.#statement(sql).get(parameters);
  }

  /** Returns how many rows changed. */
  run(sql: string, parameters: Parameters = {}): number {
    return Number(this.#statement(sql).run(parameters).changes);
  }

  /** Several statements, not kept. */
  exec(sql: string): void {
    this.#connection.exec(sql);
  }

  /** All that `work` writes, or nothing of it if it throws. Returns what `work` does. */
  transaction<T>(work: () => T): T {
    this.run('BEGIN IMMEDIATE');
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // A full disk makes SQLite roll back by itself.
      if (this.#connection.isTransaction) this.run('ROLLBACK');
      throw error;
    }
  }

  close(): void {
    if (!this.#connection.isOpen) return;
    this.#statements.clear();
    this.#connection.close();
  }

  #statement(sql: string): StatementSync {
    if (!this.#connection.isOpen) throw new StorageError('The storage is closed.');
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#connection.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

function makePrivateFile(file: string): void {
  mkdirSync(dirname(file), { recursive: true });
  closeSync(openSync(file, 'a', 0o600));
}

/** Gives errors of SQLite the type that the port promises. */
export function asStorageError(error: unknown): StorageError {
  return error instanceof StorageError ? error : new StorageError(`SQLite: ${reason(error)}`, { cause: error });
}

/** Whether another process holds the file's lock, and held it for the whole lock timeout. */
export function isBusy(error: unknown): boolean {
  return error instanceof Error && 'errcode' in error && error.errcode === SQLITE_BUSY;
}

const SQLITE_BUSY = 5;

function reason(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
