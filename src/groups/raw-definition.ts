import { FieldProblem, MAX_FILE_LENGTH } from './fields.ts';

/**
 * A definition as it stands in its file, in its order and with all that is in it. Names of fields match in whatever
 * case of letters, as {@link Fields} reads them.
 */
export type RawDefinition = ReadonlyMap<string, unknown>;

/** Nothing where it is no object of JSON. */
export function parseRaw(text: string): RawDefinition | undefined {
  if (text.length > MAX_FILE_LENGTH) return undefined;
  try {
    const content: unknown = JSON.parse(text.replace(/^\uFEFF/, ''));
    return isObject(content) ? rawOf(content) : undefined;
  } catch {
    return undefined;
  }
}

export function rawText(raw: RawDefinition): string {
  return `${JSON.stringify(objectOf(raw), null, 2)}\n`;
}

export function rawOf(content: object): RawDefinition {
  return new Map(Object.entries(content));
}

export function objectOf(raw: RawDefinition): Readonly<Record<string, unknown>> {
  return Object.fromEntries(raw);
}

/** Nothing where it is absent, or null. */
export function fieldOf(raw: RawDefinition, name: string): unknown {
  const found = [...raw].findLast(([field]) => isSameField(field, name));
  return found?.[1] ?? undefined;
}

/** In the place where the field was, or at the end; nothing removes it. */
export function withField(raw: RawDefinition, name: string, value: unknown): RawDefinition {
  const entries: (readonly [string, unknown])[] = [];
  let isPlaced = value === undefined;
  for (const [field, content] of raw) {
    if (!isSameField(field, name)) entries.push([field, content]);
    else if (!isPlaced) entries.push([field, value]);
    if (isSameField(field, name)) isPlaced = true;
  }
  return new Map(isPlaced ? entries : [...entries, [name, value]]);
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Throws {@link FieldProblem} for anything but an object. */
export function fieldsIn(value: unknown, path: string): RawDefinition {
  if (!isObject(value)) throw new FieldProblem(path, 'must be an object');
  return rawOf(value);
}

function isSameField(one: string, other: string): boolean {
  return one.toLowerCase() === other.toLowerCase();
}
