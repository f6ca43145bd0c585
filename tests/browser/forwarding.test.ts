import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Candidate, Wanted } from '../../src/core/stream.ts';
import { CODEC_NAMES, type MediaRoom } from '../../src/media/port.ts';
import { SfuMedia } from '../../src/media/sfu/sfu-media.ts';
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
    if (event.type === 'offered') void call(receivers.get(event.to), 'offered', event.offer.sdp);
    if (event.type === 'receiverGotCandidate') void call(receivers.get(event.to), 'candidate', event.candidate);
  };
  publisher = await open();
});

afterEach(async () => {
  room.close();
  await media.close();
  await Promise.all([publisher, ...receivers.values()].map((page) => page.context().close()));
  receivers.clear();
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

async function publish({ sizes }: { readonly sizes: number }): Promise<void> {
  await publisher.exposeFunction('tell', (type: string, value: string) => {
    if (type === 'offer') room.publish(STREAM, { sdp: value });
    else room.publisherCandidate(STREAM, JSON.parse(value) as Candidate);
  });
  await publisher.evaluate(publishInPage, sizes);
}

async function receive(name: string, wanted: Wanted): Promise<Page> {
  const page = await open();
  receivers.set(name, page);
  await page.exposeFunction('tell', (type: string, value: string) => {
    if (type === 'answer') room.answer(STREAM, name, value);
    else room.receiverCandidate(STREAM, name, JSON.parse(value) as Candidate);
  });
  await page.evaluate(receiveInPage);
  room.forward(STREAM, name, wanted);
  return page;
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
