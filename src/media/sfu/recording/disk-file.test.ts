import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { DiskFile } from './disk-file.ts';

const disk = vi.hoisted(() => ({ write: undefined as ((bytes: number) => Promise<void>) | undefined }));

vi.mock('node:fs/promises', async (original) => {
  const real = await original<typeof import('node:fs/promises')>();
  const open: typeof real.open = async (...how) => {
    const handle = await real.open(...how);
    const write = handle.write.bind(handle) as (...what: unknown[]) => Promise<unknown>;
    const mocked = async (...what: unknown[]) => {
      await disk.write?.((what[0] as Buffer).length);
      return write(...what);
    };
    return Object.assign(handle, { write: mocked });
  };
  return { ...real, open };
});

let folder: string;
let failures: string[];
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'disk-file-'));
  failures = [];
  disk.write = undefined;
});
afterEach(() => rm(folder, { recursive: true }));

function file(name = 'a'): DiskFile {
  return new DiskFile({
    folder,
    name: (attempt) => (attempt === 0 ? name : `${name}-${attempt}`),
    onFailed: (reason) => failures.push(reason),
  });
}

describe('DiskFile', () => {
  it('writes in order, and over what is there', async () => {
    const written = file();
    written.append(Buffer.from('hello '));
    written.append(Buffer.from('world'));
    written.write(Buffer.from('J'), 0);
    expect(written.length).toBe(11);
    await written.close();
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('Jello world');
    expect(failures).toEqual([]);
  });

  it('never takes a file that is there', async () => {
    await writeFile(join(folder, 'a'), 'mine');
    const [one, other] = [file(), file()];
    one.append(Buffer.from('1'));
    other.append(Buffer.from('2'));
    await Promise.all([one.close(), other.close()]);
    expect(await readFile(join(folder, 'a'), 'utf8')).toBe('mine');
    expect((await readdir(folder)).sort()).toEqual(['a', 'a-1', 'a-2']);
  });

  it.each([
    ['ENOSPC', 'the disk is full'],
    ['EIO', 'the disk fails'],
    ['EWHATEVER', 'the file cannot be written'],
  ])('says in words why it ends, once (%s)', async (code, reason) => {
    disk.write = () => Promise.reject(Object.assign(new Error('no'), { code }));
    const written = file();
    written.append(Buffer.from('1'));
    written.append(Buffer.from('2'));
    await written.close();
    expect(failures).toEqual([reason]);
  });

  it('says so where there is no folder, and takes what comes after that', async () => {
    folder = join(folder, 'none');
    const written = file();
    written.append(Buffer.from('1'));
    await written.close();
    written.append(Buffer.from('2'));
    expect(failures).toEqual(['the folder of recordings is not there']);
    folder = join(folder, '..');
  });

  it('gives up a disk that is too slow rather than fill the memory, and keeps what is written', async () => {
    let release = () => {};
    const gate = new Promise<void>((resolve) => {
      release = resolve;
    });
    disk.write = () => gate;
    const written = file();
    const piece = Buffer.alloc(1024 * 1024, 1);
    for (let i = 0; i < 100 && failures.length === 0; i += 1) written.append(piece);
    expect(failures).toEqual(['the disk is too slow']);
    expect(written.length).toBeLessThan(64 * 1024 * 1024);
    release();
    await written.close();
    expect((await readFile(join(folder, 'a'))).length).toBeLessThan(64 * 1024 * 1024);
  });
});
