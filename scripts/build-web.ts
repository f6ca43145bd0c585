import {
  chmodSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { brotliCompressSync, gzipSync } from 'node:zlib';
import { hashInputs } from './web-inputs.ts';

/**
 * Builds the web client into `web/dist` where it is missing or not made of what is there now; with `--force` always.
 * Several may run at once: each builds in a folder of its own, and the last to finish wins.
 */

const root = join(import.meta.dirname, '..');
const web = join(root, 'web');
const dist = join(web, 'dist');
const STAMP = '.inputs';

async function buildWeb({ force }: { readonly force: boolean }): Promise<void> {
  const inputs = hashInputs(root);
  if (!force && builtFrom() === inputs) return;
  // Imported late: most starts have nothing to build.
  const { build } = await import('vite');
  const fresh = mkdtempSync(join(web, '.dist-'));
  try {
    // Temporary folders are private, but the server may run as somebody else.
    chmodSync(fresh, 0o755);
    await build({
      root: web,
      configFile: join(web, 'vite.config.ts'),
      build: { outDir: fresh, emptyOutDir: true },
      logLevel: 'error',
    });
    compress(join(fresh, 'client'));
    writeFileSync(join(fresh, STAMP), inputs);
    putInPlace(fresh);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Scripts and styles are compressed once, here, so that the server need not do it for everybody. */
function compress(built: string): void {
  for (const name of readdirSync(built).filter((file) => /\.(js|css)$/.test(file))) {
    const content = readFileSync(join(built, name));
    writeFileSync(join(built, `${name}.br`), brotliCompressSync(content));
    writeFileSync(join(built, `${name}.gz`), gzipSync(content, { level: 9 }));
  }
}

function builtFrom(): string | undefined {
  const stamp = join(dist, STAMP);
  return existsSync(stamp) ? readFileSync(stamp, 'utf8') : undefined;
}

/** A folder cannot be renamed over another, so the old one is moved away first; another build may be doing the same. */
function putInPlace(fresh: string): void {
  for (let attempts = 10; ; attempts -= 1) {
    const old = `${fresh}-old`;
    rename(dist, old);
    rmSync(old, { recursive: true, force: true });
    if (rename(fresh, dist)) return;
    if (attempts === 0) throw new Error(`${dist} could not be replaced`);
  }
}

/** False where the source is gone or the target has come to be: somebody else was quicker. */
function rename(from: string, to: string): boolean {
  try {
    renameSync(from, to);
    return true;
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? error.code : undefined;
    if (code === 'ENOENT' || code === 'ENOTEMPTY' || code === 'EEXIST') return false;
    throw error;
  }
}

const { values } = parseArgs({ options: { force: { type: 'boolean', default: false } } });
try {
  await buildWeb({ force: values.force });
} catch (error) {
  process.stderr.write(
    `The web client could not be built.\n${error instanceof Error ? error.message : String(error)}\n`,
  );
  process.exitCode = 1;
}
