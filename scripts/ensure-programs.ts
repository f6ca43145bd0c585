import { spawnSync } from 'node:child_process';
import { findChromium } from '../tests/support/chromium.ts';
import { findTurnServer } from '../tests/support/coturn-program.ts';

/**
 * Before the tests: those of browsers need Chromium, and those of relaying need coturn. Where one is missing and apt is
 * there, it is installed; elsewhere the developer is told what to do.
 */
interface Needed {
  /** As Debian calls it. */
  readonly package: 'chromium' | 'coturn';
  readonly variable: string;
  readonly title: string;
  find(): string | undefined;
}

const NEEDED: readonly Needed[] = [
  { package: 'chromium', variable: 'PARLOUR_CHROMIUM', title: 'Chromium', find: () => findChromium(process.env) },
  { package: 'coturn', variable: 'PARLOUR_TURNSERVER', title: 'coturn', find: () => findTurnServer(process.env) },
];

class Failure extends Error {}

function ensurePrograms(): void {
  const missing = NEEDED.filter(({ find }) => find() === undefined);
  if (missing.length === 0) return;
  const titles = missing.map(({ title }) => title).join(' and ');
  if (!succeeds('apt-get', ['--version'])) {
    doWithout(missing);
    return;
  }
  process.stdout.write(`Not found, so installed with apt: ${titles}.\n`);
  if (missing.some((each) => each.package === 'coturn')) neverStart('coturn.service');
  apt(['update'], missing);
  apt(['install', '--yes', '--no-install-recommends', ...missing.map((each) => each.package)], missing);
  const lost = missing.filter(({ find }) => find() === undefined);
  if (lost.length > 0) throw new Failure(`apt installed it, but it is not to be found: ${advice(lost)}`);
}

/** Most tests are of pages; those that need coturn fail one by one, and say so. */
function doWithout(missing: readonly Needed[]): void {
  if (missing.some((each) => each.package === 'chromium')) throw new Failure(advice(missing));
  process.stderr.write(`${advice(missing)} Tests of relaying will fail.\n`);
}

/** The package's service would be open to anybody, from now on and after each start of the machine. */
function neverStart(unit: string): void {
  if (!succeeds('systemctl', ['--version'])) return;
  run(['systemctl', 'mask', unit]);
  process.stdout.write(`${unit} is masked, as it would be open to anybody: systemctl unmask ${unit}\n`);
}

function apt(args: readonly string[], missing: readonly Needed[]): void {
  // sudo clears the environment, so the variable goes through env.
  if (run(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '--quiet', ...args])) return;
  const why = isRoot() ? '' : ' (it needs root, or sudo without a password)';
  throw new Failure(`apt-get ${args.join(' ')} failed${why}. ${advice(missing)}`);
}

function run(command: readonly string[]): boolean {
  const [program = '', ...rest] = isRoot() ? command : ['sudo', '-n', ...command];
  return spawnSync(program, rest, { stdio: ['ignore', 'inherit', 'inherit'] }).status === 0;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function advice(missing: readonly Needed[]): string {
  return missing
    .map(({ title, variable }) => `${title} was not found: install it, or name its program in ${variable}.`)
    .join(' ');
}

function succeeds(program: string, args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: 'ignore' }).status === 0;
}

try {
  ensurePrograms();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
