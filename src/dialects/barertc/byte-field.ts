/**
 * A picture comes as `"bytes":[137,80,…]` from web clients: up to 32 MiB of JSON for 8 MiB. Parsed as JSON that is
 * eight million boxed numbers; so the value is read straight from the text, and the rest of the frame is JSON.
 */
export type Lifted =
  /** `rest` is the frame with `null` in the place of the bytes. */
  | { readonly kind: 'lifted'; readonly rest: string; readonly bytes: Uint8Array }
  | { readonly kind: 'absent' }
  | { readonly kind: 'too-large' }
  | { readonly kind: 'malformed' };

/**
 * Takes the value of the member `bytes` out of the JSON object `text`: an array of integers from 0 to 255, or a base64
 * string. The rest is skipped over, not checked: that is left to the parser. A second `bytes` is malformed.
 */
export function liftBytes(text: string, maxBytes: number): Lifted {
  let found: { readonly from: number; readonly to: number; readonly bytes: Uint8Array } | undefined;
  let at = skipBlank(text, 0);
  if (text.charCodeAt(at) !== OPEN_BRACE) return MALFORMED;
  at = skipBlank(text, at + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = stringEnd(text, at);
    const colon = skipBlank(text, keyEnd);
    if (keyEnd < 0 || text.charCodeAt(colon) !== COLON) return MALFORMED;
    const from = skipBlank(text, colon + 1);
    let to: number;
    if (isBytesKey(text, at, keyEnd) && !text.startsWith('null', from)) {
      if (found) return MALFORMED;
      const value = scanBytes(text, from, maxBytes);
      if (value.kind !== 'bytes') return value;
      to = value.end;
      found = { from, to, bytes: value.bytes };
    } else {
      to = valueEnd(text, from);
    }
    if (to < 0) return MALFORMED;
    at = skipBlank(text, to);
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipBlank(text, at + 1);
  }
  if (!found) return { kind: 'absent' };
  const rest = `${text.slice(0, found.from)}null${text.slice(found.to)}`;
  return { kind: 'lifted', rest, bytes: found.bytes };
}

/**
 * The members of the JSON object `text`, by name, as the text they are written in; nothing where it is no object. What
 * is within them is skipped over, not checked.
 */
export function membersOf(text: string): ReadonlyMap<string, string> | undefined {
  const members = new Map<string, string>();
  let at = skipBlank(text, 0);
  if (text.charCodeAt(at) !== OPEN_BRACE) return undefined;
  at = skipBlank(text, at + 1);
  while (text.charCodeAt(at) === QUOTE) {
    const keyEnd = stringEnd(text, at);
    const colon = skipBlank(text, keyEnd);
    if (keyEnd < 0 || text.charCodeAt(colon) !== COLON) return undefined;
    const from = skipBlank(text, colon + 1);
    const to = valueEnd(text, from);
    if (to < 0 || members.size >= MAX_MEMBERS) return undefined;
    members.set(unescapeJson(text.slice(at + 1, keyEnd - 1)) ?? '', text.slice(from, to).trimEnd());
    at = skipBlank(text, to);
    if (text.charCodeAt(at) !== COMMA) break;
    at = skipBlank(text, at + 1);
  }
  return text.charCodeAt(at) === CLOSE_BRACE ? members : undefined;
}

const MAX_MEMBERS = 100;

/** Standard base64 with padding, as Go's decoder takes it: line breaks are ignored, anything else refused. */
export function decodeBase64(encoded: string): Uint8Array | undefined {
  const compact = /[\r\n]/.test(encoded) ? encoded.replace(/[\r\n]+/g, '') : encoded;
  if (compact.length % 4 !== 0) return undefined;
  const padding = compact.endsWith('==') ? 2 : compact.endsWith('=') ? 1 : 0;
  if (/[^A-Za-z0-9+/]/.test(compact.slice(0, compact.length - padding))) return undefined;
  return Buffer.from(compact, 'base64');
}

const BLANK = 32;
const QUOTE = 34;
const COMMA = 44;
const ZERO = 48;
const NINE = 57;
const COLON = 58;
const OPEN_BRACKET = 91;
const BACKSLASH = 92;
const CLOSE_BRACKET = 93;
const OPEN_BRACE = 123;
const CLOSE_BRACE = 125;

const MALFORMED = { kind: 'malformed' } as const;
const TOO_LARGE = { kind: 'too-large' } as const;

type Scanned =
  | { readonly kind: 'bytes'; readonly bytes: Uint8Array; readonly end: number }
  | typeof MALFORMED
  | typeof TOO_LARGE;

