import { spawnSync } from 'node:child_process';
import { findChromium } from '../tests/support/chromium.ts';

/**
 * Before the tests: browser tests need Chromium. Where it is missing and apt is there, it is installed; elsewhere the
 * developer is told what to do.
 */

class Failure extends Error {}

function ensureChromium(): void {
  if (findChromium(process.env) !== undefined) return;
  if (!succeeds('apt-get', ['--version'])) {
    throw new Failure('Chromium was not found. Install it, or name its program in PARLOUR_CHROMIUM.');
  }
  process.stdout.write('Chromium was not found: installing it with apt.\n');
  apt(['update']);
  apt(['install', '--yes', '--no-install-recommends', 'chromium']);
  if (findChromium(process.env) === undefined) throw new Failure('apt installed chromium, but it is not to be found.');
}

function apt(args: readonly string[]): void {
  const isRoot = process.getuid?.() === 0;
  // sudo clears the environment, so the variable goes through env.
  const command = ['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', ...args];
  const [program = '', ...rest] = isRoot ? command : ['sudo', '-n', ...command];
  const { status } = spawnSync(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] });
  if (status === 0) return;
  const why = isRoot ? '' : ' (it needs root, or sudo without a password)';
  throw new Failure(`apt-get ${args.join(' ')} failed${why}. Install Chromium, or name it in PARLOUR_CHROMIUM.`);
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

try {
  ensureChromium();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
