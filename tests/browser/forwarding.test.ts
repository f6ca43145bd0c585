import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Candidate, Wanted } from '../../src/core/stream.ts';
import { CODEC_NAMES, type MediaRoom } from '../../src/media/port.ts';
import { SfuMedia } from '../../src/media/sfu/sfu-media.ts';
import { LossyPath } from '../../src/media/testing/lossy-path.ts';
import { RecordingListener } from '../../src/media/testing/recording-listener.ts';
import { launchChromium, visit } from './support/browser.ts';
import { publishInPage, receiveInPage } from './support/forwarding-page.ts';

const STREAM = 'camera-of-alice';
const EVERYTHING: Wanted = { audio: true, video: 'high' };
const LITTLE: Wanted = { audio: true, video: 'low' };

let browser: Browser;
let site: Server;
let media: SfuMedia;
let room: MediaRoom;
let listener: RecordingListener;
let publisher: Page;
const receivers = new Map<string, Page>();
/** Those whose packets take a way on which some get lost. */
const paths = new Set<string>();

beforeAll(async () => {
  browser = await launchChromium();
  site = createServer((_request, response) => {
    response.setHeader('content-type', 'text/html');
    response.end('<!doctype html><title>forwarding</title>');
  });
  await new Promise<void>((resolve) => site.listen(0, '127.0.0.1', resolve));
});

afterAll(async () => {
  await browser.close();
  site.close();
});

beforeEach(async () => {
  const log = { info: () => {}, warn: () => {}, error: (details: object) => console.error(details) };
  media = new SfuMedia({ workers: 1, announced: [], iceServers: () => [], log });
  listener = new RecordingListener();
  room = media.open('lobby', { listener, codecs: () => CODEC_NAMES });
  listener.onEvent = (event) => {
    if (event.type === 'answered') void call(publisher, 'answered', event.sdp);
    if (event.type === 'publisherGotCandidate') void call(publisher, 'candidate', event.candidate);
    if (event.type === 'offered') {
      const { sdp } = event.offer;
      void call(receivers.get(event.to), 'offered', paths.has(event.to) ? withoutCandidates(sdp) : sdp);
    }
    if (event.type === 'played') void call(receivers.get(event.to), 'answered', event.sdp);
    if (event.type === 'receiverGotCandidate' && !paths.has(event.to)) {
      void call(receivers.get(event.to), 'candidate', event.candidate);
    }
  };
  publisher = await open();
});

afterEach(async () => {
  room.close();
  await media.close();
  await Promise.all([publisher, ...receivers.values()].map((page) => page.context().close()));
  receivers.clear();
  paths.clear();
});

describe('between browsers', () => {
  it('a camera is received once and seen by two', async () => {
    await publish({ sizes: 1 });
    const [bob, carol] = [await receive('bob', EVERYTHING), await receive('carol', EVERYTHING)];
    await showsPicture(bob, 640);
    await showsPicture(carol, 640);
    await bob.waitForFunction(() => (window as unknown as { heard(): Promise<boolean> }).heard());
    expect(listener.of('offered')).toHaveLength(2);
  });

  it('of two sizes each gets theirs, and may change without an offer or a picture that stands still', async () => {
    await publish({ sizes: 2 });
    const bob = await receive('bob', EVERYTHING);
    const carol = await receive('carol', LITTLE);
    await showsPicture(carol, 320);
    await showsPicture(bob, 640);
    room.forward(STREAM, 'bob', LITTLE);
    await showsPicture(bob, 320);
    room.forward(STREAM, 'bob', EVERYTHING);
    await showsPicture(bob, 640);
    expect(listener.of('offered')).toHaveLength(2);
  });

  it('what is lost comes again as a stream of its own, and the picture goes on', async () => {
    let count = 0;
    const path = await LossyPath.create((packet) => isPicture(packet) && ++count % 20 === 0);
    await publish({ sizes: 1 });
    const bob = await receive('bob', EVERYTHING, { path });
    await showsPicture(bob, 640);
    const repaired = () => bob.evaluate(() => (window as unknown as { repaired(): Promise<number> }).repaired());
    await expect.poll(repaired, { timeout: 15_000 }).toBeGreaterThan(3);
    await showsPicture(bob, 640);
    path.close();
  });

  it.each([
    ['with all candidates at once', false],
    ['with candidates as they are found', true],
  ])(
    'who offers to receive sees and hears it, also by another way: %s',
    async (_how, trickles) => {
      await publish({ sizes: 2 });
      const bob = await receive('bob', EVERYTHING, { plays: { trickles } });
      await showsPicture(bob, 640);
      await bob.waitForFunction(() => (window as unknown as { heard(): Promise<boolean> }).heard());
      room.forward(STREAM, 'bob', LITTLE);
      await showsPicture(bob, 320);
      await call(bob, 'restart', undefined);
      await expect.poll(() => listener.of('played').length, { timeout: 15_000 }).toBe(2);
      await showsPicture(bob);
      expect(listener.of('offered')).toEqual([]);
      expect(listener.of('undeliverable')).toEqual([]);
    },
    60_000,
  );

  it.each([
    ['L1T3', 640],
    // No more layers than leave the lowest a size worth sending: at this one, Chromium makes it two.
    ['L3T3_KEY', 320],
  ])('AV1 in layers is shown, all of it or the lowest alone: %s', async (scalabilityMode, least) => {
    await publish({ scalabilityMode });
    const bob = await receive('bob', EVERYTHING);
    await showsPicture(bob, 640);
    const { offer } = listener.of('offered')[0] ?? {};
    expect(offer?.sdp).toContain('#dependency-descriptor-rtp-header-extension');
    room.forward(STREAM, 'bob', LITTLE);
    await showsPicture(bob, least);
    room.forward(STREAM, 'bob', EVERYTHING);
    await showsPicture(bob, 640);
  });

  it('a new way on either side is taken, and the picture goes on', async () => {
    await publish({ sizes: 1 });
    const bob = await receive('bob', EVERYTHING);
    await showsPicture(bob);
    room.restart(STREAM, 'bob');
    await bob.waitForFunction(() => (window as unknown as { offers: number }).offers === 2);
    await showsPicture(bob);
    await call(publisher, 'restart', undefined);
    await expect.poll(() => listener.of('flowing').length, { timeout: 15_000 }).toBe(2);
    await showsPicture(bob);
    expect(listener.of('answered')).toHaveLength(2);
    // Browsers take their time to leave a way that does not answer any more: 5 to 10 s each.
  }, 60_000);
});

