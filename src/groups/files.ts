import type { BigIntStats } from 'node:fs';

/** What is another after a file was changed, however it was: in place, or by another one that took its name. */
export function stampOf({ size, mtimeNs, ino }: BigIntStats): string {
  return `${size}-${mtimeNs}-${ino}`;
}

/** For `catch`: a file that is not there is nothing, and anything else is an error. */
export function orNothing(error: unknown): undefined {
  if (isGone(error)) return undefined;
  throw error;
}

/** Whether there is no such file, by its name or by what its name goes through. */
export function isGone(error: unknown): boolean {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  return code === 'ENOENT' || code === 'ENOTDIR' || code === 'ENAMETOOLONG';
}

export function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
