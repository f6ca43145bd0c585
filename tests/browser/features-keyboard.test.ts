import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectMovingPicture, line, messageBox, type Visitor, watch } from './support/browser.ts';
import { expectFocus, tabTo } from './support/keyboard.ts';
import { messageRow, personRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;
/** Has no mouse. */
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  alice = await room.enter('alice');
  bob = await room.enter('bob');
});
afterAll(async () => {
  await room.leave(alice, bob);
  await room.close();
});

async function type(text: string): Promise<void> {
  const { page } = alice;
  await tabTo(page, messageBox(page));
  await page.keyboard.type(text);
  await page.keyboard.press('Enter');
  await line(bob.page, text).waitFor();
}

test('messages are reached by arrow keys, reacted to, and the picker gives the focus back', async () => {
  const { page } = alice;
  await type('by keyboard');
  const log = page.getByRole('log');
  await tabTo(page, log, 'Shift+Tab');
  await page.keyboard.press('ArrowUp');
  const row = messageRow(page, 'by keyboard');
  await expectFocus(page, row);
  const react = row.getByRole('button', { name: 'React' });
  await tabTo(page, react);
  await page.keyboard.press('Enter');
  const picker = page.getByRole('dialog', { name: 'Choose a reaction' });
  await tabTo(page, picker.getByRole('button', { name: '🎉' }));
  await page.keyboard.press('Enter');
  await messageRow(bob.page, 'by keyboard').getByRole('button', { name: '🎉 by alice' }).waitFor();
  await picker.waitFor({ state: 'detached' });
  await expectFocus(page, react);

  await tabTo(page, row.getByRole('button', { name: '🎉 by alice' }), 'Shift+Tab');
  await page.keyboard.press('Space');
  await messageRow(bob.page, 'by keyboard').getByRole('button', { name: /🎉/ }).waitFor({ state: 'detached' });
});

test('a message is taken back, and the focus stays in the conversation', async () => {
  const { page } = alice;
  await type('said in haste');
  const log = page.getByRole('log');
  await tabTo(page, log, 'Shift+Tab');
  await page.keyboard.press('End');
  const row = messageRow(page, 'said in haste');
  await expectFocus(page, row);
  await tabTo(page, row.getByRole('button', { name: 'Take back' }));
  await page.keyboard.press('Enter');
  await line(bob.page, 'said in haste').waitFor({ state: 'detached' });
  await row.waitFor({ state: 'detached' });
  await expectFocus(page, log);
  await page.keyboard.press('ArrowUp');
  await expectFocus(page, page.getByRole('log').getByRole('article').last());
});

test('somebody’s menu opens, is walked through, acts, and gives the focus back', async () => {
  const { page } = alice;
  const button = page.getByRole('button', { name: 'Actions for bob' });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  const menu = page.getByRole('menu', { name: 'Actions for bob' });
  await expectFocus(page, menu.getByRole('menuitem', { name: 'Send a message' }));
  await page.keyboard.press('Escape');
  await menu.waitFor({ state: 'detached' });
  await expectFocus(page, button);

  await page.keyboard.press('Enter');
  const mute = menu.getByRole('menuitem', { name: 'Mute' });
  for (let item = 0; item < 10 && !(await mute.evaluate((each) => each === document.activeElement)); item++) {
    await page.keyboard.press('ArrowDown');
  }
  await page.keyboard.press('Enter');
  await personRow(page, 'bob').getByText('Muted by you').waitFor();
  await expectFocus(page, button);
});

test('dialogs keep the focus inside until they are closed, then give it back', async () => {
  const { page } = alice;
  const button = page.getByRole('button', { name: 'Settings' });
  await tabTo(page, button);
  await page.keyboard.press('Enter');
  const dialog = page.getByRole('dialog', { name: 'Settings' });
  await dialog.waitFor();
  const last = dialog.getByRole('button', { name: 'Leave the room' });
  await tabTo(page, last);
  await page.keyboard.press('Tab');
  expect(await dialog.evaluate((element) => element.contains(document.activeElement))).toBe(true);
  await tabTo(page, dialog.getByRole('button', { name: 'Unmute bob' }));
  await page.keyboard.press('Enter');
  await dialog.getByText('You have muted nobody.').waitFor();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await expectFocus(page, button);
});

test('the camera goes on and off', async () => {
  const { page } = alice;
  const start = page.getByRole('button', { name: 'Start camera' });
  await tabTo(page, start);
  await page.keyboard.press('Enter');
  const go = page.getByRole('dialog').getByRole('button', { name: 'Go on camera' });
  await go.and(page.locator(':enabled')).waitFor();
  await tabTo(page, go);
  await page.keyboard.press('Enter');
  await watch(bob.page, 'alice');
  await expectMovingPicture(bob.page, 'alice');
  const stop = page.getByRole('button', { name: 'Stop camera' });
  await tabTo(page, stop);
  await page.keyboard.press('Enter');
  await bob.page.getByRole('button', { name: "Watch alice's camera" }).waitFor({ state: 'detached' });
  await start.waitFor();
});
