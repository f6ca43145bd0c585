import type { TSchema } from 'typebox';
import { ConfigError } from './config-error.ts';
import { expectation } from './expectation.ts';
import { isTable } from './merge.ts';
import { oneLine } from './one-line.ts';

/**
 * A table of a `settings.toml`, read by its own keys, whose case does not count. What is missing has a fallback; what
 * is of the wrong type throws {@link ConfigError}, as the original would not have started either; and what is beyond
 * our bounds is brought within them, which is noted. Messages name keys, not values, which could be secrets.
 */
export interface SettingsTable {
  readonly content: Readonly<Record<string, unknown>>;
  /** Where it is, as in `PublicChannels[0]`; empty for the file. */
  readonly path: string;
  /** The same without places in lists: what all tables of a list have in common. */
  readonly family: string;
  /** Keys that were asked for. */
  readonly asked: Set<string>;
  readonly inner: SettingsTable[];
  /** What the operator should know; one for the whole file. */
  readonly notes: string[];
}

/** The bounds of an option of ours, as `schema.ts` has them. */
interface Bounds {
  readonly minimum?: number;
  readonly maximum?: number;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly items?: TSchema;
  readonly maxItems?: number;
}

/** Why a text cannot be used, in words that follow "is not used: "; undefined where it can. */
type Problem = (text: string) => string | undefined;

interface Wanted<T> {
  /** The option of ours that it becomes. */
  readonly as: TSchema;
  readonly fallback: T;
}

export function settingsFile(content: SettingsTable['content']): SettingsTable {
  return { content, path: '', family: '', asked: new Set(), inner: [], notes: [] };
}

export function readFlag(table: SettingsTable, key: string, fallback: boolean): boolean {
  const value = find(table, key);
  if (value === undefined) return fallback;
  if (typeof value !== 'boolean') throw wrongType(table, { key, expected: 'true or false', value });
  return value;
}

