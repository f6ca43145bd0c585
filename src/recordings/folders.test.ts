import { mkdir, mkdtemp, rm, stat, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { makeRecordingFolder, recordingFolder } from './folders.ts';

let base: string;
let root: string;

beforeEach(async () => {
  base = await mkdtemp(join(tmpdir(), 'parlour-recordings-'));
  root = join(base, 'recordings');
});
afterEach(() => rm(base, { recursive: true }));

const make = (...path: readonly string[]) => mkdir(join(root, ...path), { recursive: true });

describe('the folder of a group', () => {
  test('is none as long as nothing was recorded', async () => {
    expect(await recordingFolder(root, 'watch')).toBeUndefined();
    await make();
    expect(await recordingFolder(root, 'watch')).toBeUndefined();
  });

  test('lies below that of the group above', async () => {
    await make('guild', 'thieves');
    expect(await recordingFolder(root, 'guild/thieves')).toBe(join(root, 'guild', 'thieves'));
    expect(await recordingFolder(root, 'guild/beggars')).toBeUndefined();
  });

  test('is exactly so called, or else in another case of letters', async () => {
    await make('Watch', 'Night');
    expect(await recordingFolder(root, 'watch/night')).toBe(join(root, 'Watch', 'Night'));
    await make('watch', 'night');
    expect(await recordingFolder(root, 'watch/night')).toBe(join(root, 'watch', 'night'));
    expect(await recordingFolder(root, 'Watch/Night')).toBe(join(root, 'Watch', 'Night'));
  });

  test.each(['', '..', '../recordings', 'a/../..', '.hidden', 'watch/', '/watch', 'watch//night', 'a\\b', 'a\0b'])(
    'is none for %j',
    async (group) => {
      await make('watch', 'night');
      await make('.hidden');
      expect(await recordingFolder(root, group)).toBeUndefined();
      await expect(makeRecordingFolder(root, group)).rejects.toThrow();
    },
  );

  test('is none where a link leads elsewhere, or in its place is a file', async () => {
    await make();
    await mkdir(join(base, 'outside'));
    await symlink(join(base, 'outside'), join(root, 'watch'));
    expect(await recordingFolder(root, 'watch')).toBeUndefined();
    await expect(makeRecordingFolder(root, 'watch')).rejects.toThrow('somewhere else');
  });

  test('is where links of the root itself lead', async () => {
    await mkdir(join(base, 'disk', 'watch'), { recursive: true });
    await symlink(join(base, 'disk'), root);
    expect(await recordingFolder(root, 'watch')).toBe(join(base, 'disk', 'watch'));
  });

  test('is made for nobody else on the machine', async () => {
    const folder = await makeRecordingFolder(root, 'guild/thieves');
    expect(folder).toBe(join(root, 'guild', 'thieves'));
    for (const path of [root, join(root, 'guild'), folder]) expect((await stat(path)).mode & 0o077).toBe(0);
    expect(await makeRecordingFolder(root, 'guild/thieves')).toBe(folder);
    expect(await makeRecordingFolder(root, 'Guild/assassins')).toBe(join(root, 'guild', 'assassins'));
  });
});
