import type { Locator, Page } from 'playwright-core';

/** Opens the menu of somebody in the who list. */
export async function openPersonMenu(page: Page, name: string): Promise<Locator> {
  await page.getByRole('button', { name: `Actions for ${name}` }).click();
  const menu = page.getByRole('menu', { name: `Actions for ${name}` });
  await menu.waitFor();
  return menu;
}

/** Does something about somebody, by their menu. */
export async function chooseFor(page: Page, name: string, action: string): Promise<void> {
  const menu = await openPersonMenu(page, name);
  await menu.getByRole('menuitem', { name: action, exact: true }).click();
  await menu.waitFor({ state: 'detached' });
}

/** Somebody's line in the who list. */
export function personRow(page: Page, name: string): Locator {
  return page
    .getByRole('list', { name: 'People' })
    .getByRole('listitem')
    .filter({ has: page.getByText(name, { exact: true }) });
}

/** A message by what it says, with all that belongs to it. */
export function messageRow(page: Page, text: string): Locator {
  return page.getByRole('log').getByRole('article').filter({ hasText: text });
}

/** Opens the settings. */
export async function openSettings(page: Page): Promise<Locator> {
  await page.getByRole('button', { name: 'Settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.waitFor();
  return dialog;
}
