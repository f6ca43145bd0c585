import { createHash } from 'node:crypto';
import { globSync, readFileSync } from 'node:fs';
import { join, relative } from 'node:path';

/** What the web client is made of, beside the packages that the lock file pins. */
const INPUTS = [
  'web/**/*.*',
  'src/core/*.ts',
  'src/dialects/parlour/{wire,client*}.ts',
  'package-lock.json',
  'scripts/{build-web,web-inputs}.ts',
];
const IGNORED = ['web/dist/**', 'web/.dist-*/**', 'web/**/node_modules/**', '**/*.test.*'];

/** One hash over names and contents: a fresh clone, a branch switch or a touched file mislead modification times. */
export function hashInputs(root: string): string {
  const hash = createHash('sha256');
  for (const path of listInputs(root)) {
    const content = readFileSync(join(root, path));
    hash.update(`${path}\0${content.length}\0`).update(content);
  }
  return hash.digest('hex');
}

export function listInputs(root: string): readonly string[] {
  return globSync(INPUTS, { cwd: root, exclude: IGNORED, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => relative(root, join(entry.parentPath, entry.name)).replaceAll('\\', '/'))
    .sort();
}
