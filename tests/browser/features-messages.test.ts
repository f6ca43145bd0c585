import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { samplePng } from '../support/images.ts';
import { messageBox, say, type Visitor } from './support/browser.ts';
import { messageRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;
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

describe('images', () => {
  test('are chosen, looked at, left out again, sent, and seen by others, large if they want', async () => {
    const { page } = alice;
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Add images' }).click();
    const png = Buffer.from(await samplePng({ width: 640, height: 400 }));
    const file = (name: string) => ({ name, mimeType: 'image/png', buffer: png });
    await (await chooser).setFiles([file('cat.png'), file('dog.png')]);
    const tray = page.getByRole('list', { name: 'Images to send' });
    await expectPicture(page, 'cat.png');
    await tray.getByRole('button', { name: 'Remove dog.png' }).click();
    await tray.getByRole('img', { name: 'dog.png' }).waitFor({ state: 'detached' });
    await page.getByRole('button', { name: 'Send', exact: true }).click();
    await expectPicture(bob.page, 'Image cat.png');
    await expectPicture(page, 'Image cat.png');
    await tray.waitFor({ state: 'detached' });
    expect(await bob.page.getByRole('img', { name: 'Image dog.png' }).count()).toBe(0);

    await bob.page.getByRole('button', { name: 'Open image cat.png' }).click();
    const large = bob.page.getByRole('dialog', { name: 'Image cat.png' });
    await large.getByRole('img').waitFor();
    await bob.page.keyboard.press('Escape');
    await large.waitFor({ state: 'detached' });
  });

  test('are pasted, and seen by others', async () => {
    const png = await samplePng({ width: 320, height: 200 }, '#22aa66');
    await putOnClipboard(alice.page, png);
    await messageBox(alice.page).focus();
    await alice.page.keyboard.press('Control+V');
    await expectPicture(alice.page, 'image.png');
    await alice.page.keyboard.press('Enter');
    await expectPicture(bob.page, 'Image image.png');
  });

  test('that are none are refused, and nothing is sent', async () => {
    const chooser = alice.page.waitForEvent('filechooser');
    await alice.page.getByRole('button', { name: 'Add images' }).click();
    await (await chooser).setFiles([{ name: 'notes.txt', mimeType: 'text/plain', buffer: Buffer.from('x') }]);
    await alice.page.getByText('notes.txt is not an image.').waitFor();
    expect(await alice.page.getByRole('list', { name: 'Images to send' }).count()).toBe(0);
    await alice.page.getByRole('button', { name: 'Dismiss' }).click();
  });

  test('leave no preview behind once the server has them', async () => {
    await alice.page.evaluate(countObjectUrls);
    await putOnClipboard(alice.page, await samplePng({ width: 32, height: 32 }));
    await messageBox(alice.page).focus();
    await alice.page.keyboard.press('Control+V');
    await alice.page.getByRole('list', { name: 'Images to send' }).getByRole('img').waitFor();
    expect(await alice.page.evaluate(openObjectUrls)).toBe(1);
    await alice.page.keyboard.press('Enter');
    await alice.page.waitForFunction(openObjectUrlsAre, 0);
  });
});

describe('reactions', () => {
  test('are added, seen by others, and taken back', async () => {
    await say(alice.page, 'what do you think?');
    const theirs = messageRow(bob.page, 'what do you think?');
    await theirs.hover();
    await theirs.getByRole('button', { name: 'React' }).click();
    await bob.page.getByRole('dialog', { name: 'Choose a reaction' }).getByRole('button', { name: '🎉' }).click();

    const seen = messageRow(alice.page, 'what do you think?').getByRole('button', { name: '🎉 by bob', exact: true });
    await seen.waitFor();
    expect(await seen.getAttribute('aria-pressed')).toBe('false');
    await seen.click();
    const both = theirs.getByRole('button', { name: '🎉 by bob and alice' });
    await both.waitFor();
    expect(await both.getAttribute('aria-pressed')).toBe('true');

    await both.click();
    await messageRow(alice.page, 'what do you think?').getByRole('button', { name: '🎉 by alice' }).click();
    await theirs.getByRole('button', { name: /🎉/ }).waitFor({ state: 'detached' });
  });

  test('may be an emoji that is not among those offered', async () => {
    await say(bob.page, 'anything goes');
    const row = messageRow(alice.page, 'anything goes');
    await row.hover();
    await row.getByRole('button', { name: 'React' }).click();
    const picker = alice.page.getByRole('dialog', { name: 'Choose a reaction' });
    await picker.getByRole('textbox', { name: 'Another emoji' }).fill('🦔');
    await picker.getByRole('button', { name: 'Use' }).click();
    await messageRow(bob.page, 'anything goes').getByRole('button', { name: '🦔 by alice' }).waitFor();
  });

  test('emoji go into what is being written, where the cursor is', async () => {
    await messageBox(alice.page).fill('cheers everybody');
    await messageBox(alice.page).evaluate((box: HTMLTextAreaElement) => box.setSelectionRange(6, 6));
    await alice.page.getByRole('button', { name: 'Emoji', exact: true }).click();
    await alice.page.getByRole('dialog', { name: 'Insert an emoji' }).getByRole('button', { name: '👏' }).click();
    await alice.page.waitForFunction(() => document.activeElement?.getAttribute('aria-label') === 'Message');
    await alice.page.keyboard.type('!');
    await alice.page.keyboard.press('Enter');
    await messageRow(bob.page, 'cheers👏! everybody').waitFor();
  });
});

/** Waits until the picture of this name is one: loaded, and of some size. */
async function expectPicture(page: Page, name: string): Promise<void> {
  await page.waitForFunction(
    (alt) => [...document.images].some((image) => image.alt === alt && image.complete && image.naturalWidth > 0),
    name,
  );
}

async function putOnClipboard(page: Page, png: Uint8Array): Promise<void> {
  await page.bringToFront();
  await page.evaluate(async (bytes) => {
    const image = new Blob([new Uint8Array(bytes)], { type: 'image/png' });
    await navigator.clipboard.write([new ClipboardItem({ 'image/png': image })]);
  }, Array.from(png));
}

/** Runs in the page, as do those below. */
function countObjectUrls(): void {
  const open = new Set<string>();
  (window as unknown as { openUrls: Set<string> }).openUrls = open;
  const { createObjectURL, revokeObjectURL } = URL;
  URL.createObjectURL = (file) => {
    const url = createObjectURL.call(URL, file);
    open.add(url);
    return url;
  };
  URL.revokeObjectURL = (url) => {
    open.delete(url);
    revokeObjectURL.call(URL, url);
  };
}

function openObjectUrls(): number {
  return (window as unknown as { openUrls: Set<string> }).openUrls.size;
}

function openObjectUrlsAre(count: number): boolean {
  return (window as unknown as { openUrls: Set<string> }).openUrls.size === count;
}
