import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { DESKTOP, enter, goOnCamera, messageBox, PHONE, say, visit } from './support/browser.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

const SIZES = { desktop: DESKTOP, phone: PHONE } as const;

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  describe.each(Object.entries(SIZES))('on a %s', (size, viewport) => {
    test('axe finds nothing, and nothing is wider than the screen', async () => {
      const welcome = await visit(room.browser, room.url, { viewport, colorScheme });
      await welcome.page.getByRole('button', { name: 'Join' }).waitFor();
      await expectAccessible(welcome.page);
      await welcome.context.close();

      const name = `axel ${colorScheme} ${size}`;
      const visitor = await enter(room.browser, room.url, { name, viewport, colorScheme });
      await say(visitor.page, 'A **line** with a [link](https://example.org), `code` and\n\n> a quotation');
      await visitor.page.getByRole('log').getByText('a quotation').last().waitFor();
      await goOnCamera(visitor.page);
      await expectAccessible(visitor.page);
      const overflow = await visitor.page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
      expect(overflow).toBeLessThanOrEqual(0);
      await visitor.context.close();
    });
  });
});

test('the keyboard alone is enough to come in and say something', async () => {
  const { page, context } = await visit(room.browser, room.url);
  await page.getByRole('textbox', { name: 'Your name' }).focus();
  await page.keyboard.type('keyboard');
  await page.keyboard.press('Enter');
  await messageBox(page).waitFor();
  await messageBox(page).focus();
  await page.keyboard.type('typed, not clicked');
  await page.keyboard.press('Enter');
  await page.getByRole('log').getByText('typed, not clicked').waitFor();
  await context.close();
});
