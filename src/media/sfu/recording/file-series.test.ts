import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listRecordings } from '../../../recordings/list-recordings.ts';
import { FileSeries, LONGEST_FILE } from './file-series.ts';
import type { RecordedFrame } from './recorded-frame.ts';
import { vp8Picture } from './testing/made-pictures.ts';
import { readRecording } from './testing/read-recording.ts';

const START = 1_795_276_800_000;
const BOTH = { hasVideo: true, hasAudio: true };

let folder: string;
let failures: string[];
let series: FileSeries;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'series-'));
  failures = [];
  series = new FileSeries({
    order: { folder, publisher: 'alice', label: '', session: 's' },
    onFailed: (reason) => failures.push(reason),
  });
});
afterEach(async () => {
  await series.close();
  await rm(folder, { recursive: true });
});

function picture(at: number, keyframe?: { readonly width: number }): RecordedFrame {
  const size = { width: keyframe?.width ?? 640, height: 480 };
  const data = vp8Picture({ isKeyframe: keyframe !== undefined, ...size, body: Buffer.alloc(20) });
  const format = keyframe && ({ codec: 'V_VP8', size } as const);
  return { kind: 'video', at: START + at, data, durationMs: 0, format, isJump: false };
}

function sound(at: number): RecordedFrame {
  return { kind: 'audio', at: START + at, data: Buffer.alloc(60), durationMs: 20, format: undefined, isJump: false };
}

function write(frames: readonly RecordedFrame[], tracks = BOTH): void {
  for (const frame of frames) series.write(frame, tracks);
}

async function written() {
  await series.close();
  const files = await listRecordings(folder);
  const read = await Promise.all(files.map(({ file }) => readRecording(join(folder, file))));
  return read.map((found, i) => ({
    startsAt: (files[i]?.startedAt ?? 0) - START,
    width: found.video?.width,
    pictures: found.pictures.map(({ at }) => Math.round(at)),
    sounds: found.sounds.map(({ at }) => Math.round(at)),
  }));
}

describe('FileSeries', () => {
  it('begins with a keyframe: neither pictures nor sound of before it are written', async () => {
    write([sound(0), picture(10), sound(20), picture(50, { width: 640 }), sound(60), picture(90)]);
    expect(await written()).toEqual([{ startsAt: 50, width: 640, pictures: [0, 40], sounds: [10] }]);
  });

  it('has one size in each file', async () => {
    write([picture(0, { width: 640 }), picture(500, { width: 640 }), sound(1_990), picture(2_000, { width: 320 })]);
    write([sound(2_010), picture(2_040)]);
    expect(await written()).toEqual([
      { startsAt: 0, width: 640, pictures: [0, 500], sounds: [1_990] },
      { startsAt: 2_000, width: 320, pictures: [0, 40], sounds: [10] },
    ]);
  });

  it('waits a moment before the next where sizes change all the time', async () => {
    write([picture(0, { width: 640 }), picture(300, { width: 320 }), picture(340), sound(350)]);
    expect(series.needsKeyframe).toBe(true);
    write([picture(1_200, { width: 320 })]);
    expect(await written()).toEqual([
      { startsAt: 0, width: 640, pictures: [0], sounds: [350] },
      { startsAt: 1_200, width: 320, pictures: [0], sounds: [] },
    ]);
  });

  it('has no pictures that need what was lost', async () => {
    write([picture(0, { width: 640 }), picture(40)]);
    series.lost();
    write([picture(80), sound(90), picture(120, { width: 640 }), picture(160)]);
    expect(await written()).toMatchObject([{ pictures: [0, 40, 120, 160], sounds: [90] }]);
  });

  it('may have no pictures, and goes over to them when they come', async () => {
    const alone = { hasVideo: false, hasAudio: true };
    write([sound(0), sound(20)], alone);
    write([picture(2_000, { width: 640 }), sound(2_010)]);
    expect(await written()).toEqual([
      { startsAt: 0, width: undefined, pictures: [], sounds: [0, 20] },
      { startsAt: 2_000, width: 640, pictures: [0], sounds: [10] },
    ]);
  });

  it('begins another file before one is too long', async () => {
    write([picture(0, { width: 640 }), picture(LONGEST_FILE - 10, { width: 640 })]);
    write([picture(LONGEST_FILE + 10), picture(LONGEST_FILE + 20, { width: 640 })]);
    expect((await written()).map(({ startsAt }) => startsAt)).toEqual([0, LONGEST_FILE + 20]);
  });

  it('does not keep a picture that stands still from the disk', async () => {
    write([picture(0, { width: 640 }), picture(40)]);
    series.tend(START + 3_001);
    const length = async () => (await listRecordings(folder))[0]?.bytes ?? 0;
    await expect.poll(length, { timeout: 5_000 }).toBeGreaterThan(0);
    const [file] = await listRecordings(folder);
    await expect.poll(async () => (await readRecording(join(folder, file?.file ?? ''))).pictures.length).toBe(2);
  });

  it('ends before it has made files without end', async () => {
    for (let i = 0; failures.length === 0 && i < 5_000; i += 1) {
      write([picture(i * 1_000, { width: i % 2 === 0 ? 640 : 320 })]);
      await series.close();
    }
    expect(failures).toEqual(['it has too many files']);
    expect((await listRecordings(folder)).length).toBe(1_000);
  });
});
