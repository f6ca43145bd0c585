import { afterAll, beforeAll, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { line, PHONE, say, type Visitor } from './support/browser.ts';
import { expectMoving, joinMeeting, meetingTiles as tiles } from './support/meeting.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;
let alice: Visitor;
let bob: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  [alice, bob] = [await room.enterAsOperator('alice'), await room.enter('bob')];
});
afterAll(async () => {
  await room.leave(alice, bob);
  await room.close();
});

test('people who join see each other by way of the server, and who came later sees who was there', async () => {
  await joinMeeting(alice.page);
  await expectMoving(bob.page, 'alice in the meeting');
  await joinMeeting(bob.page);
  await expectMoving(alice.page, 'bob in the meeting');

  const carol = await room.enter('carol');
  await expectMoving(carol.page, 'alice in the meeting');
  await expectMoving(carol.page, 'bob in the meeting');
  // Three make two sizes of each: the streams are others, the tiles are the same.
  await expectMoving(alice.page, 'bob in the meeting');
  expect(await tiles(alice.page).count()).toBe(2);
  await room.leave(carol);
});

test('who mutes or goes dark is seen to', async () => {
  await bob.page.getByRole('button', { name: 'Turn microphone off' }).click();
  const bobs = tiles(alice.page).filter({ hasText: 'bob' });
  await bobs.getByRole('img', { name: 'microphone off' }).waitFor();
  await bob.page.getByRole('button', { name: 'Turn microphone on' }).click();
  await bobs.getByRole('img', { name: 'microphone off' }).waitFor({ state: 'detached' });

  await bob.page.getByRole('button', { name: 'Turn camera off' }).click();
  await bobs.getByText('B', { exact: true }).waitFor();
  await bob.page.getByRole('button', { name: 'Turn camera on' }).click();
  await bobs.getByText('B', { exact: true }).waitFor({ state: 'detached' });
  await expectMoving(alice.page, 'bob in the meeting');
});

test('another camera takes the place of the first, without another stream', async () => {
  const { page } = bob;
  await alice.page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('video[aria-label="bob in the meeting"]');
    Object.assign(window, { before: video?.srcObject });
  });
  await page.getByRole('button', { name: 'Meeting settings' }).click();
  const dialog = page.getByRole('dialog', { name: 'Meeting settings' });
  await dialog.getByRole('button', { name: /\bCamera\b/ }).click();
  const options = page.getByRole('listbox').getByRole('option');
  await options.nth(3).waitFor();
  const third = (await options.nth(3).innerText()).trim();
  await options.nth(3).click();
  await page.keyboard.press('Escape');
  await page.waitForFunction((label) => {
    const video = document.querySelector<HTMLVideoElement>('video[aria-label="You in the meeting"]');
    return (video?.srcObject as MediaStream | null)?.getVideoTracks()[0]?.label === label;
  }, third);
  await expectMoving(alice.page, 'bob in the meeting');
  const same = await alice.page.evaluate(() => {
    const video = document.querySelector<HTMLVideoElement>('video[aria-label="bob in the meeting"]');
    return video?.srcObject === (window as unknown as { before: unknown }).before;
  });
  expect(same).toBe(true);
});

test('a screen is large for others, and gone with the browser’s own end of it', async () => {
  await bob.page.evaluate(drawScreens);
  await bob.page.getByRole('button', { name: 'Share screen' }).click();
  await expectMoving(alice.page, "bob's screen");
  const large = tiles(alice.page).and(alice.page.locator('[data-large]'));
  await large.getByText("bob's screen").waitFor();
  await bob.page.evaluate(() => {
    const { screens } = window as unknown as { screens: MediaStreamTrack[] };
    for (const track of screens) track.dispatchEvent(new Event('ended'));
  });
  await alice.page.getByText("bob's screen").waitFor({ state: 'detached' });
  await bob.page.getByRole('button', { name: 'Share screen' }).waitFor();
});

test('of a screen, who has little room for it is sent a small one, and everybody else the large one', async () => {
  const carol = await room.enter('carol', { viewport: { width: 320, height: 480 } });
  await bob.page.getByRole('button', { name: 'Share screen' }).click();
  const isWide = (wide: number) => (page: Visitor['page']) =>
    page.waitForFunction(
      (width) => document.querySelector<HTMLVideoElement>(`video[aria-label="bob's screen"]`)?.videoWidth === width,
      wide,
    );
  await isWide(800)(alice.page);
  await isWide(400)(carol.page);
  await expectMoving(carol.page, "bob's screen");
  await room.leave(carol);
  await bob.page.evaluate(() => {
    const { screens } = window as unknown as { screens: MediaStreamTrack[] };
    for (const track of screens) track.dispatchEvent(new Event('ended'));
  });
  await alice.page.getByText("bob's screen").waitFor({ state: 'detached' });
  await bob.page.getByRole('button', { name: 'Share screen' }).waitFor();
});

