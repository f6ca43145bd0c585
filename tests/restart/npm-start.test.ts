import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { temporaryFolder } from '../support/process.ts';

const root = join(import.meta.dirname, '..', '..');

/** Resolves with the address. Reads on after that, because a closed pipe would be another reason to end. */
function listening(npm: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    npm.stdout?.setEncoding('utf8').on('data', (chunk: string) => {
      text += chunk;
      const [, address] = /^Parlour is listening on (\S+)\n/m.exec(text) ?? [];
      if (address !== undefined) resolve(address);
    });
    npm.once('error', reject);
    npm.once('close', () => reject(new Error(`npm start ended: ${text}`)));
  });
}

/** Also what npm left behind, should it have done so: its children are of its group. */
function killGroup({ pid }: ChildProcess): void {
  try {
    if (pid !== undefined) process.kill(-pid, 'SIGKILL');
  } catch {
    // Nobody is left: all is well.
  }
}

// npm passes signals on to the shell it started, and to nobody below: the server has to take the shell's place.
test.skipIf(process.platform === 'win32').each(['SIGTERM', 'SIGINT'] as const)(
  'npm start, told %s, stops the server and ends with status 0',
  async (signal) => {
    await using folder = await temporaryFolder();
    const args = ['start', '--', '--port', '0', '--host', '127.0.0.1', '--data', folder.path];
    const npm = spawn('npm', args, { cwd: root, stdio: ['ignore', 'pipe', 'ignore'], detached: true });
    try {
      const url = await listening(npm);
      expect((await fetch(`${url}/healthz`)).status).toBe(200);
      const ended = once(npm, 'exit');
      npm.kill(signal);
      expect(await ended).toEqual([0, null]);
      await expect(fetch(`${url}/healthz`)).rejects.toThrow();
    } finally {
      killGroup(npm);
    }
  },
);
