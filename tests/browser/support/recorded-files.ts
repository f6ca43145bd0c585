import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ALL_FORMATS, BufferSource, EncodedPacketSink, Input, type InputTrack } from 'mediabunny';
import type { Page } from 'playwright-core';
import {
  type ContainerFrame,
  type Cue,
  cluster,
  containerEnd,
  containerHead,
} from '../../../src/recordings/container.ts';
import { voidElement } from '../../../src/recordings/ebml.ts';
import { recordingName } from '../../../src/recordings/file-name.ts';
import type { RecordingNote } from '../../../src/recordings/recording-note.ts';

const CLUSTER_MS = 1000;
/** What is recorded is used again and again, where more of it is wanted. */
const LOOP_MS = 9000;

/** Pictures that move and a quiet tone, as the browser records them: WebM with VP8 and Opus. */
export async function recordInPage(page: Page, seconds: number): Promise<Uint8Array> {
  const encoded = await page.evaluate(async (length) => {
    const canvas = document.createElement('canvas');
    Object.assign(canvas, { width: 320, height: 180 });
    const pen = canvas.getContext('2d');
    const begin = performance.now();
    const draw = setInterval(() => {
      const at = (performance.now() - begin) / 1000;
      if (!pen) return;
      pen.fillStyle = `hsl(${at * 30} 45% 40%)`;
      pen.fillRect(0, 0, 320, 180);
      pen.fillStyle = '#fff';
      pen.font = '64px sans-serif';
      pen.fillText(at.toFixed(1), 100, 112);
    }, 40);
    const sound = new AudioContext();
    const tone = new OscillatorNode(sound, { frequency: 440 });
    const out = sound.createMediaStreamDestination();
    tone.connect(new GainNode(sound, { gain: 0.05 })).connect(out);
    tone.start();
    const stream = new MediaStream([...canvas.captureStream(25).getTracks(), ...out.stream.getTracks()]);
    const options = { mimeType: 'video/webm;codecs=vp8,opus', videoKeyFrameIntervalDuration: 1000 };
    const recorder = new MediaRecorder(stream, options);
    const parts: Blob[] = [];
    recorder.ondataavailable = ({ data }) => parts.push(data);
    const { promise, resolve } = Promise.withResolvers<void>();
    recorder.onstop = () => resolve();
    recorder.start();
    setTimeout(() => recorder.stop(), length * 1000);
    await promise;
    clearInterval(draw);
    await sound.close();
    const reader = new FileReader();
    const read = new Promise((done) => reader.addEventListener('load', done));
    reader.readAsDataURL(new Blob(parts));
    await read;
    return String(reader.result).split(',')[1] ?? '';
  }, seconds);
  return Buffer.from(encoded, 'base64');
}

export interface StoredClip extends Partial<RecordingNote> {
  /** Where a group's recordings are. */
  readonly folder: string;
  /** Made by {@link recordInPage}. */
  readonly webm: Uint8Array;
  /** Milliseconds. */
  readonly length: number;
  /** Bytes that mean nothing, in each second: files of hours are larger than a browser reads ahead. */
  readonly padding?: number;
  /** As if the server had been killed while it wrote it. */
  readonly isCut?: boolean;
  /** Written just now, not an hour ago. */
  readonly isFresh?: boolean;
  readonly startedAt: number;
}

/** A file as the server records it. Returns its name. */
export async function storeClip(clip: StoredClip): Promise<string> {
  const { folder, startedAt, publisher = '', label = 'camera', session = '' } = clip;
  const note: RecordingNote = { startedAt, publisher, label, session };
  const file = recordingName(note.startedAt, { publisher: note.publisher, extension: 'webm' });
  await mkdir(folder, { recursive: true });
  const path = join(folder, file);
  await writeFile(path, await contained(clip, note));
  const anHourAgo = new Date(Date.now() - 3_600_000);
  if (!clip.isFresh) await utimes(path, anHourAgo, anHourAgo);
  return file;
}

async function contained(clip: StoredClip, note: RecordingNote): Promise<Buffer> {
  const { webm, length, padding = 0, isCut = false } = clip;
  const frames = looped(await framesIn(webm), length);
  const tracks = [
    { number: 1, codec: 'V_VP8', size: { width: 320, height: 180 } },
    { number: 2, codec: 'A_OPUS', codecPrivate: OPUS_HEAD },
  ] as const;
  const head = containerHead('webm', { tracks, note });
  const parts: Buffer[] = [head.bytes];
  const cues: Cue[] = [];
  let end = head.bytes.length;
  for (const group of Map.groupBy(frames, ({ at }) => Math.floor(at / CLUSTER_MS)).values()) {
    const key = group.find((frame) => frame.track === 1 && frame.isKeyframe);
    if (key) cues.push({ at: key.at, track: 1, clusterAt: end });
    const bytes = padding > 0 ? Buffer.concat([cluster(group), voidElement(padding)]) : cluster(group);
    parts.push(bytes);
    end += bytes.length;
  }
  if (isCut) return Buffer.concat(parts);
  const { tail, patches } = containerEnd(head, { end, durationMs: length, cues });
  const file = Buffer.concat([...parts, tail]);
  for (const { at, bytes } of patches) bytes.copy(file, at);
  return file;
}

function looped(frames: readonly ContainerFrame[], length: number): readonly ContainerFrame[] {
  if (length <= LOOP_MS) return frames.filter(({ at }) => at < length);
  const loop = frames.filter(({ at }) => at < LOOP_MS);
  const times = Array.from({ length: Math.ceil(length / LOOP_MS) }, (_, index) => index * LOOP_MS);
  return times.flatMap((start) => loop.map((frame) => ({ ...frame, at: start + frame.at })));
}

/** Version 1, two channels, no pre-skip, 48 kHz. */
const OPUS_HEAD = Buffer.from([...Buffer.from('OpusHead'), 1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]);

async function framesIn(webm: Uint8Array): Promise<readonly ContainerFrame[]> {
  const input = new Input({ source: new BufferSource(webm), formats: ALL_FORMATS });
  const [video, audio] = [await input.getPrimaryVideoTrack(), await input.getPrimaryAudioTrack()];
  const frames = [...(await framesOf(video, 1)), ...(await framesOf(audio, 2))];
  return frames.sort((one, other) => one.at - other.at);
}

async function framesOf(track: InputTrack | null, number: number): Promise<readonly ContainerFrame[]> {
  const frames: ContainerFrame[] = [];
  if (!track) return frames;
  for await (const packet of new EncodedPacketSink(track).packets()) {
    const at = Math.max(0, Math.round(packet.timestamp * 1000));
    frames.push({ track: number, at, isKeyframe: packet.type === 'key', data: packet.data });
  }
  return frames;
}
