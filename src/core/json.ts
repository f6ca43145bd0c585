export type Json = null | boolean | number | string | readonly Json[] | { readonly [key: string]: Json };

/** What clients keep with a member or a room for each other; the server does not look into it. */
export type SharedData = Readonly<Record<string, Json>>;

export const NO_DATA: SharedData = Object.freeze({});

/** Characters of JSON, all values together. */
export const MAX_SHARED_DATA = 16_000;

/**
 * The data with these values set; `null` takes one out. Nothing where it would become too large. Keys that objects have
 * by nature are no data.
 */
export function mergeData(data: SharedData, changes: SharedData): SharedData | undefined {
  const merged = new Map(Object.entries(data));
  for (const [key, value] of Object.entries(changes)) {
    if (key === '__proto__') continue;
    if (value === null) merged.delete(key);
    else merged.set(key, value);
  }
  const next: SharedData = Object.fromEntries(merged);
  return JSON.stringify(next).length > MAX_SHARED_DATA ? undefined : next;
}

/** JSON as it came off a wire, if it is an object. */
export function asData(value: unknown): SharedData | undefined {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as SharedData) : undefined;
}

/** Lists within lists: what no client says, and what would exhaust the stack of whoever writes it out again. */
const MAX_DEPTH = 64;

/** Whether something that was parsed can be written again, anywhere. */
export function isShallow(value: unknown, depth = MAX_DEPTH): boolean {
  if (typeof value !== 'object' || value === null) return true;
  return depth > 0 && Object.values(value).every((item) => isShallow(item, depth - 1));
}
