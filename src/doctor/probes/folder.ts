import { constants } from 'node:fs';
import { access, stat, statfs } from 'node:fs/promises';
import type { FolderFacts } from '../checks/folder.ts';

/** Writes nothing. */
export async function lookAtFolder(path: string): Promise<FolderFacts> {
  try {
    if (!(await stat(path)).isDirectory()) return { kind: 'unusable', reason: 'a file is in its place' };
    await access(path, constants.R_OK | constants.W_OK | constants.X_OK);
    const { bavail, bsize } = await statfs(path);
    return { kind: 'writable', freeBytes: bavail * bsize };
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    return code === 'ENOENT' ? { kind: 'absent' } : { kind: 'unusable', reason: code ?? message };
  }
}
