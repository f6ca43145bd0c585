import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enter, expectMovingPicture, goOnCamera, line, messageBox, say, tile, watch } from './support/browser.ts';
import { openCutProxy } from './support/cut-proxy.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

describe('two people in two browsers', () => {
  test('talk, write to each other alone, and take a message back', async () => {
    const alice = await enter(room.browser, room.url, { name: 'alice' });
    const bob = await enter(room.browser, room.url, { name: 'bob' });
    await say(alice.page, 'hello **everybody**');
    await bob.page.getByRole('log').locator('strong', { hasText: 'everybody' }).waitFor();

    await bob.page.getByRole('button', { name: 'Actions for alice' }).click();
    await bob.page.getByRole('menuitem', { name: 'Send a message' }).click();
    await say(bob.page, 'just between us');
    await alice.page
      .getByRole('link', { name: /bob.*1 unread/i })
      .or(alice.page.getByRole('button', { name: /bob.*1 unread/i }))
      .click();
    await line(alice.page, 'just between us').waitFor();

    await bob.page.getByText('just between us').last().hover();
    await bob.page.getByRole('button', { name: 'Take back' }).last().click();
    await line(alice.page, 'just between us').waitFor({ state: 'detached' });
    await line(bob.page, 'just between us').waitFor({ state: 'detached' });

    expect([...alice.errors, ...bob.errors]).toEqual([]);
    await alice.context.close();
    await bob.context.close();
  });

  test('watch each other’s camera, with pictures that move', async () => {
    const carol = await enter(room.browser, room.url, { name: 'carol' });
    const dave = await enter(room.browser, room.url, { name: 'dave' });
    await goOnCamera(carol.page);
    await watch(dave.page, 'carol');
    await expectMovingPicture(dave.page, 'carol');

    await goOnCamera(dave.page);
    await watch(carol.page, 'dave');
    await expectMovingPicture(carol.page, 'dave');
    await expectMovingPicture(dave.page, 'carol');

    await carol.page.getByRole('button', { name: 'Stop camera' }).first().click();
    await tile(dave.page, 'carol').waitFor({ state: 'detached' });
    await expectMovingPicture(carol.page, 'dave');
    expect([...carol.errors, ...dave.errors]).toEqual([]);
    await carol.context.close();
    await dave.context.close();
  });

  test('somebody booted sees a camera that went off, and no more', async () => {
    const erin = await enter(room.browser, room.url, { name: 'erin' });
    const frank = await enter(room.browser, room.url, { name: 'frank' });
    const grace = await enter(room.browser, room.url, { name: 'grace' });
    await goOnCamera(erin.page);
    await watch(frank.page, 'erin');
    await watch(grace.page, 'erin');
    await expectMovingPicture(frank.page, 'erin');
    await expectMovingPicture(grace.page, 'erin');

    await erin.page.getByRole('button', { name: 'Actions for frank' }).click();
    await erin.page.getByRole('menuitem', { name: 'Boot from my camera' }).click();
    await tile(frank.page, 'erin').waitFor({ state: 'detached' });
    await frank.page.getByRole('button', { name: "Watch erin's camera" }).waitFor({ state: 'detached' });
    await expectMovingPicture(grace.page, 'erin');
    const toldFrank = await frank.page.locator('body').innerText();

    // What he sees is what grace sees when the camera is really off.
    await erin.page.getByRole('button', { name: 'Stop camera' }).first().click();
    await tile(grace.page, 'erin').waitFor({ state: 'detached' });
    await grace.page.getByRole('button', { name: "Watch erin's camera" }).waitFor({ state: 'detached' });
    expect(toldFrank).not.toMatch(/boot/i);
    expect(await rowOf(frank.page, 'erin')).toBe(await rowOf(grace.page, 'erin'));
    for (const visitor of [erin, frank, grace]) await visitor.context.close();
  });

  test('a reload takes up the session where it was, and a lost connection loses nothing', async () => {
    const proxy = await openCutProxy(Number(new URL(room.url).port));
    const heidi = await enter(room.browser, proxy.url, { name: 'heidi' });
    const ivan = await enter(room.browser, room.url, { name: 'ivan' });
    await say(heidi.page, 'before the reload');
    await line(ivan.page, 'before the reload').waitFor();
    await heidi.page.reload();
    await messageBox(heidi.page).waitFor();
    await line(heidi.page, 'before the reload').waitFor();
    expect(await heidi.page.getByRole('log').getByText('before the reload').count()).toBe(1);

    proxy.cut();
    await heidi.page.getByText('Reconnecting…').waitFor();
    await say(ivan.page, 'while she was away');
    await line(ivan.page, 'while she was away').waitFor();
    await say(heidi.page, 'typed while away');
    proxy.mend();
    await line(heidi.page, 'while she was away').waitFor();
    await line(ivan.page, 'typed while away').waitFor();
    await heidi.page.getByText('Reconnecting…').waitFor({ state: 'detached' });
    for (const text of ['while she was away', 'typed while away']) {
      expect(await line(heidi.page, text).count()).toBe(1);
      expect(await line(ivan.page, text).count()).toBe(1);
    }
    proxy.close();
    await heidi.context.close();
    await ivan.context.close();
  });

  test('an operator by invitation kicks somebody', async () => {
    const olga = await room.enterAsOperator('olga');
    const peggy = await enter(room.browser, room.url, { name: 'peggy' });
    await olga.page.getByRole('button', { name: 'Actions for peggy' }).click();
    await olga.page.getByRole('menuitem', { name: 'Kick', exact: true }).click();
    await peggy.page.getByText('You were asked to leave').waitFor();
    await olga.page.getByRole('button', { name: 'Actions for peggy' }).waitFor({ state: 'detached' });
    expect(new URL(olga.page.url()).search).toBe('');
    await olga.context.close();
    await peggy.context.close();
  });
});

/** What somebody's line in the who list says. */
async function rowOf(page: import('playwright-core').Page, name: string): Promise<string> {
  const row = page.getByRole('list', { name: 'People' }).getByRole('listitem').filter({ hasText: name });
  return (await row.first().innerText()).trim();
}
