import { existsSync } from 'node:fs';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { voidElement } from '../../src/recordings/ebml.ts';
import { startTestServer, type TestServer } from '../support/server.ts';
import { expectAccessible } from './support/axe.ts';
import { DESKTOP, launchChromium, PHONE } from './support/browser.ts';
import { recordInPage, storeClip } from './support/recorded-files.ts';

const START = Date.UTC(2026, 2, 1, 12);
const SESSION = 'a-session';
/** How far apart what belongs together may be, in seconds. */
const IN_SYNC = 0.1;
const LOGIN = { username: 'vimes', password: 'sybil' };

let groups: string;
let server: TestServer;
let browser: Browser;
let folder: string;
let webm: Uint8Array;

beforeAll(async () => {
  groups = await mkdtemp(join(tmpdir(), 'parlour-groups-'));
  const users = { vimes: { password: 'sybil', permissions: 'op' } };
  for (const name of ['watch', 'many']) {
    await writeFile(join(groups, `${name}.json`), JSON.stringify({ users, 'allow-recording': true }));
  }
  server = await startTestServer({ settings: { galene: { groups } } });
  browser = await launchChromium();
  folder = join(server.data, 'recordings', 'watch');
  const page = await browser.newPage();
  await page.goto(`${server.url}/healthz`);
  webm = await recordInPage(page, 10);
  await page.close();
  const clip = { folder, webm, session: SESSION };
  await storeClip({ ...clip, startedAt: START, length: 9_000, publisher: 'vimes' });
  await storeClip({ ...clip, startedAt: START + 2_340, length: 6_000, publisher: 'carrot <b>' });
  await storeClip({ ...clip, startedAt: START + 3_000, length: 4_000, publisher: 'vimes', label: 'screenshare' });
  await storeClip({ ...clip, startedAt: START - 86_400_000, length: 3_000, publisher: 'colon', session: 'before' });
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await rm(groups, { recursive: true, force: true });
});

interface Visit {
  readonly page: Page;
  readonly errors: readonly string[];
}

async function visit(path: string, options: Parameters<Browser['newContext']>[0] = {}): Promise<Visit> {
  const context: BrowserContext = await browser.newContext({
    httpCredentials: LOGIN,
    viewport: DESKTOP,
    ...options,
  });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(`${server.url}${path}`);
  return { page, errors };
}

/** Where each video that is there now is on the timeline, which is where its file begins and how far it is. */
function placesOf(page: Page) {
  return page.evaluate((offsets) => {
    const videos = [...document.querySelectorAll<HTMLVideoElement>('.tile video:not([hidden])')];
    return videos.map((video) => ({
      at: (offsets[video.getAttribute('aria-label') ?? ''] ?? Number.NaN) + video.currentTime,
      isMoving: !video.paused && !video.ended && !video.seeking && video.readyState > 2,
    }));
  }, OFFSETS);
}

const OFFSETS: Readonly<Record<string, number>> = {
  'vimes, camera': 0,
  'carrot <b>, camera': 2.34,
  'vimes, screen': 3,
};

/** How far apart those are that play, once so many of them do. In seconds. */
async function spread(page: Page, count: number): Promise<number> {
  const moving = (await placesOf(page)).filter(({ isMoving }) => isMoving).map(({ at }) => at);
  return moving.length === count ? Math.max(...moving) - Math.min(...moving) : Number.POSITIVE_INFINITY;
}

/** The largest spread while so many seconds are played, from when they have come together. */
async function measured(page: Page, { count, seconds }: { readonly count: number; readonly seconds: number }) {
  await expect.poll(() => spread(page, count), { timeout: 30_000, interval: 50 }).toBeLessThan(IN_SYNC / 2);
  const end = (await position(page)) + seconds;
  const spreads: number[] = [];
  while ((await position(page)) < end) spreads.push(await spread(page, count));
  expect(spreads.length).toBeGreaterThan(3);
  return Math.max(...spreads);
}

function position(page: Page): Promise<number> {
  return page.getByRole('slider', { name: 'Position' }).evaluate((slider: HTMLInputElement) => slider.valueAsNumber);
}

/** As by a finger on it. */
function seek(page: Page, seconds: number): Promise<void> {
  return page.getByRole('slider', { name: 'Position' }).evaluate((slider: HTMLInputElement, to) => {
    slider.valueAsNumber = to;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
  }, seconds);
}

