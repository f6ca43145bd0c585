import { createHash } from 'node:crypto';
import { nameKey } from '../core/name.ts';

/** Bytes. File systems take 255; `@` or `.txt` is added. */
const MAX_BYTES = 240;
const HASH_DIGITS = 32;

/** Windows takes none of these, whatever is after the dot. */
const DEVICE = /^(?:con|prn|aux|nul|com\d|lpt\d)$/;

/**
 * A part of a path for a channel or a person (`spec/barertc.md` section 7, W30): letters, digits, `-` and `_`, and `%`
 * with a number for everything else. Never empty, never a special name. Different names have different parts, on file
 * systems that ignore case or Unicode's forms, too; what counts as one name ({@link nameKey}) has one.
 */
export function fileNamePart(name: string): string {
  const key = nameKey(name);
  if (key === '') return '%';
  const characters = [...key].map((character) => (isPlain(character) ? character : escaped(character)));
  if (DEVICE.test(key)) characters[0] = escaped(key.charAt(0));
  const part = characters.join('');
  return byteLength(part) <= MAX_BYTES ? part : shortened(characters, key);
}

/** What is the same after going to upper case and back. Marks are not, so that nothing joins the letter before it. */
function isPlain(character: string): boolean {
  if (/^[a-z0-9_-]$/.test(character)) return true;
  if (!/^[\p{Ll}\p{Lo}\p{Nd}]$/u.test(character) || character < '\u0080') return false;
  return character.normalize('NFKC') === character && character.toUpperCase().toLowerCase() === character;
}

function escaped(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  return code < 0x80 ? `%${code.toString(16).padStart(2, '0')}` : `%u${code.toString(16).padStart(6, '0')}`;
}

/** `%%` is in no other part. */
function shortened(characters: readonly string[], key: string): string {
  // UTF-16, since UTF-8 has one form for all halves of characters.
  const hash = createHash('sha256').update(Buffer.from(key, 'utf16le')).digest('hex').slice(0, HASH_DIGITS);
  let room = MAX_BYTES - hash.length - 2;
  const end = characters.findIndex((character) => {
    room -= byteLength(character);
    return room < 0;
  });
  return `${characters.slice(0, end).join('')}%%${hash}`;
}

function byteLength(text: string): number {
  return Buffer.byteLength(text);
}
