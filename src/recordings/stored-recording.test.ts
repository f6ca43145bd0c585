import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readdir, readlink, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { isRecordingName, openRecording, removeRecording, type StoredRecording } from './stored-recording.ts';

const FILE = '2026-03-01T12-00-00-000-fred.webm';

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parlour-recordings-'));
  await writeFile(join(folder, FILE), '0123456789');
});
afterEach(() => rm(folder, { recursive: true }));

async function opened(file = FILE): Promise<StoredRecording> {
  const recording = await openRecording(folder, file);
  if (!recording) throw new Error('There is none.');
  return recording;
}

async function textOf(chunks: AsyncIterable<Uint8Array>): Promise<string> {
  const parts: Uint8Array[] = [];
  for await (const chunk of chunks) parts.push(chunk);
  return Buffer.concat(parts).toString('latin1');
}

/** Files of the folder that this process has open. */
async function openFiles(): Promise<number> {
  const fds = existsSync('/proc/self/fd') ? await readdir('/proc/self/fd') : [];
  const targets = await Promise.all(fds.map((fd) => readlink(`/proc/self/fd/${fd}`).catch(() => '')));
  return targets.filter((target) => target.startsWith(folder)).length;
}

describe('a file', () => {
  test('is read from one byte to another, and closed by its end', async () => {
    expect(await textOf((await opened()).read(0, 9))).toBe('0123456789');
    expect(await textOf((await opened()).read(3, 5))).toBe('345');
    expect(await textOf((await opened()).read(9, 9))).toBe('9');
    expect(await openFiles()).toBe(0);
  });

  test('that is larger than a chunk comes in several', async () => {
    const bytes = Buffer.alloc(300_000, 'abc');
    await writeFile(join(folder, FILE), bytes);
    expect(await textOf((await opened()).read(0, bytes.length - 1))).toBe(bytes.toString('latin1'));
  });

  test('is closed by whoever has enough of it, before the first byte too', async () => {
    await writeFile(join(folder, FILE), Buffer.alloc(300_000));
    const passage = (await opened()).read(0, 299_999);
    expect(await openFiles()).toBe(process.platform === 'linux' ? 1 : 0);
    await passage.return?.();
    expect(await openFiles()).toBe(0);
    for await (const _ of (await opened()).read(0, 299_999)) break;
    expect(await openFiles()).toBe(0);
    await (await opened()).close();
    expect(await openFiles()).toBe(0);
  });

  test('that became shorter ends with an error, and closed', async () => {
    const recording = await opened();
    await truncate(join(folder, FILE), 4);
    await expect(textOf(recording.read(0, 9))).rejects.toThrow('shorter');
    expect(await openFiles()).toBe(0);
  });

  test('has another stamp after a change', async () => {
    const [one, other] = [await opened(), await opened()];
    await writeFile(join(folder, FILE), '01234567890');
    const changed = await opened();
    expect([one.bytes, changed.bytes]).toEqual([10, 11]);
    expect(one.stamp).toBe(other.stamp);
    expect(one.stamp).not.toBe(changed.stamp);
    for (const recording of [one, other, changed]) await recording.close();
  });
});

describe('what is none', () => {
  test.each(['../x.webm', 'a/b.webm', 'a\\b.webm', '.x.webm', '..webm', 'x.mp4', 'x.webm\0', 'x\n.webm', '', '.webm'])(
    '%j',
    async (name) => {
      expect(isRecordingName(name)).toBe(false);
      expect(await openRecording(folder, name)).toBeUndefined();
      expect(await removeRecording(folder, name)).toBe(false);
    },
  );

  test('a link, a folder, a pipe', async () => {
    await symlink(join(folder, FILE), join(folder, 'link.webm'));
    await mkdir(join(folder, 'folder.webm'));
    execFileSync('mkfifo', [join(folder, 'pipe.webm')]);
    for (const name of ['link.webm', 'folder.webm', 'pipe.webm', 'nothing.webm']) {
      expect(await openRecording(folder, name)).toBeUndefined();
      expect(await removeRecording(folder, name)).toBe(false);
    }
    expect(await openFiles()).toBe(0);
    expect((await readdir(folder)).length).toBe(4);
  });
});

test('a file is removed once', async () => {
  const both = await Promise.all([removeRecording(folder, FILE), removeRecording(folder, FILE)]);
  expect(both.sort()).toEqual([false, true]);
  expect(await readdir(folder)).toEqual([]);
});
