import { fork } from 'node:child_process';
import { createSocket } from 'node:dgram';
import { fileURLToPath } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import { MediaStage, until } from '../testing/media-stage.ts';
import type { SfuOptions } from './options.ts';
import { parseDescription } from './sdp/parse.ts';
import { SfuMedia } from './sfu-media.ts';

const CAMERA = { sections: [{ mid: '1', kind: 'video' }] } as const;
const VP8 = 96;
const log = { info: () => {}, warn: () => {}, error: () => {} };
const BASE = { workers: 1, bindAddress: '127.0.0.1', announced: [], iceServers: () => [], log } satisfies SfuOptions;

const closers: (() => Promise<void> | void)[] = [];

afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});

function open(options: Partial<SfuOptions>): SfuMedia {
  const media = new SfuMedia({ ...BASE, ...options });
  closers.push(() => media.close());
  return media;
}

function stageOn(media: SfuMedia): MediaStage {
  const stage = new MediaStage(media);
  closers.push(() => stage.close());
  return stage;
}

async function freePort(): Promise<number> {
  const socket = createSocket('udp4');
  await new Promise<void>((resolve) => socket.bind(0, '127.0.0.1', () => resolve()));
  const { port } = socket.address();
  await new Promise<void>((resolve) => socket.close(() => resolve()));
  return port;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}

function portsOf(stage: MediaStage): ReadonlySet<string | undefined> {
  const told = stage.listener.of('receiverGotCandidate').map(({ candidate }) => candidate.candidate.split(' ')[5]);
  const answers = stage.listener.of('answered').flatMap(({ sdp }) => parseDescription(sdp).sections);
  return new Set([...told, ...answers.flatMap(({ candidates }) => candidates.map((line) => line.split(' ')[5]))]);
}

describe('ports', () => {
  it('one may carry every connection of a process', async () => {
    const port = await freePort();
    const stage = stageOn(open({ ports: { shared: [port] }, announced: ['127.0.0.9'] }));
    stage.publish('s', CAMERA);
    const bob = stage.forward('s', 'bob');
    const carol = stage.forward('s', 'carol');
    stage.roll();
    await until(() => bob.marks(VP8).length > 10 && carol.marks(VP8).length > 10, 'pictures');
    expect(portsOf(stage)).toEqual(new Set([String(port)]));
    expect(stage.listener.of('answered')[0]?.sdp).toContain(` 127.0.0.9 ${port} typ host`);
  });

  it('are else taken of a range', async () => {
    const begin = 1024 + (process.pid % 50_000);
    const stage = stageOn(open({ ports: { begin, end: begin + 40 } }));
    stage.publish('s', CAMERA);
    const bob = stage.forward('s', 'bob');
    stage.roll();
    await until(() => bob.marks(VP8).length > 10, 'a picture');
    for (const port of portsOf(stage)) expect(Number(port) - begin).toBeLessThanOrEqual(40);
  });
});

describe('processes', () => {
  it('share the rooms, and the death of one leaves the others in peace', async () => {
    const media = open({ workers: 2 });
    const [one, other] = [stageOn(media), stageOn(media)];
    for (const stage of [one, other]) stage.publish('s', CAMERA);
    const bob = other.forward('s', 'bob');
    other.roll();
    await until(() => bob.marks(VP8).length > 10, 'a picture');
    const [pid = 0] = media.pids;
    process.kill(pid, 'SIGKILL');
    await until(() => one.listener.of('died').length === 1, 'the end');
    const before = bob.marks(VP8).length;
    await until(() => bob.marks(VP8).length > before + 20, 'more of it');
    expect(other.listener.of('died')).toEqual([]);
  });

  it('that hang count as dead', async () => {
    const media = open({ patienceMs: 1_000 });
    const stage = stageOn(media);
    stage.publish('s', CAMERA);
    await until(() => stage.listener.of('answered')[0], 'the answer');
    const [pid = 0] = media.pids;
    process.kill(pid, 'SIGSTOP');
    await until(() => stage.listener.of('died').length === 1, 'the end');
    expect(isAlive(pid)).toBe(false);
  });

  it('end with the server, also where that has no time for it', async () => {
    const script = fileURLToPath(new URL('../testing/server-to-kill.ts', import.meta.url));
    const server = fork(script, [], { execArgv: [] });
    const pids = await new Promise<readonly number[]>((resolve) =>
      server.once('message', (pids) => resolve(pids as never)),
    );
    expect(pids).toHaveLength(2);
    server.kill('SIGKILL');
    await until(() => pids.every((pid) => !isAlive(pid)), 'their end');
  });

  it('end when they are told to', async () => {
    const media = new SfuMedia({ ...BASE, workers: 2 });
    const { pids } = media;
    await media.close();
    expect(pids.map(isAlive)).toEqual([false, false]);
  });
});