function scanBytes(text: string, at: number, maxBytes: number): Scanned {
  const first = text.charCodeAt(at);
  if (first === OPEN_BRACKET) return scanArray(text, at, maxBytes);
  if (first === QUOTE) return scanBase64(text, at, maxBytes);
  return MALFORMED;
}

function scanArray(text: string, start: number, maxBytes: number): Scanned {
  const end = text.indexOf(']', start) + 1;
  if (end === 0) return MALFORMED;
  // Bytes are walked several times faster than a string. What is not ASCII becomes bytes that are no digits.
  const source = Buffer.from(text.slice(start + 1, end));
  // Two characters at least for each number bound the count.
  const bytes = new Uint8Array(Math.min(maxBytes, source.length >> 1));
  let count = 0;
  let at = skipBlankBytes(source, 0);
  let code = source[at] ?? 0;
  if (code === CLOSE_BRACKET) return { kind: 'bytes', bytes: new Uint8Array(0), end };
  for (;;) {
    if (code < ZERO || code > NINE) return MALFORMED;
    const leadingZero = code === ZERO;
    let value = code - ZERO;
    code = source[++at] ?? 0;
    while (code >= ZERO && code <= NINE) {
      value = value * 10 + code - ZERO;
      if (leadingZero || value > 255) return MALFORMED;
      code = source[++at] ?? 0;
    }
    if (count === maxBytes) return TOO_LARGE;
    bytes[count++] = value;
    if (code <= BLANK) {
      at = skipBlankBytes(source, at);
      code = source[at] ?? 0;
    }
    if (code === CLOSE_BRACKET) return { kind: 'bytes', bytes: bytes.subarray(0, count), end };
    if (code !== COMMA) return MALFORMED;
    code = source[++at] ?? 0;
    if (code <= BLANK) {
      at = skipBlankBytes(source, at);
      code = source[at] ?? 0;
    }
  }
}

function skipBlankBytes(source: Uint8Array, from: number): number {
  let at = from;
  while (isBlankCode(source[at] ?? 0)) at++;
  return at;
}

function isBlankCode(code: number): boolean {
  return code <= BLANK && (code === BLANK || code === 10 || code === 13 || code === 9);
}

function scanBase64(text: string, start: number, maxBytes: number): Scanned {
  const end = stringEnd(text, start);
  if (end < 0) return MALFORMED;
  const raw = text.slice(start + 1, end - 1);
  // Some encoders write `\/`, others break lines every 76 characters.
  const encoded = raw.includes('\\') ? unescapeJson(raw) : raw;
  if (encoded === undefined) return MALFORMED;
  const bytes = decodeBase64(encoded);
  if (!bytes) return MALFORMED;
  return bytes.length > maxBytes ? TOO_LARGE : { kind: 'bytes', bytes, end };
}

function isBytesKey(text: string, start: number, end: number): boolean {
  const raw = text.slice(start + 1, Math.min(end - 1, start + 64));
  const key = raw.includes('\\') ? unescapeJson(raw) : raw;
  return key?.toLowerCase().replaceAll('ſ', 's') === 'bytes';
}

function unescapeJson(raw: string): string | undefined {
  try {
    const value: unknown = JSON.parse(`"${raw}"`);
    return typeof value === 'string' ? value : undefined;
  } catch {
    return undefined;
  }
}

function skipBlank(text: string, from: number): number {
  let at = from;
  for (;;) {
    if (!isBlankCode(text.charCodeAt(at))) return at;
    at++;
  }
}

/** Where the string that opens at `start` is over: the place after its closing quote, or -1. */
function stringEnd(text: string, start: number): number {
  let from = start + 1;
  for (;;) {
    const quote = text.indexOf('"', from);
    if (quote < 0) return -1;
    let before = quote - 1;
    while (text.charCodeAt(before) === BACKSLASH) before--;
    if ((quote - before) % 2 === 1) return quote + 1;
    from = quote + 1;
  }
}

/** Where the value that begins at `start` is over, or -1. */
function valueEnd(text: string, start: number): number {
  let depth = 0;
  let at = start;
  while (at < text.length) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) {
      at = stringEnd(text, at);
      if (at < 0 || depth === 0) return at;
      continue;
    }
    if (code === OPEN_BRACKET || code === OPEN_BRACE) depth++;
    else if (code === CLOSE_BRACKET || code === CLOSE_BRACE) {
      if (depth === 0) return at;
      depth--;
      if (depth === 0) return at + 1;
    } else if (code === COMMA && depth === 0) return at;
    at++;
  }
  return -1;
}
