import type { Locator, Page } from 'playwright-core';

/** More stops than any part of the page has. */
const MAX_STOPS = 80;

/** Goes on by Tab, or back by Shift+Tab, until this has the focus. */
export async function tabTo(page: Page, sought: Locator, key: 'Tab' | 'Shift+Tab' = 'Tab'): Promise<void> {
  await sought.waitFor();
  for (let stop = 0; stop < MAX_STOPS; stop++) {
    if (await hasFocus(sought)) return;
    await page.keyboard.press(key);
  }
  const where = await page.evaluate(() => document.activeElement?.outerHTML.slice(0, 200));
  throw new Error(`The keyboard does not get there. It is on ${where}`);
}

export async function hasFocus(sought: Locator): Promise<boolean> {
  return sought.evaluate((element) => element === document.activeElement);
}

/** Waits until this has the focus. */
export async function expectFocus(page: Page, sought: Locator): Promise<void> {
  const element = await sought.elementHandle();
  await page.waitForFunction((each) => each === document.activeElement, element);
}
