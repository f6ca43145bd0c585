/** At most this many characters of a name are kept. */
export const MAX_NAME_LENGTH = 48;

/** Names that the clients give to the server and to themselves. Nobody may have them. */
const RESERVED = new Set(['chatserver', 'chatclient', 'server', 'system']);

/** Shown as nothing: two names that differ in these alone look the same. Zero-width, bidi, fillers, variation selectors. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}/gu;

/** Control, format, surrogate, private-use, unassigned and separator characters, and Braille's blank. */
const UNPRINTABLE = /[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Cn}\p{Zl}\p{Zp}\u2800]/gu;

/** What turns a name into HTML in clients that print it unescaped, and what cannot be addressed (`@name`, `/command`). */
const UNSAFE = /[<>&"`\\]/g;

/**
 * A name as it may be shown on every wire: printable, without HTML, one line, at most {@link MAX_NAME_LENGTH} characters.
 * Returns the empty string where nothing is left of it.
 */
export function cleanName(raw: string): string {
  const printable = raw
    .slice(0, 1024)
    .replace(INVISIBLE, '')
    .normalize('NFC')
    .replace(UNPRINTABLE, ' ')
    .replace(UNSAFE, '')
    .replace(/\s+/g, ' ')
    .trim()
    .replace(/^[@/\s]+/, '');
  return [...printable].slice(0, MAX_NAME_LENGTH).join('').trim();
}

/** One line of text as people may read it, at most `length` characters. */
export function cleanLine(raw: string, length: number): string {
  const line = raw
    .slice(0, length * 4)
    .normalize('NFC')
    .replace(UNPRINTABLE, ' ')
    .replace(/\s+/g, ' ')
    .trim();
  return [...line].slice(0, length).join('').trim();
}

/** Two names with the same key are the same name: letter case and compatibility forms do not count. */
export function nameKey(name: string): string {
  return name.normalize('NFKC').toLowerCase().trim();
}

export function isReservedName(name: string): boolean {
  return RESERVED.has(nameKey(name).replace(/\s+/g, ''));
}

/** The first of `name 2`, `name 3` … that is free, looked for from a number on. */
export function nextFreeName(
  name: string,
  options: { readonly from: number; isTaken(name: string): boolean },
): { readonly name: string; readonly number: number } {
  for (let number = options.from; ; number++) {
    const candidate = numberedName(name, number);
    if (!options.isTaken(candidate)) return { name: candidate, number };
  }
}

/** `name 2`, at most {@link MAX_NAME_LENGTH} characters long. */
export function numberedName(name: string, number: number): string {
  const suffix = ` ${number}`;
  const head = [...name].slice(0, MAX_NAME_LENGTH - suffix.length).join('');
  return `${head.trimEnd()}${suffix}`;
}
