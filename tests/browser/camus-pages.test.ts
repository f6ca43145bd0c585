import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { DESKTOP, PHONE, visit } from './support/browser.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

describe.each([
  ['light', DESKTOP],
  ['dark', PHONE],
] as const)('in %s', (colorScheme, viewport) => {
  test('a room is made, found in the list and entered by its password; axe finds nothing on the way', async () => {
    const maker = await visit(room.browser, `${room.url}/rooms`, { colorScheme, viewport });
    const { page } = maker;
    await expectAccessible(page);
    await page.getByLabel('Name').fill(`Tea in ${colorScheme}`);
    await page.getByLabel('Password, if there shall be one').fill('open sesame');
    await page.getByLabel('In the list of public rooms').selectOption('Yes');
    await page.getByLabel('At most').selectOption('5');
    await page.getByRole('button', { name: 'Make the room' }).click();
    await page.getByRole('link', { name: 'Open in Parlour' }).waitFor();
    expect(new URL(page.url()).pathname).toBe(`/room/tea-in-${colorScheme}`);
    await expectAccessible(page);
    await maker.context.close();

    const guest = await visit(room.browser, `${room.url}/public`, { colorScheme, viewport });
    await expectAccessible(guest.page);
    await guest.page.getByRole('link', { name: `Tea in ${colorScheme}` }).click();
    await guest.page.getByLabel('Password').fill('wrong');
    await guest.page.getByRole('button', { name: 'Enter' }).click();
    await guest.page.getByRole('alert').getByText('Invalid password').waitFor();
    await expectAccessible(guest.page);
    await guest.page.getByLabel('Password').fill('open sesame');
    await guest.page.getByRole('button', { name: 'Enter' }).click();
    await guest.page.getByRole('link', { name: 'Open in Parlour' }).click();
    await guest.page.getByRole('heading', { name: `Tea in ${colorScheme}` }).waitFor();
    // The browser says in its console that 401 was the answer to the wrong password, and nothing else.
    expect(guest.errors.filter((error) => !error.includes('401'))).toEqual([]);
    await guest.context.close();
  });

  test('without scripts the first page shows the form', async () => {
    const context = await room.browser.newContext({ colorScheme, viewport, javaScriptEnabled: false });
    const page = await context.newPage();
    await page.goto(room.url);
    await page.getByLabel('Name').fill(`No scripts in ${colorScheme}`);
    await page.getByRole('button', { name: 'Make the room' }).click();
    await page.getByRole('heading', { name: `No scripts in ${colorScheme}` }).waitFor();
    await context.close();
  });
});
