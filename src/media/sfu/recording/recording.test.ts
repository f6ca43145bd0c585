import { randomUUID } from 'node:crypto';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { SfuMedia } from '../sfu-media.ts';
import { isRising, readRecording, skews } from './testing/read-recording.ts';
import { RecordingStage } from './testing/recording-stage.ts';
import type { TimedCameraOptions } from './testing/timed-camera.ts';

const log = { info: () => {}, warn: () => {}, error: () => {} };

function newMedia(): SfuMedia {
  return new SfuMedia({ workers: 1, bindAddress: '127.0.0.1', announced: [], iceServers: () => [], log });
}

let folders: string;
let media: SfuMedia;
beforeAll(async () => {
  folders = await mkdtemp(join(tmpdir(), 'recordings-'));
  media = newMedia();
});

const stages: RecordingStage[] = [];
afterAll(async () => {
  for (const stage of stages) stage.close();
  await media.close();
  await rm(folders, { recursive: true });
});

/** Published, and recorded from the start. */
async function record(options: TimedCameraOptions = {}, through: SfuMedia = media): Promise<RecordingStage> {
  const stage = await RecordingStage.begin(through, join(folders, randomUUID()), options);
  stages.push(stage);
  return stage;
}

describe.concurrent('a recording', () => {
  it('is a file with pictures and sound, beginning with a keyframe', async () => {
    const stage = await record();
    await stage.lasts(2_500);
    const file = await stage.theFile();
    expect(file.file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}-alice\.webm$/);
    expect(file).toMatchObject({ publisher: 'alice', label: 'camera', session: 'monday', isGrowing: false });
    const found = await stage.read(file);
    expect(found).toMatchObject({ format: 'WebM', video: { codec: 'vp8', width: 640, height: 480 }, hasAudio: true });
    expect(found.pictures[0]).toMatchObject({ at: 0, isKeyframe: true });
    expect(isRising(found.pictures)).toBe(true);
    expect(isRising(found.sounds)).toBe(true);
    const last = Math.max(found.pictures.at(-1)?.at ?? 0, found.sounds.at(-1)?.at ?? 0);
    expect(file.durationMs).toBeGreaterThanOrEqual(last);
    expect(file.durationMs).toBeLessThan(last + 100);
    expect(found.sounds.length / found.pictures.length).toBeCloseTo(2, 0);
    expect(stage.isFromCamera(found.pictures)).toBe(true);
  });

  it('53. has sound and picture at the same time, however long each is on its way', async () => {
    const stage = await record({ delays: { video: 300, audio: 5 } });
    await stage.lasts(3_500);
    const apart = skews(await stage.read(await stage.theFile()));
    expect(apart.length).toBeGreaterThanOrEqual(2);
    expect(Math.max(...apart)).toBeLessThan(60);
  });

  it('waits for what is said of time before it writes', async () => {
    const stage = await record({ delays: { video: 300, audio: 5 }, reportsAfterMs: 2_000 });
    await stage.lasts(2_000);
    const apart = skews(await stage.read(await stage.theFile()));
    expect(apart.length).toBeGreaterThanOrEqual(3);
    expect(Math.max(...apart)).toBeLessThan(60);
  });

  it('goes by when things come where it is told too late, and then never back', async () => {
    const stage = await record({ delays: { video: 250, audio: 5 }, reportsAfterMs: 5_500 });
    await stage.lasts(4_500);
    const found = await stage.read(await stage.theFile());
    const apart = skews(found);
    expect(apart[0]).toBeGreaterThan(150);
    expect(apart.at(-1)).toBeLessThan(60);
    expect(isRising(found.pictures) && isRising(found.sounds)).toBe(true);
  });

  it('has silence where there is no sound, as players would else lose time', async () => {
    const stage = await record();
    await stage.lasts(1_000);
    stage.camera.source('audio').isSilent = true;
    await stage.lasts(2_500);
    stage.camera.source('audio').isSilent = false;
    await stage.lasts(1_500);
    const found = await stage.read(await stage.theFile());
    const steps = found.sounds.slice(1).map(({ at }, i) => at - (found.sounds[i]?.at ?? 0));
    expect(Math.max(...steps)).toBeLessThanOrEqual(22);
    expect(found.sounds.filter(({ data }) => data.length === 3).length).toBeGreaterThan(100);
    expect(Math.max(...skews(found).slice(-1))).toBeLessThan(60);
  });

  it('53. begins another file where the picture changes its size', async () => {
    const stage = await record();
    await stage.lasts(1_500);
    stage.camera.resize(320, 240);
    await stage.lasts(1_500, 2);
    const files = await stage.finished();
    const [large, small] = await Promise.all(files.map((file) => stage.read(file)));
    expect(files).toHaveLength(2);
    expect(large?.video).toMatchObject({ width: 640, height: 480 });
    expect(small?.video).toMatchObject({ width: 320, height: 240 });
    expect(small?.pictures[0]).toMatchObject({ at: 0, isKeyframe: true });
    const [first, second] = files;
    const gap = (second?.startedAt ?? 0) - (first?.startedAt ?? 0) - (first?.durationMs ?? 0);
    expect(Math.abs(gap)).toBeLessThan(100);
  });

  it.each([
    ['vp9', 'webm', 'WebM', { codec: 'vp9', width: 640, height: 480 }],
    ['h264', 'mkv', 'Matroska', { codec: 'avc', width: 160, height: 120 }],
  ] as const)('53. of %s is .%s', async (video, extension, format, expected) => {
    const stage = await record({ video });
    await stage.lasts(1_500);
    const file = await stage.theFile();
    expect(file.file.split('.').at(-1)).toBe(extension);
    const found = await stage.read(file);
    expect(found).toMatchObject({ format, video: expected, hasAudio: true });
    expect(found.pictures[0]?.isKeyframe).toBe(true);
    expect(stage.isFromCamera(found.pictures)).toBe(true);
  });

  it('may be of sound alone', async () => {
    const stage = await record({ video: 'none' });
    await stage.lasts(1_500);
    const found = await stage.read(await stage.theFile());
    expect(found).toMatchObject({ format: 'WebM', video: undefined });
    expect(found.sounds.length).toBeGreaterThan(40);
  });

  it('may be of pictures alone', async () => {
    const stage = await record({ audio: 'none' });
    await stage.lasts(1_500);
    const found = await stage.read(await stage.theFile());
    expect(found).toMatchObject({ hasAudio: false, video: { codec: 'vp8' } });
  });

  it('leaves out what it cannot write, and says so', async () => {
    const stage = await record({ audio: 'pcmu' });
    await stage.lasts(1_500);
    expect(await stage.read(await stage.theFile())).toMatchObject({ hasAudio: false, video: { codec: 'vp8' } });
    expect(stage.listener.of('recordingFailed')).toEqual([
      { type: 'recordingFailed', stream: 'camera', reason: 'sound in PCMU cannot be recorded', isOver: false },
    ]);
  });

  it('has nothing broken where packets get lost: they are fetched again', async () => {
    let count = 0;
    const stage = await record({ loses: () => (count++ * 7919) % 20 === 0 });
    await stage.lasts(5_000);
    const file = await stage.theFile();
    const found = await stage.read(file);
    expect(stage.isFromCamera(found.pictures)).toBe(true);
    const whole = (file.durationMs ?? 0) / 40;
    expect(found.pictures.length).toBeGreaterThan(whole * 0.95);
    expect(isRising(found.pictures)).toBe(true);
  });

  it('is of the best size that comes, and of the next where that stays away', async () => {
    const stage = await record({ rids: ['h', 'l'] });
    await stage.lasts(2_000);
    stage.camera.source('video', 'h').isSilent = true;
    await stage.lasts(1_000, 2);
    stage.camera.source('video', 'h').isSilent = false;
    await stage.lasts(1_000, 3);
    const found = await Promise.all((await stage.finished()).map((file) => stage.read(file)));
    expect(found.map(({ video }) => video?.width)).toEqual([640, 320, 640]);
  });

  it.each(['unpublish', 'close'] as const)('is finished by %s', async (end) => {
    const stage = await record();
    await stage.lasts(1_000);
    if (end === 'unpublish') stage.room.unpublish('camera');
    else stage.room.close();
    await stage.until(async () => (await stage.files())[0]?.durationMs !== undefined, 'the end of the file');
    expect((await stage.files())[0]?.durationMs).toBeGreaterThan(1_000);
  });

  it('is finished when the server ends', async () => {
    const own = newMedia();
    const stage = await record({}, own);
    await stage.lasts(1_000);
    await own.close();
    expect((await stage.files())[0]?.durationMs).toBeGreaterThan(1_000);
  });

  it('can be played up to the last moment where its process was killed', async () => {
    const own = newMedia();
    const stage = await record({}, own);
    await stage.lasts(4_000);
    const [before] = await stage.files();
    expect(before).toMatchObject({ isGrowing: true, publisher: 'alice' });
    const killedAt = performance.timeOrigin + performance.now();
    for (const pid of own.pids) process.kill(pid, 'SIGKILL');
    await stage.until(() => stage.listener.of('died').length === 1, 'its end');
    const [file] = await stage.files();
    const found = await readRecording(join(stage.folder, file?.file ?? ''));
    const end = (file?.startedAt ?? 0) + (found.pictures.at(-1)?.at ?? 0);
    expect(killedAt - end).toBeLessThan(2_500);
    expect(found.pictures.length).toBeGreaterThan(50);
    expect(stage.isFromCamera(found.pictures)).toBe(true);
    await own.close();
  });

  it('says why where it cannot be written, and ends', async () => {
    const stage = await record();
    await stage.lasts(500);
    stage.recordTo(join(stage.folder, 'nowhere'));
    await stage.until(() => stage.listener.of('recordingFailed').length > 0, 'the bad news');
    expect(stage.listener.of('recordingFailed')[0]).toMatchObject({
      reason: 'the folder of recordings is not there',
      isOver: true,
    });
    expect((await stage.files()).map(({ isGrowing }) => isGrowing)).toEqual([false]);
  });

  it('asks for keyframes now and then', async () => {
    const stage = await record();
    await stage.lasts(500);
    const before = stage.camera.pictureLosses;
    await stage.until(() => stage.camera.pictureLosses > before, 'another one');
    await stage.until(() => stage.camera.pictureLosses > before + 1, 'one more');
  });
});
