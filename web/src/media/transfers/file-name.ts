import { cleanLine } from '../../../../src/core/name.ts';

const MAX_NAME = 120;
/** What separates folders, and what some systems give a meaning. */
const UNSAFE = /[/\\:*?"<>|]+/g;

/**
 * A name that somebody else gave a file, as it may be shown and saved: one line, printable, of no folder, not hidden.
 * What tells its type is kept where the name is too long.
 */
export function safeFileName(raw: string): string {
  const line = cleanLine(raw.slice(-1024).replace(UNSAFE, '_'), 1024)
    .replace(/^[.\s]+/, '')
    .replace(/[.\s]+$/, '');
  if (line === '') return 'file';
  const letters = [...line];
  if (letters.length <= MAX_NAME) return line;
  const ending = /\.[\p{L}\p{N}]{1,12}$/u.exec(line)?.[0] ?? '';
  return `${letters.slice(0, MAX_NAME - ending.length - 1).join('')}…${ending}`;
}
