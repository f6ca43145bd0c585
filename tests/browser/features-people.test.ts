import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enter, line, messageBox, say, type Visitor } from './support/browser.ts';
import { chooseFor, messageRow, openPersonMenu, openSettings, personRow } from './support/people.ts';
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

test('a status that is changed is seen by others', async () => {
  await alice.page.getByRole('button', { name: 'Status: Online' }).click();
  await alice.page.getByRole('menuitem', { name: 'On a call' }).click();
  await personRow(bob.page, 'alice').getByText('On a call').waitFor();
  await alice.page.getByRole('button', { name: 'Status: On a call' }).click();
  await alice.page.getByRole('menuitem', { name: 'Do not disturb' }).click();
  await personRow(bob.page, 'alice').getByText('Do not disturb').waitFor();

  await alice.page.getByRole('button', { name: 'Status: On a call' }).click();
  await alice.page.getByRole('menuitem', { name: 'Online' }).click();
  await personRow(bob.page, 'alice').getByText('On a call').waitFor({ state: 'detached' });
  await personRow(bob.page, 'alice').getByText('Do not disturb').waitFor();
});

test('somebody who is muted is not heard, hears, and does not know', async () => {
  await say(bob.page, 'first words');
  await line(alice.page, 'first words').waitFor();
  await chooseFor(alice.page, 'bob', 'Mute');
  await personRow(alice.page, 'bob').getByText('Muted by you').waitFor();
  await line(alice.page, 'first words').waitFor({ state: 'detached' });

  await say(bob.page, 'can you hear me?');
  await line(bob.page, 'can you hear me?').waitFor();
  await say(alice.page, 'I hear nothing');
  await line(bob.page, 'I hear nothing').waitFor();
  // Hers came after his: had his come, it would be there.
  expect(await line(alice.page, 'can you hear me?').count()).toBe(0);
  expect(await bob.page.locator('body').innerText()).not.toMatch(/mute/i);

  await chooseFor(alice.page, 'bob', 'Unmute');
  await line(alice.page, 'first words').waitFor();
  await say(bob.page, 'and now?');
  await line(alice.page, 'and now?').waitFor();
});

test('who blocks and who is blocked do not see each other, until the settings undo it', async () => {
  await say(bob.page, 'before the block');
  await line(alice.page, 'before the block').waitFor();
  await chooseFor(alice.page, 'bob', 'Block');
  await alice.page.getByText('You and bob do not see each other any more.').waitFor();
  await personRow(alice.page, 'bob').waitFor({ state: 'detached' });
  await personRow(bob.page, 'alice').waitFor({ state: 'detached' });
  await line(alice.page, 'before the block').waitFor({ state: 'detached' });

  const carol = await room.enter('carol');
  await say(alice.page, 'from alice');
  await line(carol.page, 'from alice').waitFor();
  await say(bob.page, 'from bob');
  await line(carol.page, 'from bob').waitFor();
  await say(carol.page, 'from carol');
  await line(alice.page, 'from carol').waitFor();
  await line(bob.page, 'from carol').waitFor();
  expect(await line(alice.page, 'from bob').count()).toBe(0);
  expect(await line(bob.page, 'from alice').count()).toBe(0);
  await room.leave(carol);

  const settings = await openSettings(alice.page);
  await settings.getByRole('button', { name: 'Unblock bob' }).click();
  await settings.getByText('You have blocked nobody.').waitFor();
  await alice.page.keyboard.press('Escape');
  await settings.waitFor({ state: 'detached' });
  await personRow(alice.page, 'bob').waitFor();
  await personRow(bob.page, 'alice').waitFor();
});

describe('an operator', () => {
  let olga: Visitor;

  beforeAll(async () => {
    olga = await room.enterAsOperator('olga');
  });
  afterAll(() => room.leave(olga));

  test('bans somebody, who is told why, and lets them in again', async () => {
    const mallory = await room.enter('mallory');
    await chooseFor(olga.page, 'mallory', 'Ban…');
    const dialog = olga.page.getByRole('dialog', { name: 'Ban mallory' });
    await dialog.getByRole('button', { name: /For/ }).click();
    await olga.page.getByRole('option', { name: '1 week' }).click();
    await dialog.getByRole('textbox', { name: 'Reason' }).fill('spam and eggs');
    await dialog.getByRole('button', { name: 'Ban', exact: true }).click();
    await dialog.waitFor({ state: 'detached' });
    await mallory.page.getByRole('heading', { name: 'You are banned from this room' }).waitFor();
    await mallory.page.getByText('spam and eggs').waitFor();
    await personRow(alice.page, 'mallory').waitFor({ state: 'detached' });

    await mallory.page.reload();
    await mallory.page.getByRole('button', { name: 'Join' }).click();
    await mallory.page.getByRole('heading', { name: 'You are banned from this room' }).waitFor();

    const settings = await openSettings(olga.page);
    await settings.getByText('spam and eggs').waitFor();
    await settings.getByRole('button', { name: 'Lift the ban of mallory' }).click();
    await settings.getByText('Nobody is banned.').waitFor();
    await olga.page.keyboard.press('Escape');
    await settings.waitFor({ state: 'detached' });

    await mallory.page.reload();
    await mallory.page.getByRole('button', { name: 'Join' }).click();
    await messageBox(mallory.page).waitFor();
    await personRow(alice.page, 'mallory').waitFor();
    await room.leave(mallory);
  });

  test('takes back what somebody else said, which others cannot', async () => {
    await say(bob.page, 'something unkind');
    const seen = messageRow(alice.page, 'something unkind');
    await seen.hover();
    await seen.getByRole('button', { name: 'React' }).waitFor();
    expect(await seen.getByRole('button', { name: 'Take back' }).count()).toBe(0);

    const theirs = messageRow(olga.page, 'something unkind');
    await theirs.hover();
    await theirs.getByRole('button', { name: 'Take back' }).click();
    for (const { page } of [alice, bob, olga]) {
      await messageRow(page, 'something unkind').waitFor({ state: 'detached' });
    }
  });

  test('makes another one, and takes it back', async () => {
    await chooseFor(olga.page, 'bob', 'Make operator');
    await personRow(alice.page, 'bob').getByText('Operator').waitFor();
    const menu = await openPersonMenu(bob.page, 'alice');
    await menu.getByRole('menuitem', { name: 'Kick', exact: true }).waitFor();
    await bob.page.keyboard.press('Escape');

    await chooseFor(olga.page, 'bob', 'Remove as operator');
    await personRow(alice.page, 'bob').getByText('Operator').waitFor({ state: 'detached' });
    const again = await openPersonMenu(bob.page, 'alice');
    await again.getByRole('menuitem', { name: 'Mute' }).waitFor();
    expect(await again.getByRole('menuitem', { name: 'Kick', exact: true }).count()).toBe(0);
    await bob.page.keyboard.press('Escape');
  });

  test('invites another one by a link', async () => {
    const settings = await openSettings(olga.page);
    await settings.getByRole('button', { name: /The invited person is/ }).click();
    await olga.page.getByRole('option', { name: 'an operator' }).click();
    await settings.getByRole('button', { name: 'Create invitation link' }).click();
    const link = await settings.getByRole('textbox', { name: 'Invitation link' }).inputValue();
    await olga.page.keyboard.press('Escape');

    const oscar = await enter(room.browser, link, { name: 'oscar' });
    await personRow(alice.page, 'oscar').getByText('Operator').waitFor();
    await room.leave(oscar);
  });
});
