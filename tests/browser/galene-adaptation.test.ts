import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Shaper } from '../../src/media/testing/shaper.ts';
import { House } from '../conformance/galene-media/support/house.ts';
import { launchChromium } from './support/browser.ts';
import {
  enterGalene,
  expectDecoded,
  type GalenePage,
  type GalenePageOptions,
  request,
  share,
} from './support/galene-media-page.ts';

let house: House;
let browser: Awaited<ReturnType<typeof launchChromium>>;
const pages: GalenePage[] = [];

beforeAll(async () => {
  house = await House.open();
  browser = await launchChromium();
});
afterEach(async () => {
  for (const { context } of pages.splice(0)) await context.close();
  await house.empty();
});
afterAll(async () => {
  await browser.close();
  await house.close();
});

async function page(group: string, name: string, options: Partial<GalenePageOptions> = {}): Promise<GalenePage> {
  const url = house.server.url.replace('127.0.0.1', 'localhost');
  const galene = await enterGalene(browser, url, { group, name, ...options });
  pages.push(galene);
  return galene;
}

/** In the page: a camera on which everything moves, so that each size takes what it may; in few colours, for few processors. */
function pointAtNoise(): void {
  const [small, canvas] = [document.createElement('canvas'), document.createElement('canvas')];
  [small.width, small.height, canvas.width, canvas.height] = [32, 18, 640, 360];
  const [noise, context] = [small.getContext('2d'), canvas.getContext('2d')];
  const image = noise?.createImageData(small.width, small.height);
  if (!noise || !context || !image) throw new Error('there is no canvas');
  context.imageSmoothingEnabled = false;
  const words = new Uint32Array(image.data.buffer);
  let state = 1;
  setInterval(() => {
    for (let i = 0; i < words.length; i += 1) {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) | 0;
      if (state > 0) words[i] = state | 0xff000000;
    }
    noise.putImageData(image, 0, 0);
    context.drawImage(small, 0, 0, canvas.width, canvas.height);
  }, 100);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(10);
}

describe('Chromium: who gets which quality', () => {
  test('behind a narrow way the small picture goes on, and beside it the large one', async () => {
    const group = house.group();
    // A second of it may wait: a keyframe is as much.
    const shaper = new Shaper({ bitrate: 320_000, queueBytes: 40_000 });
    const ann = await page(group, 'ann');
    await ann.page.evaluate(pointAtNoise);
    const bob = await page(group, 'bob', {
      passes: (packet, direction) => direction === 'out' || shaper.take(packet.length, performance.now()),
    });
    const carol = await page(group, 'carol');
    for (const person of [bob, carol]) await request(person);
    const id = await share(ann, { label: 'camera', simulcast: true });
    await expectDecoded(carol, id, { width: 640 });
    await expectDecoded(bob, id, { width: 320, more: 20 });
    const { carried, lost } = shaper;
    await expectDecoded(bob, id, { width: 320, more: 20 });
    // Of what is sent by then, most arrives, be it that a try of more falls into this time.
    expect(shaper.lost - lost).toBeLessThan((shaper.carried - carried) / 2);
    await expectDecoded(carol, id, { width: 640, more: 10 });
  }, 90_000);
});
