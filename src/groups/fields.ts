import { parseTime } from './time.ts';

const MAX_WORDS = 1000;
const MAX_WORD = 1024;

/** What is wrong with a file, for who wrote it: one line, which begins with the field. Caught by {@link reading}. */
export class FieldProblem extends Error {
  constructor(path: string, reason: string) {
    super(`${path || 'the file'}: ${reason}`);
  }
}

export interface TextBounds {
  /** In UTF-16 units; {@link MAX_WORD} unless said. */
  readonly max?: number;
}

/**
 * The fields of one JSON object, each asked for by its name; what nobody asked for makes the file invalid. As Galène
 * reads them: `null` is as good as absent, and names match in whatever case of letters.
 */
export class Fields {
  readonly #path: string;
  readonly #left = new Map<string, { readonly name: string; readonly value: unknown }>();

  constructor(value: unknown, path = '') {
    this.#path = path;
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      throw new FieldProblem(path, 'must be an object');
    }
    for (const [name, content] of Object.entries(value)) this.#left.set(name.toLowerCase(), { name, value: content });
  }

  path(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }

  /** Nothing where it is absent. */
  any(name: string): unknown {
    const key = name.toLowerCase();
    const value = this.#left.get(key)?.value;
    this.#left.delete(key);
    return value ?? undefined;
  }

  text(name: string, { max = MAX_WORD }: TextBounds = {}): string | undefined {
    const value = this.any(name);
    return value === undefined ? undefined : textOf(value, this.path(name), max);
  }

  flag(name: string): boolean {
    const value = this.any(name) ?? false;
    if (typeof value !== 'boolean') throw new FieldProblem(this.path(name), 'must be true or false');
    return value;
  }

  integer(name: string): number | undefined {
    const value = this.any(name);
    if (value === undefined) return undefined;
    if (!Number.isSafeInteger(value)) throw new FieldProblem(this.path(name), 'must be a whole number');
    return Number(value);
  }

  /** Milliseconds since 1970. */
  time(name: string): number | undefined {
    const text = this.text(name);
    if (text === undefined) return undefined;
    const time = parseTime(text);
    if (time === undefined) throw new FieldProblem(this.path(name), 'must be a time such as 2030-01-31T12:00:00Z');
    return time;
  }

  /** An absolute URL of the web, as it was written. */
  url(name: string): string | undefined {
    const text = this.text(name, { max: 4096 });
    if (text === undefined || text === '') return undefined;
    const isPlain = /^https?:\/\/[\x21-\x7e]+$/i.test(text);
    if (!isPlain || !URL.canParse(text)) throw new FieldProblem(this.path(name), 'must be an http or https URL');
    return text;
  }

  list(name: string, max = MAX_WORDS): readonly unknown[] {
    return listOf(this.any(name) ?? [], this.path(name), max);
  }

  words(name: string): readonly string[] {
    return wordsOf(this.any(name) ?? [], this.path(name));
  }

  /** Names and what they have, in their order; the names as they were written. */
  entries(name: string, max: number): readonly (readonly [string, unknown])[] {
    const value = this.any(name) ?? {};
    if (typeof value !== 'object' || Array.isArray(value)) throw new FieldProblem(this.path(name), 'must be an object');
    const entries = Object.entries(value);
    if (entries.length > max) throw new FieldProblem(this.path(name), `may have ${max} entries at most`);
    return entries;
  }

  /** To be asked last: throws where anything is left. */
  end(): void {
    for (const { name } of this.#left.values())
      throw new FieldProblem(this.path(oneWord(name)), 'is not a known field');
  }
}

export function textOf(value: unknown, path: string, max = MAX_WORD): string {
  if (typeof value !== 'string') throw new FieldProblem(path, 'must be a text');
  if (value.length > max) throw new FieldProblem(path, `must have ${max} characters at most`);
  return value;
}

export function wordsOf(value: unknown, path: string): readonly string[] {
  return listOf(value, path, MAX_WORDS).map((word, index) => textOf(word, `${path}[${index}]`));
}

function listOf(value: unknown, path: string, max: number): readonly unknown[] {
  if (!Array.isArray(value)) throw new FieldProblem(path, 'must be a list');
  if (value.length > max) throw new FieldProblem(path, `may have ${max} entries at most`);
  return value;
}

/** A name out of a file, fit for a line of a log. */
export function oneWord(text: string): string {
  return JSON.stringify(text.length > 60 ? `${text.slice(0, 60)}…` : text).slice(1, -1);
}

export type Reading<T> =
  | { readonly kind: 'read'; readonly value: T }
  | { readonly kind: 'invalid'; readonly problem: string };

/** More than any file of ours; longer ones are not parsed at all. */
export const MAX_FILE_LENGTH = 1024 * 1024;

/** Parses a file, and turns what is wrong with it into a line. */
export function reading<T>(text: string, read: (content: unknown) => T): Reading<T> {
  if (text.length > MAX_FILE_LENGTH) return { kind: 'invalid', problem: 'the file: is larger than 1 MiB' };
  try {
    return { kind: 'read', value: read(JSON.parse(text.replace(/^\uFEFF/, ''))) };
  } catch (error) {
    if (error instanceof FieldProblem) return { kind: 'invalid', problem: error.message };
    if (error instanceof SyntaxError) return { kind: 'invalid', problem: 'the file: is not JSON' };
    throw error;
  }
}
