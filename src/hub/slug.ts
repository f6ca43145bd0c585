import { slugify } from 'transliteration';

const MAX_LENGTH = 64;

/** A name as it can stand in an address: `My Room É #1` is `my-room-e-1`. Empty where nothing is left of it. */
export function slugOf(name: string): string {
  return slugify(name.slice(0, 500), { lowercase: true, separator: '-', allowedChars: 'a-zA-Z0-9' })
    .slice(0, MAX_LENGTH)
    .replace(/^-+|-+$/g, '');
}
