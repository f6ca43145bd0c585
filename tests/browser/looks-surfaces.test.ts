import { afterAll, afterEach, beforeAll, describe, test } from 'vitest';
import { samplePng } from '../support/images.ts';
import { expectAccessible } from './support/axe.ts';
import { goOnCamera, messageBox, PHONE, say, type Visitor, watch } from './support/browser.ts';
import { messageRow, openPersonMenu, openSettings } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

/** What opens over the room, each looked at by axe, in light and in dark. */
let room: BrowserRoom;
let olga: Visitor;
let bob: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  olga = await room.enterAsOperator('olga');
  bob = await room.enter('bob');
  await say(bob.page, 'look at this');
  await messageRow(olga.page, 'look at this').waitFor();
});
afterAll(async () => {
  await room.leave(olga, bob);
  await room.close();
});

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  beforeAll(async () => {
    await olga.page.emulateMedia({ colorScheme });
  });
  afterEach(async () => {
    await olga.page.keyboard.press('Escape');
    await olga.page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('the emoji picker', async () => {
    const row = messageRow(olga.page, 'look at this');
    await row.hover();
    await row.getByRole('button', { name: 'React' }).click();
    await olga.page.getByRole('dialog', { name: 'Choose a reaction' }).waitFor();
    await expectAccessible(olga.page);
  });

  test('images before they are sent, in the conversation, and large', async () => {
    const { page } = olga;
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add images' }).click();
    const buffer = Buffer.from(await samplePng({ width: 640, height: 400 }));
    const name = `${colorScheme}.png`;
    await (await chooser).setFiles([{ name, mimeType: 'image/png', buffer }]);
    await page.getByRole('list', { name: 'Images to send' }).getByRole('img').waitFor();
    await expectAccessible(page);
    await messageBox(page).press('Enter');
    await page.getByRole('button', { name: `Open image ${name}` }).click();
    await page.getByRole('dialog', { name: `Image ${name}` }).waitFor();
    await expectAccessible(page);
  });

  test('the settings of an operator, and a choice among them', async () => {
    const settings = await openSettings(olga.page);
    await settings.getByRole('button', { name: 'Create invitation link' }).click();
    await settings.getByRole('textbox', { name: 'Invitation link' }).waitFor();
    await expectAccessible(olga.page);
    await settings.getByRole('button', { name: /Theme/ }).click();
    await olga.page.getByRole('listbox').waitFor();
    await expectAccessible(olga.page);
    await olga.page.keyboard.press('Escape');
  });

  test('somebody’s menu', async () => {
    await openPersonMenu(olga.page, 'bob');
    await expectAccessible(olga.page);
  });

  test('the ban', async () => {
    const menu = await openPersonMenu(olga.page, 'bob');
    await menu.getByRole('menuitem', { name: 'Ban…' }).click();
    await olga.page.getByRole('dialog', { name: 'Ban bob' }).waitFor();
    await expectAccessible(olga.page);
  });

  test('the statuses', async () => {
    await olga.page.getByRole('button', { name: /^Status:/ }).click();
    await olga.page.getByRole('menu', { name: 'Status' }).waitFor();
    await expectAccessible(olga.page);
  });

  test('the camera’s setup, and who watches', async () => {
    const { page } = olga;
    await page.getByRole('button', { name: 'Start camera' }).click();
    const setup = page.getByRole('dialog', { name: 'Camera setup' });
    await setup.getByRole('button', { name: 'Go on camera' }).and(page.locator(':enabled')).waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await goOnCamera(page);
    await watch(bob.page, 'olga');
    await page.getByRole('button', { name: '1 watching' }).click();
    await page.getByRole('dialog', { name: 'Who watches you' }).getByText('bob').waitFor();
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await page.getByRole('button', { name: 'Stop camera' }).click();
    await page.getByRole('button', { name: 'Start camera' }).waitFor();
  });
});

describe.each(['light', 'dark'] as const)('on a phone in %s', (colorScheme) => {
  let phone: Visitor;

  beforeAll(async () => {
    phone = await room.enter(`phone ${colorScheme}`, { viewport: PHONE, colorScheme });
  });
  afterAll(() => room.leave(phone));

  test.each(['Channels', 'People'])('the pane %s', async (pane) => {
    const { page } = phone;
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: pane }).click();
    const opened = { Channels: page.getByRole('button', { name: 'Settings' }), People: page.getByText('bob').last() };
    await opened[pane as keyof typeof opened].waitFor();
    await expectAccessible(page);
  });

  test('the settings', async () => {
    const { page } = phone;
    await page.getByRole('navigation', { name: 'Panes' }).getByRole('button', { name: 'Channels' }).click();
    await openSettings(page);
    await expectAccessible(page);
    await page.keyboard.press('Escape');
  });
});