const button = (page: Page, name: string) => page.getByRole('button', { name, exact: true });
const PLAYER = `/recordings/watch/?session=${SESSION}`;

async function leave({ page, errors }: Visit): Promise<void> {
  await page.context().close();
  expect(errors).toEqual([]);
}

describe('the player', () => {
  test('plays files that begin at different times as one, also after a jump and at another speed', async () => {
    const visitor = await visit(PLAYER);
    const { page } = visitor;
    await page.getByText('0:00 / 0:09').waitFor();
    await page.getByText('Begins at 0:02').waitFor();
    await button(page, 'Play').click();
    const playing = await measured(page, { count: 3, seconds: 1.5 });
    await seek(page, 4);
    const afterSeek = await measured(page, { count: 3, seconds: 1 });
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('1.5');
    await seek(page, 3.2);
    const faster = await measured(page, { count: 3, seconds: 1.5 });
    expect([playing, afterSeek, faster].filter((seconds) => seconds >= IN_SYNC)).toEqual([]);
    await leave(visitor);
  });

  test('says who has not come yet and who is gone, waits at the end, and begins anew', async () => {
    const visitor = await visit(PLAYER);
    const { page } = visitor;
    await page.getByText('Begins at 0:03').waitFor();
    await seek(page, 7.5);
    await page.getByText('Ended at 0:07').waitFor();
    await seek(page, 8.5);
    await page.getByText('Ended at 0:08').waitFor();
    await button(page, 'Play').click();
    await page.getByText('0:09 / 0:09').waitFor();
    await button(page, 'Play').waitFor();
    await button(page, 'Play').click();
    await page.waitForFunction(() =>
      [...document.querySelectorAll('video')].some((video) => video.currentTime < 3 && !video.paused),
    );
    await page.getByText('Begins at 0:02').waitFor();
    await leave(visitor);
  });

  test('has one volume, and pauses all', async () => {
    const visitor = await visit(PLAYER);
    const { page } = visitor;
    await seek(page, 3.5);
    await button(page, 'Play').click();
    await expect.poll(() => spread(page, 3), { timeout: 30_000 }).toBeLessThan(IN_SYNC);
    const sounds = () =>
      page.evaluate(() =>
        [...document.querySelectorAll<HTMLVideoElement>('.tile video:not([hidden])')].map(
          ({ muted, volume, paused }) => ({ muted, volume, paused }),
        ),
      );
    await page.getByRole('slider', { name: 'Volume' }).fill('0.5');
    await expect.poll(sounds).toEqual(Array(3).fill({ muted: false, volume: 0.5, paused: false }));
    await button(page, 'Mute').click();
    await expect.poll(sounds).toEqual(Array(3).fill({ muted: true, volume: 0.5, paused: false }));
    await button(page, 'Pause').click();
    await expect.poll(sounds).toEqual(Array(3).fill({ muted: true, volume: 0.5, paused: true }));
    // While nothing moves they are at the very same picture.
    await expect
      .poll(async () => {
        const places = (await placesOf(page)).map(({ at }) => at);
        return Math.max(...places) - Math.min(...places);
      })
      .toBeLessThan(0.05);
    await leave(visitor);
  });

  test('is played by the keyboard', async () => {
    const visitor = await visit(PLAYER);
    const { page } = visitor;
    await page.getByText('0:00 / 0:09').waitFor();
    await page.keyboard.press('ArrowRight');
    await page.getByText('0:05 / 0:09').waitFor();
    await page.keyboard.press('j');
    await page.getByText('0:00 / 0:09').waitFor();
    await page.keyboard.press('Space');
    await button(page, 'Pause').waitFor();
    await page.keyboard.press('m');
    await button(page, 'Unmute').waitFor();
    await page.keyboard.press('k');
    await button(page, 'Play').waitFor();
    await button(page, 'Play').focus();
    await page.keyboard.press('Space');
    await button(page, 'Pause').waitFor();
    await page.getByRole('slider', { name: 'Position' }).focus();
    await page.keyboard.press('End');
    await page.getByText('0:09 / 0:09').waitFor();
    await leave(visitor);
  });

  test('shows one large', async () => {
    const visitor = await visit(PLAYER);
    const { page } = visitor;
    const large = page.getByRole('button', { name: 'Show large: vimes, screen' });
    await large.click();
    const box = await page.locator('.tile[data-large]').boundingBox();
    expect(box?.width).toBeGreaterThan(900);
    await large.click();
    expect(await page.locator('.tile[data-large]').count()).toBe(0);
    await leave(visitor);
  });

  test('says so where a file cannot be played, and plays the others', async () => {
    const session = 'broken';
    await storeClip({ folder, webm, session, startedAt: START + 7_200_000, length: 3_000, publisher: 'nobby' });
    const bad = await storeClip({
      folder,
      webm,
      session,
      startedAt: START + 7_200_100,
      length: 3_000,
      publisher: 'fred',
    });
    const bytes = await readFile(join(folder, bad), 'latin1');
    await writeFile(join(folder, bad), bytes.replace('V_VP8', 'V_XYZ').replace('A_OPUS', 'A_NONE'), 'latin1');
    const visitor = await visit(`/recordings/watch/?session=${session}`);
    const { page } = visitor;
    await button(page, 'Play').click();
    await page.getByText('This browser cannot play this file.').waitFor();
    expect(await page.getByRole('link', { name: 'Download fred, camera' }).getAttribute('href')).toBe(
      encodeURIComponent(bad),
    );
    await page.getByText('0:03 / 0:03').waitFor();
    await leave(visitor);
  });

  test('goes on where the network was gone for a moment', async () => {
    const visitor = await visit('/healthz');
    const { page } = visitor;
    let failures = 0;
    await page.route('**/*-colon.webm', (route) =>
      failures++ < 2 ? route.abort('connectionreset') : route.continue(),
    );
    await page.goto(`${server.url}/recordings/watch/?session=before`);
    await button(page, 'Play').click();
    await page.waitForFunction(() => (document.querySelector('video')?.currentTime ?? 0) > 1);
    expect(failures).toBeGreaterThan(2);
    await page.context().close();
  });

  test('plays what was cut off in the middle', async () => {
    const session = 'cut';
    const cut = { folder, webm, session, length: 4_000, isCut: true };
    await storeClip({ ...cut, startedAt: START + 10_000_000, publisher: 'nobby' });
    await storeClip({ ...cut, startedAt: START + 10_001_000, publisher: 'fred' });
    const visitor = await visit(`/recordings/watch/?session=${session}`);
    const { page } = visitor;
    await button(page, 'Play').click();
    await expect.poll(() => position(page), { timeout: 30_000 }).toBeGreaterThan(4);
    await button(page, 'Play').waitFor();
    const places = await page.getByRole('slider', { name: 'Position' }).getAttribute('max');
    expect(Number(places)).toBeGreaterThan(4.5);
    expect(Number(places)).toBeLessThan(5.5);
    await leave(visitor);
  });

  test.each([
    ['an hour ago', {}],
    ['just now', { isFresh: true }],
    ['at this moment', { isFresh: true, isCut: true }],
  ])('plays more at once than a browser has connections to one server, recorded %s', async (when, age) => {
    // Large enough not to be read at once.
    const session = when.replaceAll(' ', '-');
    const place = { folder: join(folder, '..', 'many'), session };
    const clip = { ...place, webm, length: 63_000, padding: 125_000, ...age };
    const names = Array.from({ length: 9 }, (_, index) => `watchman ${index}`);
    const files: string[] = [];
    for (const [index, publisher] of names.entries()) {
      files.push(join(place.folder, await storeClip({ ...clip, startedAt: START + index * 10, publisher })));
    }
    const visitor = await visit(`/recordings/many/?session=${session}`);
    const { page } = visitor;
    const isGrowing = 'isCut' in age;
    expect(await page.getByText('It is still being recorded').count()).toBe(isGrowing ? 1 : 0);
    await button(page, 'Play').click();
    const moving = async () => (await placesOf(page)).filter(({ isMoving }) => isMoving).length;
    await expect.poll(moving, { timeout: 30_000 }).toBe(9);
    // What is written behind what is played makes no other file of it.
    if (isGrowing) for (const file of files) await appendFile(file, voidElement(200_000));
    await page.getByRole('combobox', { name: 'Speed' }).selectOption('2');
    // Further than the first piece goes.
    await expect.poll(() => position(page), { timeout: 30_000 }).toBeGreaterThan(12);
    await expect.poll(moving, { timeout: 30_000 }).toBe(9);
    await leave(visitor);
  });
});

