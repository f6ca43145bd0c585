import { type Finding, fail, ok, warn } from '../finding.ts';

export type FolderFacts =
  | { readonly kind: 'writable'; readonly freeBytes: number }
  /** It will be made at the start. */
  | { readonly kind: 'absent' }
  | { readonly kind: 'unusable'; readonly reason: string };

export interface NamedFolder {
  readonly path: string;
  /** Begins a sentence, as "the data folder". */
  readonly title: string;
}

const MEBIBYTE = 1024 * 1024;
const SCARCE = 500 * MEBIBYTE;

export function folderFindings({ path, title }: NamedFolder, facts: FolderFacts): readonly Finding[] {
  if (facts.kind === 'absent') return [ok(`${title} ${path} is not there yet; it is made at the start`)];
  if (facts.kind === 'unusable') {
    const advice = 'Let the user that Parlour runs as own it: chown -R parlour FOLDER. Run this check as that user.';
    return [fail(`${title} ${path} cannot be written to: ${facts.reason}`, advice)];
  }
  const free = `${Math.round(facts.freeBytes / MEBIBYTE)} MiB are free`;
  if (facts.freeBytes >= SCARCE) return [ok(`${title} ${path} can be written to, and ${free}`)];
  return [warn(`${title} ${path} can be written to, but only ${free}`, 'Make room on that disk before it is full.')];
}