async function open(): Promise<Page> {
  const { port } = site.address() as AddressInfo;
  const { page } = await visit(browser, `http://localhost:${port}/`);
  return page;
}

async function publish(options: Parameters<typeof publishInPage>[0]): Promise<void> {
  await publisher.exposeFunction('tell', (type: string, value: string) => {
    if (type === 'offer') room.publish(STREAM, { sdp: value });
    else room.publisherCandidate(STREAM, JSON.parse(value) as Candidate);
  });
  await publisher.evaluate(publishInPage, options);
}

interface ReceiveOptions {
  /** They offer. */
  readonly plays?: { readonly trickles: boolean };
  readonly path?: LossyPath;
}

async function receive(name: string, wanted: Wanted, { plays, path }: ReceiveOptions = {}): Promise<Page> {
  const page = await open();
  receivers.set(name, page);
  if (path) paths.add(name);
  await page.exposeFunction('tell', (type: string, value: string) => {
    if (type === 'offer') room.play(STREAM, name, { sdp: value, wanted });
    else if (type === 'answer') room.answer(STREAM, name, value);
    else candidate(name, JSON.parse(value) as Candidate, path);
  });
  await page.evaluate(receiveInPage, plays ? { offers: true, ...plays } : {});
  if (!plays) room.forward(STREAM, name, wanted);
  return page;
}

/** With a path between us, that is all the two ends know of each other. */
function candidate(name: string, found: Candidate, path?: LossyPath): void {
  if (!path) room.receiverCandidate(STREAM, name, found);
  else if (/ udp \d+ \d+\.\d+\.\d+\.\d+ /.test(found.candidate)) {
    room.receiverCandidate(STREAM, name, { ...found, candidate: path.through(found.candidate) });
  }
}

function withoutCandidates(sdp: string): string {
  return sdp.replaceAll(/^a=candidate:.*\r\n/gm, '');
}

const VP8 = 96;

function isPicture(packet: Buffer): boolean {
  return ((packet[1] ?? 0) & 127) === VP8;
}

async function call(page: Page | undefined, method: string, value: unknown): Promise<void> {
  await page?.evaluate(
    ([name, argument]) =>
      (window as unknown as Record<string, (argument: unknown) => Promise<void>>)[name as string]?.(argument),
    [method, value],
  );
}

/** Pictures of this width, ten of them new; of any, where a browser that finds its way again may send small ones. */
async function showsPicture(page: Page, width?: number): Promise<void> {
  await page.evaluate(() => {
    (window as unknown as { pictures: number }).pictures = 0;
  });
  await page.waitForFunction((wanted) => {
    const video = document.querySelector('video');
    const { pictures } = window as unknown as { pictures: number };
    return pictures >= 10 && (wanted === undefined || video?.videoWidth === wanted);
  }, width);
}
