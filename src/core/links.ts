/**
 * The links of a text, each as a number: the same one for spellings of an address that lead to the same place. Also
 * what is not a link on every wire, but what people would copy: `www.a.example`, `a.example/b`.
 */
export function linksIn(text: string): ReadonlySet<number> {
  const links = new Set<number>();
  const readable = text.normalize('NFKC').replace(INVISIBLE, '').replace(/&amp;/gi, '&');
  for (const word of readable.split(DELIMITERS)) {
    for (const address of addressesIn(word)) {
      const link = canonical(address);
      if (link !== '') links.add(hash(link));
    }
  }
  return links;
}

/** Backslashes are Markdown's: `a\_b` is `a_b`. */
const INVISIBLE = /\p{Default_Ignorable_Code_Point}|\\/gu;
/** What surrounds links in Markdown, HTML and sentences. Opening parentheses do occur within. */
const DELIMITERS = /[\s<>"`[\]{}|)^]+/;
const SCHEME_END = '://';
/** Browsers and servers take hardly more; two that begin alike this far are one. */
const MAX_ADDRESS_LENGTH = 2048;
/** Without `://` or `www.`: with a path, or in the domains that names are mostly in. */
const BARE = /^(?:[\p{L}\p{N}-]+\.)+(?:\p{L}{2,}(?::\d+)?\/|(?:com|net|org)(?![\p{L}\p{N}-]))/iu;

/** Without their schemes. A link may have another one in it, which counts, too. */
function addressesIn(word: string): readonly string[] {
  const addresses: string[] = [];
  for (let end = word.indexOf(SCHEME_END); end >= 0; end = word.indexOf(SCHEME_END, end + 1)) {
    const start = end + SCHEME_END.length;
    addresses.push(word.slice(start, start + MAX_ADDRESS_LENGTH));
  }
  if (addresses.length > 0) return addresses;
  const bare = word.replace(/^[^\p{L}\p{N}]+/u, '');
  return /^www\./i.test(bare) || BARE.test(bare) ? [bare.slice(0, MAX_ADDRESS_LENGTH)] : [];
}

function canonical(address: string): string {
  const [beforeFragment = ''] = address.split('#', 1);
  const [, authority = '', rest = ''] = /^([^/?]*)(.*)$/s.exec(withoutTail(beforeFragment)) ?? [];
  const host = authority
    .slice(authority.lastIndexOf('@') + 1)
    .toLowerCase()
    .replace(/^www\./, '')
    .replace(/:(?:80|443)?$/, '')
    .replace(/\.+$/, '');
  if (!/[\p{L}\p{N}]/u.test(host)) return '';
  return (
    host +
    withoutTail(
      unescaped(rest)
        .replace(/\/{2,}/g, '/')
        .replace(/\/(?=\?|$)/, ''),
    )
  );
}

/** Punctuation and emphasis after a link are not of it. Not by a pattern: those search from each character anew. */
function withoutTail(text: string): string {
  let end = text.length;
  while (end > 0 && TAIL.has(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

const TAIL = new Set(`.,;:!?'*_~/&(`);

/** What is escaped without need. */
function unescaped(path: string): string {
  return path.replace(/%([2-7][0-9a-f])/gi, (escaped, digits: string) => {
    const character = String.fromCharCode(Number.parseInt(digits, 16));
    return /[\w.~-]/.test(character) ? character : escaped.toUpperCase();
  });
}

/** 53 bits (FNV-1a, twice). A collision counts against its sender alone. */
function hash(text: string): number {
  let low = 0x811c9dc5;
  let high = 0x01000193;
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    low = Math.imul(low ^ unit, 0x01000193);
    high = Math.imul(high ^ unit, 0x85ebca6b);
  }
  return (high >>> 11) * 0x1_0000_0000 + (low >>> 0);
}
