/** What says that there is nothing to be had there, or nothing that is a file or a folder of ours. */
const GONE: ReadonlySet<unknown> = new Set(['ENOENT', 'ENOTDIR', 'ENAMETOOLONG', 'ELOOP']);

/** For `catch`: what is not there is nothing, and anything else is an error. */
export function orNothing(error: unknown): undefined {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (!GONE.has(code)) throw error;
  return undefined;
}
