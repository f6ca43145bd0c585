import { spawn } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { bob, channelMessage, posted, ROOM } from '../contract-fixtures.ts';
import { openSqliteStorage } from './sqlite-storage.ts';

const CHILD = fileURLToPath(new URL('kill.test-child.ts', import.meta.url));

let folder = '';
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'parlour-kill-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

/** Lets the child write until it has acknowledged `count` commits, kills it, and returns all that it acknowledged. */
async function writeAndKill(file: string, count: number): Promise<number[]> {
  const child = spawn(process.execPath, [CHILD, file], { stdio: ['ignore', 'pipe', 'inherit', 'ipc'] });
  let printed = '';
  try {
    for await (const chunk of child.stdout ?? []) {
      printed += chunk;
      if (!child.killed && printed.split('\n').length > count) child.kill('SIGKILL');
    }
  } finally {
    child.kill('SIGKILL');
  }
  expect(child.killed).toBe(true);
  // The line that the kill cut short was never read by anybody.
  return printed.split('\n').slice(0, -1).map(Number);
}

test('what was acknowledged is there after the process was killed, and ids go on increasing', async () => {
  const file = join(folder, 'parlour.db');
  let highest = 0;
  const acknowledged: number[] = [];
  for (let round = 0; round < 3; round++) {
    const ids = await writeAndKill(file, 300);
    expect(ids.length).toBeGreaterThanOrEqual(300);
    expect(Math.min(...ids)).toBeGreaterThan(highest);
    highest = Math.max(...ids);
    acknowledged.push(...ids);
  }

  const storage = openSqliteStorage({ file });
  for (const id of acknowledged) {
    const expected = channelMessage(id, { clientId: `c-${id}`, reactions: [{ emoji: '❤', by: [bob] }] });
    expect(await storage.message(ROOM, id)).toEqual(expected);
  }
  const last = await storage.lastMessageId();
  expect(last).toBeGreaterThanOrEqual(highest);
  await storage.commit([posted(channelMessage(last + 1))]);
  await storage.close();
}, 60_000);
