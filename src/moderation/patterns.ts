import { RE2JS } from 're2js';
import type { MessageFilter, TextPattern } from '../core/filter.ts';

/** A phrase of the configuration that is no regular expression. */
export class PhraseError extends Error {
  override readonly name = 'PhraseError';
}

/** As `[[moderation.filters]]` has it. */
export interface FilterSettings extends Omit<MessageFilter, 'patterns'> {
  readonly enabled: boolean;
  readonly phrases: readonly string[];
}

/** Those that are enabled, compiled. Throws {@link PhraseError}. */
export function messageFilters(settings: readonly FilterSettings[]): readonly MessageFilter[] {
  return settings
    .filter(({ enabled }) => enabled)
    .map(({ enabled: _, phrases, ...filter }) => ({ ...filter, patterns: phrases.map(compilePattern) }));
}

/**
 * A regular expression in RE2's syntax, which is Go's: no matter what members write, a search takes time in proportion
 * to it. Throws {@link PhraseError}.
 */
export function compilePattern(phrase: string): TextPattern {
  const pattern = compile(phrase);
  return { censor: (text) => (pattern.test(text) ? censor(pattern, text) : undefined) };
}

function compile(phrase: string): RE2JS {
  try {
    return RE2JS.compile(phrase);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new PhraseError(`The phrase "${phrase}" is not a regular expression in the syntax of RE2: ${reason}`);
  }
}

/**
 * Each search is linear, but all matches together need not be: in `a.*b|a`, each of them looks for `b` to the end.
 * Whoever repeats a phrase more often than this has all the rest replaced.
 */
const MAX_MATCHES = 100;

function censor(pattern: RE2JS, text: string): string | undefined {
  let result = '';
  let position = 0;
  let matches = 0;
  let isMatch = false;
  for (const match of pattern.matchAll(text)) {
    const { 0: matched, index = 0 } = match;
    const isLast = ++matches > MAX_MATCHES && isMatch;
    const end = isLast ? text.length : index + matched.length;
    isMatch ||= matched !== '';
    result += text.slice(position, index) + asterisks(text.slice(index, end));
    position = end;
    if (matches > MAX_MATCHES) break;
  }
  return isMatch ? result + text.slice(position) : undefined;
}

/** One for each character; lines stay lines. */
function asterisks(text: string): string {
  return text.replace(/[^\r\n]/gu, '*');
}
