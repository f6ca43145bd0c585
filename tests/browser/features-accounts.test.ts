import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { expectAccessible } from './support/axe.ts';
import { line, messageBox, say, type Visitor, visit } from './support/browser.ts';
import { openSettings, personRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

/** Says a name and a password at the door. */
async function signIn(page: Page, said: { readonly name: string; readonly password: string }): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(said.name);
  const reveal = page.getByRole('button', { name: 'I have an account' });
  if ((await password(page).count()) === 0) await reveal.click();
  await password(page).fill(said.password);
  await page.getByRole('button', { name: 'Join' }).click();
}

function password(page: Page) {
  return page.getByLabel('Password', { exact: true });
}

async function closeDialog(page: Page): Promise<void> {
  await page.keyboard.press('Escape');
  await page.getByRole('dialog').waitFor({ state: 'detached' });
}

async function setPassword(page: Page, said: { readonly password: string; readonly again?: string }): Promise<void> {
  const settings = page.getByRole('dialog', { name: 'Settings' });
  await settings.getByLabel('New password', { exact: true }).fill(said.password);
  await settings.getByLabel('New password again', { exact: true }).fill(said.again ?? said.password);
  await settings.getByRole('button', { name: /^(Set|Change) password$/ }).click();
}

/** What the browser keeps, of this tab and of all. */
function kept(page: Page): Promise<string> {
  return page.evaluate(() => JSON.stringify([{ ...localStorage }, { ...sessionStorage }]));
}

describe('a guest', () => {
  let alice: Visitor;
  let bob: Visitor;

  beforeAll(async () => {
    alice = await room.enter('alicia');
    bob = await room.enter('bob');
  });
  afterAll(() => room.leave(alice, bob));

  test('takes another name, unless somebody has it', async () => {
    const { page } = alice;
    const settings = await openSettings(page);
    const name = settings.getByRole('textbox', { name: 'Name', exact: true });
    await name.fill('alice');
    await settings.getByRole('button', { name: 'Change name' }).click();
    await page.getByText('You are alice now.').waitFor();
    await settings.getByText('You are alice, without an account.').waitFor();
    await personRow(bob.page, 'alice').waitFor();
    await name.fill('BOB');
    await settings.getByRole('button', { name: 'Change name' }).click();
    await page.getByText('You are BOB 2 now.').waitFor();
    await name.fill('alice');
    await settings.getByRole('button', { name: 'Change name' }).click();
    await personRow(bob.page, 'alice').waitFor();
    await name.fill('ChatServer');
    await settings.getByRole('button', { name: 'Change name' }).click();
    await settings.getByText('That name is reserved.').waitFor();
    await closeDialog(page);
    expect(await personRow(bob.page, 'alicia').count()).toBe(0);
    await page.reload();
    await messageBox(page).waitFor();
    await personRow(page, 'alice').getByText('you').waitFor();
  });

  test('keeps the name by a password, said twice', async () => {
    const { page } = alice;
    const settings = await openSettings(page);
    await setPassword(page, { password: 'open sesame', again: 'open sesam' });
    await settings.getByText('These two are not the same.').waitFor();
    await setPassword(page, { password: 'open sesame' });
    await page.getByText('You have an account now: alice is yours.').waitFor();
    await settings.getByText('You have an account: alice.').waitFor();
    expect(await settings.getByRole('button', { name: 'Change name' }).count()).toBe(0);
    await closeDialog(page);
    expect(await kept(page)).not.toContain('sesame');
    // The token of before does not hold any more; the one of now does.
    await page.reload();
    await messageBox(page).waitFor();
    const again = await openSettings(page);
    await again.getByText('You have an account: alice.').waitFor();
  });

  test('signs out, and this browser forgets them', async () => {
    const { page } = alice;
    const settings = page.getByRole('dialog', { name: 'Settings' });
    await settings.getByRole('button', { name: 'Sign out' }).click();
    await page.getByRole('button', { name: 'Join' }).waitFor();
    await personRow(bob.page, 'alice').waitFor({ state: 'detached' });
    await page.getByRole('textbox', { name: 'Your name' }).fill('alice');
    await page.getByRole('button', { name: 'Join' }).click();
    await page.getByText('Your name here is alice 2.').waitFor();
  });
});

