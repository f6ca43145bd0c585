import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Candidate } from '../../src/core/stream.ts';
import { CODEC_NAMES, type MediaRoom } from '../../src/media/port.ts';
import { SfuMedia } from '../../src/media/sfu/sfu-media.ts';
import { RecordingListener } from '../../src/media/testing/recording-listener.ts';
import { listRecordings } from '../../src/recordings/list-recordings.ts';
import { apart, median } from './support/apart.ts';
import { launchChromium, visit } from './support/browser.ts';
import { flashAndBeepInPage, lookInPage, playInPage } from './support/recording-page.ts';

const STREAM = 'flash-and-beep';
const RECORDED_MS = 9_000;

let browser: Browser;
let site: Server;
let media: SfuMedia;
let room: MediaRoom;
let folder: string;
/** What was there of the file while it was written. */
let begun: Buffer;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'recording-'));
  browser = await launchChromium();
  site = createServer(async (request, response) => {
    const name = decodeURIComponent(request.url ?? '/').slice(1);
    const { range } = request.headers;
    if (name === 'begun') send(begun, { range, response });
    else if (name.endsWith('.webm')) send(await readFile(join(folder, name)), { range, response });
    else response.setHeader('content-type', 'text/html').end('<!doctype html><title>recording</title>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
  const log = { info: () => {}, warn: () => {}, error: (details: object) => console.error(details) };
  media = new SfuMedia({ workers: 1, announced: [], iceServers: () => [], log });
});

afterAll(async () => {
  await browser.close();
  site.close();
  await media.close();

  await rm(folder, { recursive: true });
});

it('53. what a browser publishes is recorded as a file that a browser plays, with sound and picture at once', async () => {
  const publisher = await publishing();
  room.record(STREAM, { folder, publisher: 'alice', label: 'camera', session: 'monday' });
  const growing = () => listRecordings(folder).then(([file]) => (file ? Date.now() - file.startedAt : 0));
  await expect.poll(growing, { timeout: 60_000, interval: 200 }).toBeGreaterThan(RECORDED_MS);
  begun = await readFile(join(folder, (await listRecordings(folder))[0]?.file ?? ''));
  room.stopRecording(STREAM);
  const finished = () =>
    listRecordings(folder).then((files) => files.every(({ durationMs }) => durationMs !== undefined));
  await expect.poll(finished, { timeout: 10_000 }).toBe(true);
  await publisher.context().close();

  const files = await listRecordings(folder);
  // A browser may begin with a smaller picture, which is a file of its own.
  const longest = files.reduce((best, file) => ((file.durationMs ?? 0) > (best.durationMs ?? 0) ? file : best));
  const seconds = (longest.durationMs ?? 0) / 1000;
  const player = await open();
  expect(await player.evaluate(lookInPage, '/begun')).toEqual({ width: 320, at: 2 });
  const played = await player.evaluate(playInPage, `/${longest.file}`);
  expect(played.duration).toBeCloseTo(seconds, 1);
  expect(seconds).toBeGreaterThan(5);
  expect(played.width).toBe(320);
  expect(played.jumpedTo).toBeCloseTo(seconds / 2, 1);
  const between = apart(played.flashes, played.beeps);
  expect(between.length).toBeGreaterThanOrEqual(3);
  expect(Math.abs(median(between))).toBeLessThan(0.08);
}, 120_000);

async function publishing(): Promise<Page> {
  const page = await open();
  const listener = new RecordingListener();
  room = media.open('lobby', { listener, codecs: () => CODEC_NAMES });
  listener.onEvent = (event) => {
    if (event.type === 'answered') void call(page, 'answered', event.sdp);
    if (event.type === 'publisherGotCandidate') void call(page, 'candidate', event.candidate);
  };
  await page.exposeFunction('tell', (type: string, value: string) => {
    if (type === 'offer') room.publish(STREAM, { sdp: value });
    else room.publisherCandidate(STREAM, JSON.parse(value) as Candidate);
  });
  await page.evaluate(flashAndBeepInPage);
  return page;
}

async function open(): Promise<Page> {
  const { port } = site.address() as AddressInfo;
  return (await visit(browser, `http://localhost:${port}/`)).page;
}

async function call(page: Page, method: string, value: unknown): Promise<void> {
  await page.evaluate(
    ([name, argument]) =>
      (window as unknown as Record<string, (argument: unknown) => Promise<void>>)[name as string]?.(argument),
    [method, value],
  );
}

/** Players ask for parts. */
function send(
  bytes: Buffer,
  { range, response }: { readonly range: string | undefined; readonly response: ServerResponse },
): void {
  const [, from = '0', to = ''] = /bytes=(\d+)-(\d*)/.exec(range ?? '') ?? [];
  const [start, end] = [Number(from), to === '' ? bytes.length - 1 : Math.min(Number(to), bytes.length - 1)];
  response.writeHead(range === undefined ? 200 : 206, {
    'content-type': 'video/webm',
    'accept-ranges': 'bytes',
    'content-length': end - start + 1,
    ...(range === undefined ? {} : { 'content-range': `bytes ${start}-${end}/${bytes.length}` }),
  });
  response.end(bytes.subarray(start, end + 1));
}
