import { RE2JS } from 're2js';
import { oneLine } from './one-line.ts';

/** Why a phrase is no regular expression in the syntax of RE2, in a few words; undefined where it is one. */
export function phraseProblem(phrase: string): string | undefined {
  try {
    RE2JS.compile(phrase);
    return undefined;
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return oneLine(reason.replace(/^error parsing regexp: /, ''));
  }
}