describe('the list', () => {
  test('has recordings by their day, each of which can be played, downloaded and deleted without scripts', async () => {
    const session = 'to-delete';
    const clip = { folder, webm, session, length: 2_000 };
    const file = await storeClip({ ...clip, startedAt: START + 20_000_000, publisher: 'angua' });
    await storeClip({ ...clip, startedAt: START + 20_001_000, publisher: 'cheery' });
    const visitor = await visit('/recordings/watch/', { javaScriptEnabled: false });
    const { page } = visitor;
    const entry = page.locator('section', { hasText: 'angua' });
    const download = page.waitForEvent('download');
    await entry.getByRole('link', { name: /^Download angua/ }).click();
    expect((await download).suggestedFilename()).toBe(file);
    await entry.getByLabel(/^Delete: angua/).click();
    await entry.getByText('angua, camera will be gone for good.').waitFor();
    await entry.getByRole('button', { name: 'Delete for good' }).click();
    await page.getByText('cheery, camera', { exact: true }).waitFor();
    expect(await page.getByText('angua').count()).toBe(0);
    expect(existsSync(join(folder, file))).toBe(false);
    await page.locator('section', { hasText: 'cheery' }).getByRole('link', { name: 'Play' }).click();
    expect(await page.locator('video[controls]').count()).toBe(1);
    await leave(visitor);
  });

  test('leads to a file that the browser plays by itself', async () => {
    const visitor = await visit('/recordings/watch/');
    const { page } = visitor;
    await page.getByRole('link', { name: /^Open colon/ }).click();
    await page.waitForFunction(() => (document.querySelector('video')?.videoWidth ?? 0) > 0);
    await page.context().close();
  });
});

