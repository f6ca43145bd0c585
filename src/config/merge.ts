type Content = Readonly<Record<string, unknown>>;

/** One file's content over another's: tables merge; of lists and values, the stronger's replaces the other. */
export function merge(weaker: Content, stronger: Content): Content {
  const keys = new Set([...Object.keys(weaker), ...Object.keys(stronger)]);
  // Not by assignment: a key may be "__proto__".
  return Object.fromEntries([...keys].map((key) => [key, mergedValue(own(weaker, key), own(stronger, key))]));
}

function mergedValue(weaker: unknown, stronger: unknown): unknown {
  if (stronger === undefined) return weaker;
  return isTable(weaker) && isTable(stronger) ? merge(weaker, stronger) : stronger;
}

function own(content: Content, key: string): unknown {
  return Object.hasOwn(content, key) ? content[key] : undefined;
}

/** A table as TOML has them, as opposed to a list or a value. */
export function isTable(value: unknown): value is Content {
  return typeof value === 'object' && value !== null && !Array.isArray(value) && !(value instanceof Date);
}
