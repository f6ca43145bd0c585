import { mkdir, readdir, realpath, stat } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { orNothing } from './gone.ts';

/** What people say among themselves is for nobody else on the machine. */
const PRIVATE = 0o700;

/**
 * The folder of a group's recordings below `root`, where there is one: each part of its name is a folder, exactly so
 * called, or else in other cases of letters, as definitions are found. Nothing where a link leads out of `root`.
 */
export async function recordingFolder(root: string, group: string): Promise<string | undefined> {
  if (!isFolderPath(group)) return undefined;
  const base = await realpath(root).catch(orNothing);
  if (base === undefined) return undefined;
  let folder = base;
  for (const part of group.split('/')) {
    const name = await folderCalled(folder, part);
    if (name === undefined) return undefined;
    folder = join(folder, name);
  }
  const real = await realpath(folder).catch(orNothing);
  return real?.startsWith(base + sep) ? real : undefined;
}

/**
 * The same folder, made where it is missing. Rejects where the name is no group's, where it cannot be made, and where a
 * link leads out of `root`.
 */
export async function makeRecordingFolder(root: string, group: string): Promise<string> {
  if (!isFolderPath(group)) throw new Error('This cannot be the name of a folder.');
  await mkdir(root, { recursive: true, mode: PRIVATE });
  let folder = await realpath(root);
  for (const part of group.split('/')) {
    folder = join(folder, (await folderCalled(folder, part)) ?? part);
    await mkdir(folder, { recursive: true, mode: PRIVATE });
  }
  const made = await recordingFolder(root, group);
  if (made === undefined) throw new Error('The folder of the recordings leads somewhere else.');
  return made;
}

async function folderCalled(folder: string, part: string): Promise<string | undefined> {
  if (await isFolder(join(folder, part))) return part;
  const names = await readdir(folder).catch(orNothing);
  const wanted = part.toLowerCase();
  for (const name of (names ?? []).sort()) {
    if (name.toLowerCase() === wanted && (await isFolder(join(folder, name)))) return name;
  }
  return undefined;
}

async function isFolder(path: string): Promise<boolean> {
  return (await stat(path).catch(orNothing))?.isDirectory() === true;
}

/** Parts that begin with a dot are nobody's: they are hidden, or lead upwards. */
function isFolderPath(group: string): boolean {
  if (/[\\\p{Cc}\p{Cs}]/u.test(group)) return false;
  return group.split('/').every((part) => part !== '' && !part.startsWith('.'));
}
