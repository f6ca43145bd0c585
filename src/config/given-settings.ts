import type { Settings } from './schema.ts';

/** What a file may say: the options of `parlour.toml`, any of which may be missing. */
export type GivenSettings = Partially<Settings>;

type Partially<T> = T extends readonly (infer Item)[]
  ? readonly Partially<Item>[]
  : T extends object
    ? { readonly [K in keyof T]?: Partially<T[K]> }
    : T;

/** Environment variables, by name. */
export type Environment = Readonly<Record<string, string | undefined>>;