test('an operator silences everybody, and they are told who did it', async () => {
  await alice.page.getByRole('button', { name: 'Manage the room' }).click();
  await alice.page.getByRole('menuitem', { name: 'Mute everybody' }).click();
  await bob.page.getByRole('button', { name: 'Turn microphone on' }).waitFor();
  await bob.page.getByText('alice muted your microphone.').waitFor();
  expect(await alice.page.getByRole('button', { name: 'Turn microphone off' }).count()).toBe(1);
});

test('the meeting is accessible in light and dark, and fits a phone', async () => {
  await expectAccessible(alice.page);
  await alice.page.emulateMedia({ colorScheme: 'dark' });
  await expectAccessible(alice.page);
  await alice.page.getByRole('button', { name: 'Meeting settings' }).click();
  await alice.page.getByRole('dialog', { name: 'Meeting settings' }).waitFor();
  await expectAccessible(alice.page);
  await alice.page.keyboard.press('Escape');
  await alice.page.emulateMedia({ colorScheme: 'light' });
  await alice.page.setViewportSize(PHONE);
  await expectAccessible(alice.page);
  const wide = await alice.page.evaluate(() => document.documentElement.scrollWidth);
  expect(wide).toBeLessThanOrEqual(PHONE.width);
  await alice.page.setViewportSize({ width: 1440, height: 900 });
}, 90_000);

test('arrow keys go through its controls', async () => {
  const { page } = alice;
  await page.getByRole('button', { name: 'Turn microphone off' }).focus();
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('ArrowRight');
  await page.keyboard.press('Enter');
  await page.getByRole('toolbar').getByRole('button', { name: 'Lower hand' }).waitFor();
  await page.keyboard.press('Enter');
  await page.getByRole('toolbar').getByRole('button', { name: 'Raise hand' }).waitFor();
});

test('a page that is loaded again sees the others, and is not seen twice', async () => {
  await alice.page.reload();
  await expectMoving(alice.page, 'bob in the meeting');
  await bob.page.getByText('alice', { exact: true }).first().waitFor();
  await tiles(bob.page).filter({ hasText: 'alice' }).waitFor({ state: 'detached' });
  await joinMeeting(alice.page);
  await expectMoving(bob.page, 'alice in the meeting');
  expect(await tiles(bob.page).filter({ hasText: 'alice' }).count()).toBe(1);
});

test('who may not be seen any more is not, and is told', async () => {
  await alice.page.getByRole('button', { name: 'Actions for bob' }).click();
  await alice.page.getByRole('menuitem', { name: 'Forbid camera and screen' }).click();
  await tiles(alice.page).filter({ hasText: 'bob' }).waitFor({ state: 'detached' });
  await bob.page.getByText('You are not seen in the meeting any more.').waitFor();
  await bob.page.getByRole('button', { name: 'Join with camera' }).waitFor({ state: 'detached' });
  await alice.page.getByRole('button', { name: 'Actions for bob' }).click();
  await alice.page.getByRole('menuitem', { name: 'Allow camera and screen' }).click();
  await joinMeeting(bob.page);
  await expectMoving(alice.page, 'bob in the meeting');
});

test('who leaves stays in the chat, neither seen nor seeing', async () => {
  await bob.page.getByRole('button', { name: 'Leave meeting' }).click();
  await bob.page.getByRole('region', { name: 'Meeting' }).waitFor({ state: 'detached' });
  await tiles(alice.page).filter({ hasText: 'bob' }).waitFor({ state: 'detached' });
  await say(bob.page, 'I am still here.');
  await line(alice.page, 'I am still here.').waitFor();
  await bob.page.reload();
  await line(bob.page, 'I am still here.').waitFor();
  expect(await bob.page.getByRole('region', { name: 'Meeting' }).count()).toBe(0);

  await bob.page.getByRole('button', { name: 'Join with camera' }).click();
  await bob.page.getByRole('dialog').getByRole('button', { name: 'Only watch' }).click();
  await expectMoving(bob.page, 'alice in the meeting');
});

/** Runs in the page: there is no screen to be shared where tests run. */
function drawScreens(): void {
  const shared: MediaStreamTrack[] = [];
  Object.assign(window, { screens: shared });
  navigator.mediaDevices.getDisplayMedia = async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 800, height: 500 });
    const context = canvas.getContext('2d');
    let drawn = 0;
    setInterval(() => {
      if (!context) return;
      drawn += 20;
      context.fillStyle = `hsl(${drawn} 50% 50%)`;
      context.fillRect(0, 0, 800, 500);
    }, 100);
    const stream = canvas.captureStream(10);
    shared.push(...stream.getTracks());
    return stream;
  };
}
