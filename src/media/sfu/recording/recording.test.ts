import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { listRecordings } from '../../../recordings/list-recordings.ts';
import type { RecordingFile } from '../../../recordings/recording-file.ts';
import { CODEC_NAMES, type MediaRoom } from '../../port.ts';
import { until } from '../../testing/media-stage.ts';
import { RecordingListener } from '../../testing/recording-listener.ts';
import { SfuMedia } from '../sfu-media.ts';
import { type ReadPacket, type ReadRecording, readRecording } from './testing/read-recording.ts';
import { MARKED, TimedCamera, type TimedCameraOptions } from './testing/timed-camera.ts';

const STREAM = 'camera';
const ORDER = { publisher: 'alice', label: 'camera', session: 'monday' };

let folder: string;
let media: SfuMedia;
let room: MediaRoom;
let listener: RecordingListener;
let camera: TimedCamera;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'));
  const log = { info: () => {}, warn: () => {}, error: () => {} };
  media = new SfuMedia({ workers: 1, bindAddress: '127.0.0.1', announced: [], iceServers: () => [], log });
  listener = new RecordingListener();
  room = media.open('lobby', { listener, codecs: () => CODEC_NAMES });
  listener.onEvent = (event) => {
    if (event.type === 'publisherGotCandidate') camera.peer.candidate(event.candidate);
    if (event.type === 'answered') answered(event.sdp);
  };
});

afterEach(async () => {
  camera.close();
  await media.close();
  await rm(folder, { recursive: true });
});

function answered(sdp: string): void {
  camera.accept(sdp);
  for (const candidate of camera.candidates) room.publisherCandidate(STREAM, candidate);
}

/** Published, and recorded from the start. */
function record(options: TimedCameraOptions = {}): void {
  camera = new TimedCamera(options);
  room.publish(STREAM, { sdp: camera.offer() });
  room.record(STREAM, { folder, ...ORDER });
}

function files(): Promise<readonly RecordingFile[]> {
  return listRecordings(folder);
}

/** Until the files hold so much, in seconds of the first. */
async function grown(bytes: number, count = 1): Promise<void> {
  await expect.poll(async () => (await files())[count - 1]?.bytes ?? 0, { timeout: 20_000 }).toBeGreaterThan(bytes);
}

async function finished(): Promise<readonly RecordingFile[]> {
  room.stopRecording(STREAM);
  await expect
    .poll(async () => (await files()).map(({ isGrowing }) => isGrowing), { timeout: 5_000 })
    .not.toContain(true);
  return files();
}

async function read({ file }: RecordingFile): Promise<ReadRecording> {
  return readRecording(join(folder, file));
}

function theOnly(found: readonly RecordingFile[]): RecordingFile {
  expect(found).toHaveLength(1);
  return found[0] as RecordingFile;
}

function isRising(packets: readonly ReadPacket[]): boolean {
  return packets.every(({ at }, i) => i === 0 || at > (packets[i - 1]?.at ?? 0));
}

/** When something was seen or heard. */
function marks(packets: readonly ReadPacket[]): readonly number[] {
  return packets.filter(({ data }) => data.at(-1) === MARKED).map(({ at }) => at);
}

/** How far what was marked in both is apart, in milliseconds, of all that is in both. */
function skews({ pictures, sounds }: ReadRecording): readonly number[] {
  const heard = marks(sounds);
  return marks(pictures).flatMap((seen) => {
    const nearest = Math.min(...heard.map((at) => Math.abs(at - seen)));
    return nearest < 500 ? nearest : [];
  });
}

const SECOND_BYTES = 25 * 1_500;

describe('a recording', () => {
  it('is a file with pictures and sound, beginning with a keyframe', async () => {
    record();
    await grown(3 * SECOND_BYTES);
    const file = theOnly(await finished());
    expect(file.file).toMatch(/^\d{4}-\d\d-\d\dT\d\d-\d\d-\d\d-\d{3}-alice\.webm$/);
    expect(file).toMatchObject({ ...ORDER, isGrowing: false });
    const found = await read(file);
    expect(found).toMatchObject({ format: 'WebM', video: { codec: 'vp8', width: 640, height: 480 }, hasAudio: true });
    expect(found.pictures[0]).toMatchObject({ at: 0, isKeyframe: true });
    expect(isRising(found.pictures)).toBe(true);
    expect(isRising(found.sounds)).toBe(true);
    const last = Math.max(found.pictures.at(-1)?.at ?? 0, found.sounds.at(-1)?.at ?? 0);
    expect(file.durationMs).toBeGreaterThanOrEqual(last);
    expect(file.durationMs).toBeLessThan(last + 100);
    expect(found.sounds.length / found.pictures.length).toBeCloseTo(2, 0);
  });
});
