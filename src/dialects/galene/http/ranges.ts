/** Of a file, both included. */
export interface ByteRange {
  readonly start: number;
  readonly end: number;
}

/**
 * What a `Range` header asks of so many bytes: nothing where it asks for all of them, in several pieces or in a way that
 * nobody understands, which is then sent as a whole; `beyond` where there is no such part.
 */
export function rangeOf(header: string | undefined, bytes: number): ByteRange | 'beyond' | undefined {
  const [, from, to] = /^\s*bytes\s*=\s*(\d{0,15})\s*-\s*(\d{0,15})\s*$/i.exec(header ?? '') ?? [];
  if (from === undefined || to === undefined || (from === '' && to === '')) return undefined;
  if (from === '') return suffix(Number(to), bytes);
  const start = Number(from);
  const end = to === '' ? bytes - 1 : Math.min(Number(to), bytes - 1);
  if (to !== '' && Number(to) < start) return undefined;
  return start < bytes ? { start, end } : 'beyond';
}

/** The last so many. */
function suffix(length: number, bytes: number): ByteRange | 'beyond' {
  if (length === 0 || bytes === 0) return 'beyond';
  return { start: Math.max(0, bytes - length), end: bytes - 1 };
}
