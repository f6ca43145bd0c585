import type { BigIntStats } from 'node:fs';
import { type FileHandle, lstat, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { orNothing, stampOf } from './files.ts';

/** Secrets may be in it. */
const NEW_MODE = 0o600;

export interface Replacement {
  readonly file: string;
  readonly text: string;
  /** What the file was, whose mode and owner stay; absent where there must be none. */
  readonly before?: BigIntStats;
}

/** What is in the way: nothing any more; something new where there was none; what somebody wrote meanwhile. */
export type Replaced = 'done' | 'taken' | 'changed';

/**
 * Puts a file in the place of another, or where none is: whoever reads it meanwhile has the one or the other, and
 * after a crash one of the two is there. Nothing is done where the file is not what it was. One at a time for a file.
 */
export async function replaceFile({ file, text, before }: Replacement): Promise<Replaced> {
  const draft = join(dirname(file), `.${basename(file)}.new`);
  // Of a crash; or a link that somebody else put there, which must not be written through.
  await rm(draft, { force: true });
  const handle = await open(draft, 'wx', NEW_MODE);
  try {
    await fill(handle, text, before);
    // As late as can be: an editor that writes between this and the next step is overwritten.
    const obstacle = await obstacleTo(file, before);
    if (obstacle) {
      await rm(draft, { force: true });
      return obstacle;
    }
    await rename(draft, file);
    await syncFolder(dirname(file));
    return 'done';
  } catch (error) {
    await rm(draft, { force: true });
    throw error;
  }
}

async function obstacleTo(file: string, before: BigIntStats | undefined): Promise<'taken' | 'changed' | undefined> {
  const now = await lstat(file, { bigint: true }).catch(orNothing);
  if (!before) return now ? 'taken' : undefined;
  return now && stampOf(now) === stampOf(before) ? undefined : 'changed';
}

async function fill(handle: FileHandle, text: string, before: BigIntStats | undefined): Promise<void> {
  try {
    await handle.writeFile(text);
    // The owner first: another one takes the bits of the mode away that are beyond reading and writing.
    if (before) await handle.chown(Number(before.uid), Number(before.gid)).catch(() => {});
    if (before) await handle.chmod(Number(before.mode) & 0o777);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Which file has the name is on disk, too; where folders can be synchronised at all. */
export async function syncFolder(folder: string): Promise<void> {
  const handle = await open(folder, 'r').catch(() => undefined);
  try {
    await handle?.sync();
  } catch {
    // Some file systems have no such thing.
  } finally {
    await handle?.close();
  }
}
