import type { Locator, Page } from 'playwright-core';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import { enterNative } from '../support/native.ts';
import { line, messageBox, say } from './support/browser.ts';
import { messageRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

const DAY_MS = 86_400_000;
const YESTERDAY = 30;
const TODAY = 170;

let room: BrowserRoom;

beforeAll(async () => {
  // The server runs in this process: its clock is ours.
  const now = Date.now;
  let behind = DAY_MS;
  vi.spyOn(Date, 'now').mockImplementation(() => now() - behind);
  room = await openBrowserRoom();
  await post('yesterday', YESTERDAY);
  behind = 0;
  await post('today', TODAY);
});
afterAll(async () => {
  await room.close();
  vi.restoreAllMocks();
});

test('earlier messages come as somebody scrolls up, down to the very first, and days have names', async () => {
  const visitor = await room.enter('reader');
  const { page } = visitor;
  await line(page, `today ${TODAY}.`).waitFor();
  expect(await line(page, 'yesterday 1.').count(), 'not all is loaded at once').toBe(0);
  expect(await page.getByRole('log').getByText('Welcome to Lobby').count()).toBe(0);

  await scrollUpTo(page, line(page, 'yesterday 1.'));
  await page.getByRole('log').getByRole('heading', { name: 'Welcome to Lobby' }).waitFor();
  const texts = await page.getByRole('log').getByRole('article').allInnerTexts();
  const numbers = texts.flatMap((text) => /(yesterday|today) \d+\./.exec(text)?.[0] ?? []);
  expect(numbers).toEqual([...numbered('yesterday', YESTERDAY), ...numbered('today', TODAY)]);

  const days = page.getByRole('log').getByText(/^(Yesterday|Today)$/);
  expect(await days.allInnerTexts()).toEqual(['Yesterday', 'Today']);
  const [yesterday, today] = [days.first(), days.last()];
  expect(await isAbove(yesterday, line(page, 'yesterday 1.'))).toBe(true);
  expect(await isAbove(messageRow(page, `yesterday ${YESTERDAY}.`), today)).toBe(true);
  expect(await isAbove(today, line(page, 'today 1.'))).toBe(true);
  await room.leave(visitor);
});

test('a tall window is filled, page after page, without scrolling', async () => {
  const visitor = await room.enter('tall reader', { viewport: { width: 1440, height: 5_000 } });
  await line(visitor.page, 'yesterday 1.').waitFor();
  expect(await visitor.page.getByRole('log').getByRole('article').count()).toBe(YESTERDAY + TODAY);
  await room.leave(visitor);
});

test('what is read stays where it is while earlier messages come in above it', async () => {
  const visitor = await room.enter('careful reader');
  const { page } = visitor;
  const log = page.getByRole('log');
  await line(page, `today ${TODAY}.`).waitFor();
  const first = log.getByRole('article').first();
  const oldest = (await first.getAttribute('data-message')) ?? '';
  const read = log.locator(`[data-message="${oldest}"]`);
  // To the top at once, so that more is loaded while this message is the first on the screen.
  await log.evaluate((scroller) => {
    scroller.scrollTop = 0;
  });
  await page.waitForFunction((id) => {
    const [top] = document.querySelectorAll<HTMLElement>('[role=log] [data-message]');
    return top !== undefined && Number(top.dataset.message) < Number(id);
  }, oldest);
  await read.waitFor();
  expect(await isOnScreen(page, read)).toBe(true);
  await room.leave(visitor);
});

test('who reads above is not taken to the end by others, but can go there', async () => {
  const visitor = await room.enter('slow reader');
  const writer = await room.enter('writer');
  const { page } = visitor;
  await line(page, `today ${TODAY}.`).waitFor();
  await page.getByRole('log').hover();
  await page.mouse.wheel(0, -300);
  await page.getByRole('button', { name: 'Jump to latest' }).waitFor();
  await say(writer.page, 'something new');
  const jump = page.getByRole('button', { name: '1 new message' });
  await jump.waitFor();
  const fresh = line(page, 'something new');
  expect(await isOnScreen(page, fresh)).toBe(false);
  await jump.click();
  await jump.waitFor({ state: 'detached' });
  expect(await isOnScreen(page, fresh)).toBe(true);

  await say(writer.page, 'and more');
  await line(page, 'and more').waitFor();
  expect(await isOnScreen(page, line(page, 'and more'))).toBe(true);
  await messageBox(page).waitFor();
  await room.leave(visitor, writer);
});

async function post(word: string, count: number): Promise<void> {
  const historian = await enterNative(room.server.wsUrl, { name: `historian of ${word}` });
  for (const text of numbered(word, count)) {
    await historian.client.post({ target: { channel: 'lobby' }, text });
  }
  historian.close();
}

function numbered(word: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${word} ${index + 1}.`);
}

/** As with a wheel: again and again, until it is there. */
async function scrollUpTo(page: Page, sought: Locator): Promise<void> {
  await page.getByRole('log').hover();
  await expect
    .poll(
      async () => {
        await page.mouse.wheel(0, -4_000);
        return sought.count();
      },
      { timeout: 20_000 },
    )
    .toBe(1);
  await sought.waitFor();
}

async function isAbove(one: Locator, other: Locator): Promise<boolean> {
  const [upper, lower] = [await one.boundingBox(), await other.boundingBox()];
  return upper !== null && lower !== null && upper.y < lower.y;
}

/** Within the part of the conversation that is seen. */
async function isOnScreen(page: Page, row: Locator): Promise<boolean> {
  const [inner, outer] = [await row.boundingBox(), await page.getByRole('log').boundingBox()];
  return (
    inner !== null && outer !== null && inner.y >= outer.y - 1 && inner.y + inner.height <= outer.y + outer.height + 1
  );
}
