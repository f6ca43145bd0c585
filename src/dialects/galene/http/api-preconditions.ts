import type { Expectation } from '../../../core/administration.ts';

type Headers = Readonly<Record<string, string | undefined>>;

/** A version as HTTP writes it. */
export function etag(tag: string): string {
  return `"${tag}"`;
}

/** What `If-Match` and `If-None-Match` ask of something that is to be changed (RFC 9110, 13.1). */
export function expectationOf(headers: Headers): Expectation {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  return (tag) =>
    (match === undefined || names(match, tag, 'strong')) && (noneMatch === undefined || !names(noneMatch, tag, 'weak'));
}

/** And of something that is to be read: whether it is another one than was expected, or still what they have. */
export function readingOutcome(headers: Headers, tag: string | undefined): 'mismatch' | 'unmodified' | 'wanted' {
  const { 'if-match': match, 'if-none-match': noneMatch } = headers;
  if (match !== undefined && !names(match, tag, 'strong')) return 'mismatch';
  return noneMatch !== undefined && names(noneMatch, tag, 'weak') ? 'unmodified' : 'wanted';
}

/** Whether a list of versions has this one; `*` is any that is there. */
function names(list: string, tag: string | undefined, comparison: 'strong' | 'weak'): boolean {
  if (tag === undefined) return false;
  if (list.trim() === '*') return true;
  const entries = [...list.matchAll(/(W\/)?("[^"]*")/g)];
  return entries.some(([, weak, value]) => value === etag(tag) && (weak === undefined || comparison === 'weak'));
}
