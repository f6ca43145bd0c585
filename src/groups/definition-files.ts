import type { Dirent } from 'node:fs';
import { readdir, realpath } from 'node:fs/promises';
import { join, sep } from 'node:path';
import { isGone, orNothing, reasonOf } from './files.ts';
import { isGroupName } from './group-names.ts';

/** Definitions and folders. */
export const MAX_FILES = 10_000;
const SUFFIX = '.json';

export interface Listing {
  /** Of the groups that have a file. */
  readonly names: readonly string[];
  readonly folders: readonly string[];
  /** Why it is not all that there is; empty where it is. */
  readonly problem: string;
}

/** The file of a group whose name is one; nothing where there is none, or where a link leads out of the folder. */
export async function definitionFile(root: string, name: string): Promise<string | undefined> {
  const file = await realpath(join(root, ...`${name}${SUFFIX}`.split('/'))).catch(orNothing);
  return file?.startsWith(root + sep) ? file : undefined;
}

/** All groups below a folder. Folders that are links are not entered: they could lead in a circle. */
export async function listDefinitions(root: string): Promise<Listing> {
  const names: string[] = [];
  const folders: string[] = [];
  const waiting = [''];
  let problem = '';
  for (let prefix = waiting.shift(); prefix !== undefined; prefix = waiting.shift()) {
    const folder = join(root, prefix);
    const entries = await readdir(folder, { withFileTypes: true }).catch((error: unknown) => {
      if (!isGone(error)) problem = reasonOf(error);
      return [];
    });
    folders.push(folder);
    for (const entry of entries) {
      const name = nameOf(entry, prefix);
      if (name === undefined) continue;
      if (entry.isDirectory()) waiting.push(`${name}/`);
      else names.push(name);
      if (names.length + folders.length + waiting.length > MAX_FILES) {
        const rest = waiting.map((each) => join(root, each));
        return { names, folders: [...folders, ...rest], problem: `there are more than ${MAX_FILES} files` };
      }
    }
  }
  return { names: names.sort(), folders, problem };
}

/** Of the group whose file it is, or of those that the folder may have. */
function nameOf(entry: Dirent, prefix: string): string | undefined {
  const isFile = entry.name.endsWith(SUFFIX) && (entry.isFile() || entry.isSymbolicLink());
  if (!isFile && !entry.isDirectory()) return undefined;
  const name = prefix + (isFile ? entry.name.slice(0, -SUFFIX.length) : entry.name);
  return isGroupName(name) ? name : undefined;
}
