import { readdir } from 'node:fs/promises';
import type { Dialect } from './dialect.ts';

/** Every folder beside this file is a wire: its `index.ts` exports `dialect`. In the order of their names. */
export async function loadDialects(): Promise<readonly Dialect[]> {
  const entries = await readdir(new URL('.', import.meta.url), { withFileTypes: true });
  const folders = entries
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
    .sort();
  return Promise.all(
    folders.map(async (folder) => {
      const module: { readonly dialect: Dialect } = await import(new URL(`./${folder}/index.ts`, import.meta.url).href);
      return module.dialect;
    }),
  );
}