export function readWhole(table: SettingsTable, key: string, { as, fallback }: Wanted<number>): number {
  const value = find(table, key);
  if (value === undefined) return fallback;
  if (typeof value !== 'bigint' && !Number.isInteger(value)) {
    throw wrongType(table, { key, expected: 'a whole number', value });
  }
  const { minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = as as Bounds;
  const given = value as number | bigint;
  const used = given < minimum ? minimum : given > maximum ? maximum : Number(given);
  if (given < minimum || given > maximum) note(table, key, `must be ${expectation(as, '')} here; ${used} is used`);
  return used;
}

/** For people to read: what is too long is cut. */
export function readText(table: SettingsTable, key: string, { as, fallback }: Wanted<string>): string {
  const text = rawText(table, key);
  const { minLength = 0, maxLength = Number.POSITIVE_INFINITY } = as as Bounds;
  if (text === undefined || text.length < minLength) return fallback;
  if (text.length <= maxLength) return text;
  note(table, key, `is cut to ${maxLength} characters`);
  return cut(text, maxLength);
}

/** For machines to read: what does not fit is left out, and empty then. */
export function readExact(table: SettingsTable, key: string, { as, fallback }: Wanted<string>): string {
  const text = rawText(table, key);
  if (text === undefined) return fallback;
  const problem = misfit(as, text);
  if (problem === undefined) return text;
  note(table, key, `is not used: ${problem}`);
  return '';
}

/** Those that fit; empty ones are none. */
export function readTexts(
  table: SettingsTable,
  key: string,
  { as, fallback, problem }: Wanted<readonly string[]> & { readonly problem?: Problem },
): readonly string[] {
  const list = rawList(table, key);
  if (list === undefined) return fallback;
  const { items = {}, maxItems = Number.POSITIVE_INFINITY } = as as Bounds;
  const texts = list.flatMap((value, index) => {
    const place = `${key}[${index}]`;
    if (typeof value !== 'string') throw wrongType(table, { key: place, expected: 'text', value });
    if (value === '') return [];
    const reason = misfit(items, value) ?? problem?.(value);
    if (reason !== undefined) note(table, place, `is not used: ${reason}`);
    return reason === undefined ? [value] : [];
  });
  return first(table, { key, list: texts, count: maxItems });
}

/** One that is missing is empty. */
export function readTable(table: SettingsTable, key: string): SettingsTable {
  const value = find(table, key) ?? {};
  if (!isTable(value)) throw wrongType(table, { key, expected: 'a table', value });
  return innerTable(table, { key, content: value });
}

export function readTables(table: SettingsTable, key: string, as: TSchema): readonly SettingsTable[] | undefined {
  const list = rawList(table, key);
  if (list === undefined) return undefined;
  const tables = list.map((value, index) => {
    const place = `${key}[${index}]`;
    if (!isTable(value)) throw wrongType(table, { key: place, expected: 'a table', value });
    return innerTable(table, { key, place, content: value });
  });
  const { maxItems = Number.POSITIVE_INFINITY } = as as Bounds;
  return first(table, { key, list: tables, count: maxItems });
}

/** For a key that says nothing to us, and does not matter. */
export function passOver(table: SettingsTable, key: string): void {
  find(table, key);
}

/** Keys that nobody asked for, here and in the tables within, each once. */
export function unusedKeys(table: SettingsTable): readonly string[] {
  const own = Object.keys(table.content).filter((key) => !table.asked.has(key));
  return [...new Set([...own.map((key) => joined(table.family, key)), ...table.inner.flatMap(unusedKeys)])];
}

/** `what` follows the key. */
export function note(table: SettingsTable, key: string, what: string): void {
  table.notes.push(`${joined(table.path, key)} ${what}`);
}

/** At most so many UTF-16 units, and no half of a character. */
export function cut(text: string, length: number): string {
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** Go finds keys like this: as they are written, or else in any case. */
function find({ content, asked }: SettingsTable, key: string): unknown {
  const wanted = key.toLowerCase();
  const keys = Object.keys(content);
  const name = keys.find((name) => name === key) ?? keys.find((name) => name.toLowerCase() === wanted);
  if (name === undefined) return undefined;
  asked.add(name);
  return content[name];
}

function rawText(table: SettingsTable, key: string): string | undefined {
  const value = find(table, key);
  if (value === undefined || typeof value === 'string') return value;
  throw wrongType(table, { key, expected: 'text', value });
}

function rawList(table: SettingsTable, key: string): readonly unknown[] | undefined {
  const value = find(table, key);
  if (value === undefined || Array.isArray(value)) return value;
  throw wrongType(table, { key, expected: 'a list', value });
}

function innerTable(
  table: SettingsTable,
  { key, place = key, content }: { readonly key: string; readonly place?: string } & Pick<SettingsTable, 'content'>,
): SettingsTable {
  const { notes } = table;
  const inner: SettingsTable = {
    ...{ content, notes, asked: new Set(), inner: [] },
    path: joined(table.path, place),
    family: joined(table.family, key),
  };
  table.inner.push(inner);
  return inner;
}

function first<T>(
  table: SettingsTable,
  { key, list, count }: { readonly key: string; readonly list: readonly T[]; readonly count: number },
): readonly T[] {
  if (list.length <= count) return list;
  note(table, key, `has more than ${count}; the first ${count} are used`);
  return list.slice(0, count);
}

/** Why a text cannot be what the schema asks for; undefined where it can. */
export function misfit(schema: TSchema, text: string): string | undefined {
  const { maxLength = Number.POSITIVE_INFINITY, pattern } = schema as Bounds;
  if (text.length > maxLength) return `it must be text of at most ${maxLength} characters`;
  const fits = pattern === undefined || new RegExp(pattern, 'u').test(text);
  return fits ? undefined : `it must be ${expectation(schema, '')}`;
}

function wrongType(
  table: SettingsTable,
  { key, expected, value }: { readonly key: string; readonly expected: string; readonly value: unknown },
): ConfigError {
  return new ConfigError(`${joined(table.path, key)} must be ${expected}, but is ${kindOf(value)}`);
}

function kindOf(value: unknown): string {
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Date) return 'a date';
  if (typeof value === 'string') return 'text';
  if (typeof value === 'boolean') return String(value);
  if (typeof value === 'bigint' || Number.isInteger(value)) return 'a number';
  return typeof value === 'number' ? 'no whole number' : 'a table';
}

function joined(path: string, key: string): string {
  const name = oneLine(key);
  return path === '' ? name : `${path}.${name}`;
}
