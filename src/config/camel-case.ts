/** Snake case to camel case, and readonly, all the way down. */
export type CamelCase<T> = T extends readonly (infer Item)[]
  ? readonly CamelCase<Item>[]
  : T extends object
    ? { readonly [K in keyof T as K extends string ? CamelKey<K> : K]: CamelCase<T[K]> }
    : T;

type CamelKey<S extends string> = S extends `${infer Head}_${infer Tail}` ? `${Head}${Capitalize<CamelKey<Tail>>}` : S;

/** Renames the keys of plain data: `{ outbox_bytes: 1 }` becomes `{ outboxBytes: 1 }`. */
export function camelCase<T>(value: T): CamelCase<T> {
  return renamed(value) as CamelCase<T>;
}

function renamed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(renamed);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [camelKey(key), renamed(item)]));
}

function camelKey(key: string): string {
  return key.replaceAll(/_(.)/g, (_, letter: string) => letter.toUpperCase());
}
