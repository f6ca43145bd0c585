import { mkdir, mkdtemp, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { cluster, containerEnd, containerHead } from './container.ts';
import { listRecordings } from './list-recordings.ts';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recordings-'));
});
afterEach(() => rm(folder, { recursive: true }));

const TRACKS = [{ number: 1, codec: 'V_VP8', size: { width: 2, height: 2 } }] as const;
const NOTE = { startedAt: 1_795_276_800_123, publisher: 'alice', label: 'camera', session: 'monday' };

function file({ startedAt = NOTE.startedAt, isFinished = true }): Buffer {
  const head = containerHead('webm', { tracks: TRACKS, note: { ...NOTE, startedAt } });
  const body = Buffer.concat([head.bytes, cluster([{ track: 1, at: 0, isKeyframe: true, data: Buffer.alloc(9) }])]);
  const end = containerEnd(head, { end: body.length, durationMs: 2500, cues: [] });
  for (const { at, bytes } of isFinished ? end.patches : []) bytes.copy(body, at);
  return body;
}

function write(name: string, bytes: Buffer | string): Promise<void> {
  return writeFile(join(folder, name), bytes);
}

describe('listRecordings', () => {
  it('tells of each file what it says of itself, the first first', async () => {
    await write('b.webm', file({ startedAt: NOTE.startedAt + 60_000 }));
    await write('c.webm', file({}));
    const [first, second] = await listRecordings(folder);
    const bytes = file({}).length;
    expect(first).toEqual({ ...NOTE, file: 'c.webm', bytes, durationMs: 2500, isGrowing: false });
    expect(second).toMatchObject({ file: 'b.webm', startedAt: NOTE.startedAt + 60_000 });
  });

  it('sees which is being written, and which was left', async () => {
    await write('a.webm', file({ isFinished: false }));
    expect(await listRecordings(folder)).toMatchObject([{ isGrowing: true, publisher: 'alice' }]);
    const [growing] = await listRecordings(folder);
    expect(growing).not.toHaveProperty('durationMs');
    await utimes(join(folder, 'a.webm'), new Date(), new Date(Date.now() - 60_000));
    expect(await listRecordings(folder)).toMatchObject([{ isGrowing: false }]);
  });

  it('knows files of others by their names', async () => {
    const at = new Date(2025, 0, 31, 23, 59, 58, 7).getTime();
    await write('2025-01-31T23:59:58.007-bob.webm', 'something else');
    const [found] = await listRecordings(folder, { now: Date.now() + 3_600_000 });
    expect(found).toMatchObject({ startedAt: at, publisher: '', session: '', bytes: 14, isGrowing: false });
  });

  it('lists files that can be recordings, and nothing where there is no folder', async () => {
    await write('notes.txt', 'x');
    await mkdir(join(folder, 'folder.webm'));
    expect(await listRecordings(folder)).toEqual([]);
    expect(await listRecordings(join(folder, 'none'))).toEqual([]);
  });
});
