import { type ChildProcess, spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const CLOCK_TICKS_PER_SECOND = 100;

/** A child process that is measured from outside. Linux only: it reads /proc. */
export interface Measured {
  readonly pid: number;
  /** User and system time so far, in seconds. */
  cpuSeconds(): number;
  /** Resident memory, in bytes. */
  residentBytes(): number;
  stop(): Promise<void>;
}

export interface RunningServer extends Measured {
  readonly url: string;
}

/** Starts Parlour as a user would, with this configuration, on a free port and an empty data folder. */
export async function startParlour(toml: string): Promise<RunningServer> {
  const folder = await mkdtemp(join(tmpdir(), 'parlour-bench-'));
  const config = join(folder, 'parlour.toml');
  await writeFile(config, toml);
  const child = run('../../src/main.ts', ['--config', config, '--port', '0', '--host', '127.0.0.1', '--data', folder]);
  const line = await lineOf(child, /listening on (http:\S+)/);
  const measured = measure(child);
  return {
    ...measured,
    url: line[1] ?? '',
    stop: async () => {
      await measured.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts a script of this folder which prints `ready` and something after it. */
export async function startScript(
  script: string,
  args: readonly string[],
): Promise<Measured & { readonly ready: string; readonly child: ChildProcess }> {
  const child = run(script, args);
  const [, ready = ''] = await lineOf(child, /^ready ?(.*)$/m);
  return { ...measure(child), ready, child };
}

function run(script: string, args: readonly string[]): ChildProcess {
  const path = fileURLToPath(new URL(script, import.meta.url));
  return spawn(process.execPath, [path, ...args], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
}

function lineOf(child: ChildProcess, pattern: RegExp): Promise<RegExpExecArray> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stdout?.setEncoding('utf8');
    child.stdout?.on('data', (text: string) => {
      output += text;
      const match = pattern.exec(output);
      if (match && output.indexOf('\n', match.index) >= 0) resolve(match);
    });
    child.once('exit', (code) => reject(new Error(`${child.spawnfile} ended with ${code}: ${output}`)));
  });
}

function measure(child: ChildProcess): Measured {
  const { pid } = child;
  if (pid === undefined) throw new Error('the process did not start');
  return {
    pid,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / CLOCK_TICKS_PER_SECOND;
    },
    residentBytes: () => {
      const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
      return Number(kilobytes) * 1024;
    },
    stop: () =>
      new Promise((resolve) => {
        if (child.exitCode !== null) return resolve();
        child.once('exit', () => resolve());
        child.kill('SIGTERM');
      }),
  };
}

/** Waits for a message of a child, such as `{ type: 'joined' }`. */
export function messageFrom<T extends { readonly type: string }>(child: ChildProcess, type: T['type']): Promise<T> {
  return new Promise((resolve, reject) => {
    const fail = (code: number | null): void => reject(new Error(`a load generator ended with ${code}`));
    const listen = (message: unknown): void => {
      if ((message as T).type !== type) return;
      child.off('message', listen);
      child.off('exit', fail);
      resolve(message as T);
    };
    child.on('message', listen);
    child.once('exit', fail);
  });
}

export function sleep(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
