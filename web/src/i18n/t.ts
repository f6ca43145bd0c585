import { en } from './en.ts';

type Plural<K> = K extends `${infer Base}_other` ? Base : never;
export type TextKey = Exclude<keyof typeof en, `${string}_one` | `${string}_other`> | Plural<keyof typeof en>;

const texts: Readonly<Record<string, string>> = en;
const plurals = new Intl.PluralRules('en');

/** The text of a key, with `{name}` filled in from `values`; `count` picks between `key_one` and `key_other`. */
export function t(key: TextKey, values: Readonly<Record<string, string | number>> = {}): string {
  const count = values.count;
  const plural = typeof count === 'number' ? texts[`${key}_${plurals.select(count)}`] : undefined;
  const text = plural ?? texts[key] ?? texts[`${key}_other`] ?? key;
  return text.replace(/\{(\w+)\}/g, (whole, name: string) => String(values[name] ?? whole));
}
