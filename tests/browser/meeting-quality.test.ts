import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import type { Visitor } from './support/browser.ts';
import { expectMoving, joinMeeting, meetingTiles } from './support/meeting.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

/** How streams get through, and what is asked of those that nobody looks at. */
let room: BrowserRoom;
let ann: Visitor;
let bob: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  [ann, bob] = [await room.enter('ann'), await room.enter('bob')];
  await joinMeeting(ann.page);
  await bob.page.evaluate(keepSendersInPage);
  await joinMeeting(bob.page);
  await expectMoving(ann.page, 'bob in the meeting');
});
afterAll(async () => {
  await room.leave(ann, bob);
  await room.close();
});

const tile = (visitor: Visitor, name: string) => meetingTiles(visitor.page).filter({ hasText: name });

test('each tile says how it gets through', async () => {
  await tile(ann, 'bob')
    .getByRole('img', { name: /connection$/ })
    .waitFor();
  await tile(ann, 'ann (you)')
    .getByRole('img', { name: /^you get through/ })
    .waitFor();
});

test('statistics are shown by key and by switch, on every tile, and change', async () => {
  const { page } = ann;
  await page.keyboard.press('Alt+Shift+S');
  const theirs = page.getByRole('region', { name: 'Statistics: bob' });
  const own = page.getByRole('region', { name: 'Statistics: ann (you)' });
  await theirs.getByText(/^\d{2,4} × \d{2,4}, \d+\/s$/).waitFor();
  await theirs.getByText(/bit\/s VP8$/).waitFor();
  await theirs.getByText(/kbit\/s opus$/).waitFor();
  await own.getByText('Sent again').waitFor();
  const before = await theirs.innerText();
  await expect.poll(() => theirs.innerText(), { timeout: 20_000 }).not.toBe(before);
  await expectAccessible(page);
  await page.getByRole('button', { name: 'Meeting settings' }).click();
  const shown = page.getByRole('switch', { name: 'Show statistics' });
  expect(await shown.isChecked()).toBe(true);
  await shown.press('Space');
  await page.keyboard.press('Escape');
  await theirs.waitFor({ state: 'detached' });
});

test('a tile out of sight has sound alone, and its picture is back when one looks', async () => {
  const { page } = ann;
  await page.keyboard.press('Alt+Shift+S');
  await page.evaluate(() => {
    const [first] = document.querySelectorAll<HTMLElement>('[data-stage] li');
    first?.style.setProperty('translate', '-4000px 0');
  });
  await expect
    .poll(() => page.getByRole('region', { name: 'Statistics: bob', includeHidden: true }).textContent(), {
      timeout: 30_000,
    })
    .toContain('sound only: it is out of sight');
  const theirs = page.locator('video[aria-label="bob in the meeting"]');
  const tracks = () =>
    theirs.evaluate((video: HTMLVideoElement) => {
      const stream = video.srcObject as MediaStream | null;
      return stream?.getTracks().map(({ kind, muted }) => `${kind} ${muted ? 'silent' : 'live'}`);
    });
  await expect.poll(tracks, { timeout: 30_000 }).not.toContain('video live');
  expect(await tracks()).toContain('audio live');
  await page.evaluate(() => {
    const [first] = document.querySelectorAll<HTMLElement>('[data-stage] li');
    first?.style.removeProperty('translate');
  });
  await expectMoving(page, 'bob in the meeting');
  await page.keyboard.press('Alt+Shift+S');
});

test('a picture of which nothing comes any more is said to stand, until it goes on', async () => {
  const sign = (name: string | RegExp) => tile(ann, 'bob').getByRole('img', { name });
  await bob.page.evaluate(setPicturesInPage, false);
  await sign('the picture stands still: bad connection').waitFor();
  await bob.page.evaluate(setPicturesInPage, true);
  await sign('the picture stands still: bad connection').waitFor({ state: 'detached' });
});

interface WithSenders {
  senders?: RTCRtpSender[];
}

function keepSendersInPage(): void {
  const page = window as WithSenders;
  const senders: RTCRtpSender[] = [];
  page.senders = senders;
  const original = RTCPeerConnection.prototype.addTransceiver;
  RTCPeerConnection.prototype.addTransceiver = function add(...args) {
    const transceiver = original.apply(this, args);
    senders.push(transceiver.sender);
    return transceiver;
  };
}

/** As if the server had no room for them on the way: nobody says so. */
async function setPicturesInPage(active: boolean): Promise<void> {
  const { senders = [] } = window as WithSenders;
  for (const sender of senders.filter(({ track }) => track?.kind === 'video')) {
    const parameters = sender.getParameters();
    for (const encoding of parameters.encodings) encoding.active = active;
    await sender.setParameters(parameters);
  }
}
