import type { SQLOutputValue } from 'node:sqlite';
import { StorageError } from '../storage-error.ts';

/** One row of a result, by column name. The functions below read a cell as the type that its column has. */
export type Row = Readonly<Record<string, SQLOutputValue>>;

export function text(row: Row, column: string): string {
  const value = row[column];
  if (typeof value !== 'string') throw unexpected(column);
  return value;
}

/** Nothing where the cell is NULL. */
export function optionalText(row: Row, column: string): string | undefined {
  return row[column] === null ? undefined : text(row, column);
}

export function integer(row: Row, column: string): number {
  const value = row[column];
  if (typeof value !== 'number') throw unexpected(column);
  return value;
}

/** Nothing where the cell is NULL. */
export function optionalInteger(row: Row, column: string): number | undefined {
  return row[column] === null ? undefined : integer(row, column);
}

export function flag(row: Row, column: string): boolean {
  return integer(row, column) !== 0;
}

export function blob(row: Row, column: string): Uint8Array {
  const value = row[column];
  if (!(value instanceof Uint8Array)) throw unexpected(column);
  return value;
}

/** A text that is one of these words. */
export function word<Word extends string>(row: Row, column: string, words: readonly Word[]): Word {
  const value = text(row, column);
  const found = words.find((candidate) => candidate === value);
  if (found === undefined) throw unexpected(column);
  return found;
}

/** A JSON array of texts. */
export function textList(row: Row, column: string): readonly string[] {
  const list: unknown = JSON.parse(text(row, column));
  if (!Array.isArray(list) || !list.every((one) => typeof one === 'string')) throw unexpected(column);
  return list;
}

function unexpected(column: string): StorageError {
  return new StorageError(`The database holds something unexpected in column "${column}".`);
}
