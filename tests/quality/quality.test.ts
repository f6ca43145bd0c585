import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '..', '..');
const packages = join(root, 'node_modules');
const biome = join(packages, '@biomejs', 'biome', 'bin', 'biome');
const tsc = join(packages, 'typescript', 'bin', 'tsc');

/** The whole of the repository is read: on a busy machine that takes its time. */
const TIMEOUT_MS = 180_000;

/** Nothing where the program was content, what it said where not. */
function complaints(script: string, args: readonly string[]): Promise<string> {
  const options = { cwd: root, timeout: TIMEOUT_MS, maxBuffer: 64 * 1024 * 1024 };
  return new Promise((resolve) => {
    execFile(process.execPath, [script, ...args], options, (error, stdout, stderr) => {
      resolve(error === null ? '' : `${stdout}\n${stderr}\n${error.message}`);
    });
  });
}

async function expectContent(script: string, args: readonly string[]): Promise<void> {
  const text = await complaints(script, args);
  if (text !== '') expect.fail(text);
}

test('Biome has no complaint', { timeout: TIMEOUT_MS }, async () => {
  await expectContent(biome, ['check', '--colors=off', '--max-diagnostics=50', '.']);
});

test('the types of server, tests and scripts are right', { timeout: TIMEOUT_MS }, async () => {
  await expectContent(tsc, ['--noEmit', '--pretty', 'false']);
});

test.each(['web', 'tests/browser'])('the types of %s are right', { timeout: TIMEOUT_MS }, async (project) => {
  await expectContent(tsc, ['--noEmit', '--pretty', 'false', '-p', project]);
});
