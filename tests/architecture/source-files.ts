import { globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { parseSync } from 'vite';

export interface SourceFile {
  /** Below the repository, with `/`: `src/core/room.ts`. */
  readonly path: string;
  readonly text: string;
  readonly imports: readonly Import[];
}

export interface Import {
  readonly specifier: string;
  /** The file in the repository that it names; undefined for packages and Node's own modules. */
  readonly target: string | undefined;
}

const ROOT = join(import.meta.dirname, '..', '..');

export function sourceFiles(patterns: readonly string[]): readonly SourceFile[] {
  return listFiles(patterns).map((path) => {
    const text = readFileSync(join(ROOT, path), 'utf8');
    return { path, text, imports: importsOf(path, text) };
  });
}

/** Paths below the repository. */
export function listFiles(patterns: readonly string[]): readonly string[] {
  const found = globSync([...patterns], {
    cwd: ROOT,
    exclude: ['**/node_modules/**', 'web/dist/**', 'web/.dist-*/**'],
  });
  return found.map((path) => path.replaceAll('\\', '/')).sort();
}

/** Types count too: who knows another's types depends on it. */
export function importsOf(path: string, text: string): readonly Import[] {
  const { module, errors } = parseSync(path, text);
  const [error] = errors;
  if (error !== undefined) throw new Error(`${path} cannot be parsed: ${error.message}`);
  const imported = module.staticImports.map((item) => item.moduleRequest.value);
  const reExported = module.staticExports.flatMap((item) =>
    item.entries.flatMap((entry) => (entry.moduleRequest === null ? [] : [entry.moduleRequest.value])),
  );
  // `import('./x.ts')` as an expression and as a type: the parser lists only the first.
  const inline = [...text.matchAll(/\bimport\(\s*(['"])([^'"]+)\1/g)].map((match) => match[2] ?? '');
  const specifiers = [...new Set([...imported, ...reExported, ...inline])];
  return specifiers.map((specifier) => ({ specifier, target: targetOf(path, specifier) }));
}

function targetOf(path: string, specifier: string): string | undefined {
  if (!specifier.startsWith('.')) return undefined;
  return join(dirname(path), specifier).replaceAll('\\', '/').replace(/\?.*$/, '');
}
