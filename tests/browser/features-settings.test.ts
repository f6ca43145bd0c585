import type { Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { messageBox, say, type Visitor } from './support/browser.ts';
import { openSettings } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;
let alice: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  alice = await room.enter('alice', { colorScheme: 'light' });
});
afterAll(async () => {
  await room.leave(alice);
  await room.close();
});

test('the theme is that of the device, or the one that was chosen, over reloads', async () => {
  const { page } = alice;
  expect(await brightness(page)).toBeGreaterThan(0.8);
  await page.emulateMedia({ colorScheme: 'dark' });
  expect(await brightness(page)).toBeLessThan(0.2);

  await chooseTheme(page, 'Light');
  expect(await brightness(page)).toBeGreaterThan(0.8);
  await chooseTheme(page, 'Dark');
  expect(await brightness(page)).toBeLessThan(0.2);
  await page.emulateMedia({ colorScheme: 'light' });
  expect(await brightness(page)).toBeLessThan(0.2);
  await page.reload();
  await messageBox(page).waitFor();
  expect(await brightness(page)).toBeLessThan(0.2);

  await chooseTheme(page, 'Like my device');
  expect(await brightness(page)).toBeGreaterThan(0.8);
});

test('who comes and goes is shown, or not', async () => {
  const { page } = alice;
  const visitor = await room.enter('visitor');
  await page.getByRole('log').getByText('visitor joined').waitFor();
  const settings = await openSettings(page);
  await settings.getByText('Show who comes and goes').click();
  await page.keyboard.press('Escape');
  await page.getByRole('log').getByText('visitor joined').waitFor({ state: 'detached' });
  await room.leave(visitor);
});

test('who does not want to be disturbed has no count in the title of the page', async () => {
  const { page } = alice;
  const writer = await room.enter('writer');
  await writer.page.getByRole('button', { name: 'Actions for alice' }).click();
  await writer.page.getByRole('menuitem', { name: 'Send a message' }).click();
  await say(writer.page, 'psst');
  await page.waitForFunction(() => document.title.startsWith('(1)'));
  const settings = await openSettings(page);
  await settings.getByText('Do not disturb').click();
  await page.waitForFunction(() => !document.title.startsWith('('));
  await page.keyboard.press('Escape');
  await room.leave(writer);
});

async function chooseTheme(page: Page, theme: string): Promise<void> {
  const settings = await openSettings(page);
  await settings.getByRole('button', { name: /Theme/ }).click();
  await page.getByRole('option', { name: theme }).click();
  await page.keyboard.press('Escape');
  await settings.waitFor({ state: 'detached' });
}

/** Of what the page stands on, as computed: from 0, black, to 1, white. */
function brightness(page: Page): Promise<number> {
  return page.evaluate(() => {
    const pixel = document.createElement('canvas').getContext('2d');
    if (!pixel) throw new Error('There is no canvas.');
    pixel.fillStyle = getComputedStyle(document.body).backgroundColor;
    pixel.fillRect(0, 0, 1, 1);
    const [red = 0, green = 0, blue = 0] = pixel.getImageData(0, 0, 1, 1).data;
    return (red + green + blue) / 3 / 255;
  });
}