describe('an account', () => {
  let visitor: Visitor;

  beforeAll(async () => {
    visitor = await visit(room.browser, room.url);
  });
  afterAll(() => room.leave(visitor));

  test('is not entered by a wrong password', async () => {
    const { page } = visitor;
    await signIn(page, { name: 'alice', password: 'open barley' });
    await page.getByRole('alert').getByText('That name and password do not belong together.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('alice');
    expect(await password(page).inputValue()).toBe('');
    await expectAccessible(page);
  });

  test('is entered by its password in another browser, which does not keep it', async () => {
    const { page } = visitor;
    await signIn(page, { name: 'alice', password: 'open sesame' });
    await messageBox(page).waitFor();
    await personRow(page, 'alice').getByText('you').waitFor();
    await page.reload();
    await messageBox(page).waitFor();
    expect(await kept(page)).not.toContain('sesame');
  });

  test('gets another password, for who knows the one of before', async () => {
    const { page } = visitor;
    const settings = await openSettings(page);
    await settings.getByLabel('Current password', { exact: true }).fill('open barley');
    await setPassword(page, { password: 'close sesame' });
    await settings.getByRole('alert').getByText('That is not your current password.').waitFor();
    await expectAccessible(page);
    await settings.getByLabel('Current password', { exact: true }).fill('open sesame');
    await setPassword(page, { password: 'close sesame' });
    await page.getByText('Your password was changed.').waitFor();
    await closeDialog(page);

    const other = await visit(room.browser, room.url);
    await signIn(other.page, { name: 'alice', password: 'open sesame' });
    await other.page.getByRole('alert').getByText('That name and password do not belong together.').waitFor();
    await signIn(other.page, { name: 'ALICE', password: 'close sesame' });
    await messageBox(other.page).waitFor();
    await visitor.page.getByRole('heading', { name: 'You are here from somewhere else' }).waitFor();
    await room.leave(other);
  });
});

describe('an operator', () => {
  let olga: Visitor;
  let dora: Visitor;

  beforeAll(async () => {
    olga = await room.enterAsOperator('olga');
    dora = await room.enter('dora');
  });
  afterAll(() => room.leave(olga, dora));

  test('makes a channel, where others write', async () => {
    const settings = await openSettings(olga.page);
    await settings.getByRole('textbox', { name: 'Name of the channel' }).fill('Garden');
    await settings.getByRole('textbox', { name: 'Description' }).fill('Plants and weather.');
    await settings.getByRole('button', { name: 'Create channel' }).click();
    await settings.getByRole('button', { name: 'Delete Garden' }).waitFor();
    await settings.getByRole('textbox', { name: 'Name of the channel' }).fill('Garden');
    await settings.getByRole('button', { name: 'Create channel' }).click();
    await settings.getByText('There is a channel Garden already.').waitFor();
    await closeDialog(olga.page);

    await dora.page.getByRole('button', { name: 'Garden' }).click();
    await dora.page.getByRole('heading', { name: 'Welcome to Garden' }).waitFor();
    await dora.page.getByRole('main').getByText('Plants and weather.').first().waitFor();
    await say(dora.page, 'it rains');
    await line(dora.page, 'it rains').waitFor();
    await olga.page.getByRole('button', { name: /Garden.*1 unread message/ }).click();
    await line(olga.page, 'it rains').waitFor();
  });

  test('deletes it, once they are sure; who read there reads on elsewhere', async () => {
    const settings = await openSettings(olga.page);
    await settings.getByRole('button', { name: 'Delete Garden' }).click();
    await settings.getByText('Delete Garden with all that was said there?').waitFor();
    await settings.getByRole('button', { name: 'Cancel' }).click();
    await settings.getByRole('button', { name: 'Delete Garden' }).click();
    await settings.getByRole('button', { name: 'Delete', exact: true }).click();
    await settings.getByRole('button', { name: 'Delete Garden' }).waitFor({ state: 'detached' });
    await dora.page.getByRole('button', { name: 'Garden' }).waitFor({ state: 'detached' });
    await dora.page.getByRole('heading', { name: 'Lobby', exact: true }).waitFor();
    await say(dora.page, 'back inside');

    // Those of the configuration stay.
    await settings.getByRole('button', { name: 'Delete Off Topic' }).click();
    await settings.getByRole('button', { name: 'Delete', exact: true }).click();
    await olga.page.getByText('This channel cannot be deleted here.').waitFor();
    await closeDialog(olga.page);
    await line(olga.page, 'back inside').waitFor();
  });

  test('tells everybody something', async () => {
    const settings = await openSettings(olga.page);
    await settings.getByRole('textbox', { name: 'Notice', exact: true }).fill('The kettle is on.');
    await settings.getByRole('button', { name: 'Tell everybody' }).click();
    await dora.page.getByText('The kettle is on.').waitFor();
    await closeDialog(olga.page);
  });

  test('has these in the settings, and nobody else', async () => {
    const settings = await openSettings(dora.page);
    await settings.getByRole('heading', { name: 'Account' }).waitFor();
    expect(await settings.getByRole('button', { name: 'Create channel' }).count()).toBe(0);
    expect(await settings.getByRole('button', { name: 'Tell everybody' }).count()).toBe(0);
    await closeDialog(dora.page);
  });

  test.each(['light', 'dark'] as const)('sees all of it in %s, as axe does', async (colorScheme) => {
    const { page } = olga;
    await page.emulateMedia({ colorScheme });
    const settings = await openSettings(page);
    await setPassword(page, { password: 'one', again: 'two' });
    await settings.getByText('These two are not the same.').waitFor();
    await settings.getByRole('button', { name: 'Delete Off Topic' }).click();
    await settings.getByText('Delete Off Topic with all that was said there?').waitFor();
    await settings.getByRole('textbox', { name: 'Notice', exact: true }).fill('Not yet.');
    await expectAccessible(page);
    await closeDialog(page);
  });
});
