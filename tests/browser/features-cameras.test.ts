import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { expectMovingPicture, goOnCamera, tile, type Visitor, watch } from './support/browser.ts';
import { chooseFor, openSettings, personRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;
let alice: Visitor;
let bob: Visitor;
let carol: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  [alice, bob, carol] = [await room.enter('alice'), await room.enter('bob'), await room.enter('carol')];
});
afterEach(async () => {
  for (const { page } of [alice, bob, carol]) await stopCamera(page);
});
afterAll(async () => {
  await room.leave(alice, bob, carol);
  await room.close();
});

test('three people see each other, all at once', async () => {
  const all = [alice, bob, carol];
  const names = ['alice', 'bob', 'carol'];
  for (const { page } of all) await goOnCamera(page);
  for (const [index, { page }] of all.entries()) {
    for (const other of names.filter((name) => name !== names[index])) await watch(page, other);
  }
  for (const [index, { page }] of all.entries()) {
    for (const other of names.filter((name) => name !== names[index])) await expectMovingPicture(page, other);
    await page.getByRole('button', { name: '2 watching' }).waitFor();
  }
  await bob.page.getByRole('button', { name: "Close alice's camera" }).click();
  await tile(bob.page, 'alice').waitFor({ state: 'detached' });
  await alice.page.getByRole('button', { name: '1 watching' }).waitFor();
  await expectMovingPicture(bob.page, 'carol');
  await expectMovingPicture(carol.page, 'alice');
});

test('who is on camera sees who watches, and boots them from there', async () => {
  await goOnCamera(alice.page);
  await watch(bob.page, 'alice');
  await expectMovingPicture(bob.page, 'alice');
  await alice.page.getByRole('button', { name: '1 watching' }).click();
  const dialog = alice.page.getByRole('dialog', { name: 'Who watches you' });
  const list = dialog.getByRole('list', { name: 'Who watches you' });
  await list.getByText('bob').waitFor();
  await watch(carol.page, 'alice');
  await list.getByText('carol').waitFor();

  await dialog.getByRole('button', { name: 'Boot bob' }).click();
  await list.getByText('bob').waitFor({ state: 'detached' });
  await tile(bob.page, 'alice').waitFor({ state: 'detached' });
  await expectMovingPicture(carol.page, 'alice');
  await carol.page.getByRole('button', { name: "Close alice's camera" }).click();
  await dialog.getByText('Nobody is watching you right now.').waitFor();
  await alice.page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  await chooseFor(alice.page, 'bob', 'Let back to my camera');
  await bob.page.getByRole('button', { name: "Watch alice's camera" }).waitFor();
});

test('the camera is chosen before going on, remembered, and changed while others watch', async () => {
  const { page } = alice;
  await page.getByRole('button', { name: 'Start camera' }).click();
  const dialog = page.getByRole('dialog', { name: 'Camera setup' });
  await dialog.getByRole('button', { name: 'Go on camera' }).and(page.locator(':enabled')).waitFor();
  const [, first, , third] = await choicesOf(page, 'Camera');
  if (!first || !third) throw new Error('There should be three cameras.');
  await pick(page, 'Camera', third);
  await page.waitForFunction(ownCameraIs, third);
  await dialog.getByRole('button', { name: 'Go on camera' }).click();
  await watch(bob.page, 'alice');
  await expectMovingPicture(bob.page, 'alice');
  expect(await page.evaluate(ownCameraIs, third)).toBe(true);

  const settings = await openSettings(page);
  await settings.getByRole('button', { name: new RegExp(`Camera.*${third}|${third}.*Camera`) }).waitFor();
  await pick(page, 'Camera', first);
  await page.keyboard.press('Escape');
  await page.waitForFunction(ownCameraIs, first);
  await expectMovingPicture(bob.page, 'alice');
});

test('a camera that somebody else’s choices keep for those who share is asked for, not opened', async () => {
  await alice.page.getByRole('button', { name: 'Start camera' }).click();
  const dialog = alice.page.getByRole('dialog', { name: 'Camera setup' });
  await dialog.getByText('Only people who share theirs can watch').click();
  await dialog.getByRole('button', { name: 'Go on camera' }).click();
  await personRow(bob.page, 'alice').getByText('asks you to share yours').waitFor();
  await watch(bob.page, 'alice');
  await bob.page
    .getByRole('region', { name: 'Notices' })
    .getByText(/camera/i)
    .first()
    .waitFor();
  expect(await tile(bob.page, 'alice').count()).toBe(0);

  await goOnCamera(bob.page);
  await watch(bob.page, 'alice');
  await expectMovingPicture(bob.page, 'alice');
});

async function stopCamera(page: Page): Promise<void> {
  const stop = page.getByRole('button', { name: 'Stop camera' });
  if (!(await stop.isVisible())) return;
  await stop.click();
  await page.getByRole('button', { name: 'Start camera' }).waitFor();
}

/** What a choice offers, in order. */
async function choicesOf(page: Page, label: string): Promise<readonly string[]> {
  await choiceButton(page, label).click();
  const options = page.getByRole('listbox').getByRole('option');
  await options.nth(2).waitFor();
  const texts = await options.allInnerTexts();
  await page.keyboard.press('Escape');
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  return texts.map((text) => text.trim());
}

async function pick(page: Page, label: string, choice: string): Promise<void> {
  await choiceButton(page, label).click();
  await page.getByRole('option', { name: choice }).click();
  await page.getByRole('listbox').waitFor({ state: 'detached' });
}

function choiceButton(page: Page, label: string) {
  return page.getByRole('dialog').getByRole('button', { name: new RegExp(`\\b${label}\\b`) });
}

/** Runs in the page: whether all own pictures that it shows are of this camera. */
function ownCameraIs(label: string): boolean {
  const videos = [...document.querySelectorAll<HTMLVideoElement>('video[aria-label="Your camera"]')];
  const labels = videos.map((video) => (video.srcObject as MediaStream | null)?.getVideoTracks()[0]?.label);
  return labels.length > 0 && labels.every((each) => each === label);
}