test('an operator comes to them from our own client, without a password', async () => {
  await storeClip({ folder: join(folder, '..', 'lobby'), webm, startedAt: START, length: 2_000, publisher: 'igor' });
  const context = await browser.newContext({ viewport: DESKTOP });
  context.setDefaultTimeout(30_000);
  const page = await context.newPage();
  await page.goto(server.invitation);
  await page.getByRole('textbox', { name: 'Your name' }).fill('Olga');
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('button', { name: 'Manage the room' }).click();
  const opened = context.waitForEvent('page');
  await page.getByRole('menuitem', { name: 'Recordings' }).click();
  const tab = await opened;
  await tab.getByRole('heading', { name: 'Recordings' }).waitFor();
  expect(new URL(tab.url()).pathname + new URL(tab.url()).search).toBe('/recordings/lobby/');
  await tab.getByText('igor, camera', { exact: true }).waitFor();
  await tab.getByRole('link', { name: 'Play' }).click();
  await button(tab, 'Play').click();
  await tab.getByText('0:02 / 0:02').waitFor();
  await context.close();
});

describe.each([
  ['light', DESKTOP],
  ['dark', PHONE],
] as const)('in %s', (colorScheme, viewport) => {
  test('axe finds nothing', async () => {
    const options = { colorScheme, viewport };
    const list = await visit('/recordings/watch/', options);
    await list.page.getByLabel(/^Delete: colon/).click();
    await expectAccessible(list.page);
    await picture(list.page, `list-${colorScheme}`);
    await leave(list);
    const player = await visit(PLAYER, options);
    await player.page.getByText('0:00 / 0:09').waitFor();
    await expectAccessible(player.page);
    await seek(player.page, 2.5);
    await player.page.waitForFunction(() =>
      [...document.querySelectorAll<HTMLVideoElement>('.tile video:not([hidden])')].every(
        (video) => video.readyState > 2,
      ),
    );
    await expectAccessible(player.page);
    await picture(player.page, `player-${colorScheme}`);
    await player.page.getByRole('button', { name: 'Show large: vimes, camera' }).click();
    await expectAccessible(player.page);
    await picture(player.page, `large-${colorScheme}`);
    const size = await player.page.evaluate(() => [document.body.scrollWidth, document.body.scrollHeight]);
    expect(size).toEqual([viewport.width, viewport.height]);
    await leave(player);
  });
});

/** To be looked at, where somebody says where. */
async function picture(page: Page, name: string): Promise<void> {
  const { PARLOUR_PICTURES } = process.env;
  if (PARLOUR_PICTURES !== undefined) await page.screenshot({ path: join(PARLOUR_PICTURES, `${name}.png`) });
}
