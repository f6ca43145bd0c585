import { MAX_TEXT_LENGTH } from './message.ts';
import { type PlainText, plainText } from './plain-text.ts';

/** A phrase. The core compiles no patterns: they are given to it. */
export interface TextPattern {
  /**
   * The text with one asterisk in the place of each character (code point) that matches, and everything else as it
   * was; undefined where nothing matches.
   */
  censor(text: string): string | undefined;
}

/** Phrases, and what happens to a message that has one of them (`spec/barertc.md` 1.9.13). */
export interface MessageFilter {
  readonly channels: boolean;
  readonly direct: boolean;
  readonly patterns: readonly TextPattern[];
  /** Whether what matched is replaced by asterisks. */
  readonly censor: boolean;
  /** Whether others get the message; if not, its author alone sees it. */
  readonly forward: boolean;
  readonly report: boolean;
  /** What the server says to the author; empty for nothing. */
  readonly response: string;
}

export interface Filtered {
  readonly filter: MessageFilter;
  /** What is to be shown: censored where the filter says so; at most as long as a message may be. */
  readonly text: string;
}

/**
 * The first filter with a match decides; all of its patterns censor. They are tried on the Markdown source and on what
 * its reader sees, so that `f**o**o` is `foo`; links, tags and emphasis around it stay as they were.
 */
export function filterText(
  filters: readonly MessageFilter[],
  { text, kind }: { readonly text: string; readonly kind: 'channel' | 'direct' },
): Filtered | undefined {
  const applicable = filters.filter((filter) => (kind === 'channel' ? filter.channels : filter.direct));
  if (applicable.length === 0) return undefined;
  const variants = [asWritten(text), plainText(text, { tags: 'kept' }), plainText(text, { tags: 'removed' })];
  for (const filter of applicable) {
    const covers = coversOf(filter.patterns, { text, variants });
    if (covers) return { filter, text: filter.censor ? censored(text, covers) : text };
  }
  return undefined;
}

/** What becomes of each UTF-16 unit of the source. */
type Covers = Uint8Array;
const KEPT = 0;
const ASTERISK = 1;
const GONE = 2;

function asWritten(text: string): PlainText {
  const starts = Array.from({ length: text.length }, (_, index) => index);
  return { text, starts, ends: starts.map((start) => start + 1) };
}

function coversOf(
  patterns: readonly TextPattern[],
  { text, variants }: { readonly text: string; readonly variants: readonly PlainText[] },
): Covers | undefined {
  const covers = new Uint8Array(text.length);
  let isMatch = false;
  for (const [index, variant] of variants.entries()) {
    // Most messages have no markup: what they say need not be searched twice.
    if (variants.slice(0, index).some((earlier) => earlier.text === variant.text)) continue;
    for (const pattern of patterns) {
      const result = pattern.censor(variant.text);
      if (result === undefined) continue;
      isMatch = true;
      cover(covers, variant, result);
    }
  }
  return isMatch ? covers : undefined;
}

/** Finds what a pattern replaced, and notes it at its place in the source. */
function cover(covers: Covers, variant: PlainText, result: string): void {
  const after = result[Symbol.iterator]();
  let position = 0;
  for (const character of variant.text) {
    const isReplaced = after.next().value !== character;
    const last = position + character.length - 1;
    if (isReplaced) {
      const start = variant.starts[position] ?? 0;
      covers.fill(GONE, start, variant.ends[last] ?? start);
      covers[start] = ASTERISK;
    }
    position = last + 1;
  }
}

/** Looks like an asterisk and is no markup, not even within code. */
const UNAMBIGUOUS = '\u2217';
const ESCAPED = '\\*';
/** Code shows its backslashes, and so do tags and addresses in angle brackets. */
const SHOWS_BACKSLASHES = /[`<\t]|~~~| {4}/;

/** Asterisks are markup themselves: they must neither emphasise nor draw a line. */
function censored(text: string, covers: Covers): string {
  if (SHOWS_BACKSLASHES.test(text)) return written(text, covers, UNAMBIGUOUS);
  const result = written(text, covers, ESCAPED);
  return result.length > MAX_TEXT_LENGTH ? written(text, covers, UNAMBIGUOUS) : result;
}

function written(text: string, covers: Covers, asterisk: string): string {
  const hasOwnAsterisks = text.includes('*');
  let result = '';
  let hasLetter = false;
  for (let position = 0; position < text.length; ) {
    if (covers[position] === KEPT) {
      const unit = text.charAt(position++);
      hasLetter = unit !== '\n' && (hasLetter || /\p{L}/u.test(unit));
      result += unit;
      continue;
    }
    const end = endOfRun(covers, position);
    const count = covers.subarray(position, end).filter((unit) => unit === ASTERISK).length;
    const before = text.charAt(position - 1);
    const isPlain = hasLetter && !hasOwnAsterisks && before === ' ' && /^(?:$|[\s.,;:!?)])/.test(text.charAt(end));
    // A backslash of the author's would escape ours, and leave the asterisk bare.
    result += (isPlain ? '*' : before === '\\' ? UNAMBIGUOUS : asterisk).repeat(count);
    position = end;
  }
  return result;
}

function endOfRun(covers: Covers, start: number): number {
  let end = start;
  while (end < covers.length && covers[end] !== KEPT) end++;
  return end;
}
