import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { enterNative } from '../support/native.ts';
import { expectAccessible } from './support/axe.ts';
import { line, messageBox, say, type Visitor, visit } from './support/browser.ts';
import { openPersonMenu, personRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

/** What belongs to meetings beside the streams. */
let room: BrowserRoom;
let olga: Visitor;
let bob: Visitor;

beforeAll(async () => {
  room = await openBrowserRoom();
  [olga, bob] = [await room.enterAsOperator('olga'), await room.enter('bob')];
});
afterAll(async () => {
  await room.leave(olga, bob);
  await room.close();
});

test('who raises a hand comes first, in that order, until it is lowered', async () => {
  await bob.page.getByRole('button', { name: 'Raise hand' }).click();
  await personRow(olga.page, 'bob').getByText('Hand raised, number 1').waitFor();
  await olga.page.getByRole('button', { name: 'Raise hand' }).click();
  await personRow(bob.page, 'olga').getByText('Hand raised, number 2').waitFor();
  expect(await names(olga.page)).toEqual(['bob', 'olga']);
  await bob.page.getByRole('button', { name: 'Lower hand' }).click();
  await personRow(bob.page, 'olga').getByText('Hand raised, number 1').waitFor();
  expect(await names(bob.page)).toEqual(['olga', 'bob']);
  await olga.page.getByRole('button', { name: 'Lower hand' }).click();
});

test('a locked room says so, to those within and to who wants to come in', async () => {
  await choose(olga.page, 'Lock the room…');
  const dialog = olga.page.getByRole('dialog', { name: 'Lock the room' });
  await dialog.getByRole('textbox', { name: 'Message' }).fill('We are voting.');
  await dialog.getByRole('button', { name: 'Lock', exact: true }).click();
  await bob.page.getByText('olga locked the room: We are voting.').waitFor();
  await bob.page.getByRole('img', { name: 'The room is locked: only operators can come in.' }).waitFor();
  await expectAccessible(olga.page);

  const late = await visit(room.browser, room.url);
  await late.page.getByRole('textbox', { name: 'Your name' }).fill('late');
  await late.page.getByRole('button', { name: 'Join' }).click();
  await late.page.getByRole('alert').getByText('We are voting.').waitFor();

  await choose(olga.page, 'Unlock the room');
  await bob.page.getByText('olga unlocked the room.').waitFor();
  await late.page.getByRole('button', { name: 'Join' }).click();
  await messageBox(late.page).waitFor();
  await room.leave(late);
});

test('who may not write is told so, and may again', async () => {
  await about(olga.page, 'bob', 'Forbid writing');
  await bob.page.getByText('You are not permitted to write here.').waitFor();
  await personRow(olga.page, 'bob').getByText('May not write').waitFor();
  await about(olga.page, 'bob', 'Allow writing');
  await say(bob.page, 'Thank you.');
  await line(olga.page, 'Thank you.').waitFor();
});

test('what somebody said is taken back, then everything', async () => {
  await say(bob.page, 'Nonsense.');
  await say(olga.page, 'Order!');
  await line(olga.page, 'Nonsense.').waitFor();
  await about(olga.page, 'bob', 'Take back all they said');
  await line(bob.page, 'Nonsense.').waitFor({ state: 'detached' });
  await line(bob.page, 'Order!').waitFor();
  await choose(olga.page, 'Clear the chat…');
  await olga.page.getByRole('dialog').getByRole('button', { name: 'Clear', exact: true }).click();
  await line(bob.page, 'Order!').waitFor({ state: 'detached' });
  await bob.page.getByText('olga cleared the chat.').waitFor();
});

test('an operator learns from which address somebody comes, and they learn of it', async () => {
  await about(olga.page, 'bob', 'Show address');
  await olga.page.getByText(/bob comes from .*127\.0\.0\.1/).waitFor();
  await bob.page.getByText('olga asked from which address you are connected.').waitFor();
});

test('captions stand for a moment, and warnings of operators are notices', async () => {
  const guest = await enterNative(room.server.wsUrl, { name: 'scribe' });
  await olga.page.getByRole('button', { name: 'Actions for scribe' }).waitFor();
  const operator = await enterNative(room.server.wsUrl, { name: 'chair' });
  await about(olga.page, 'chair', 'Make operator');
  await operator.until(() => operator.frames.some((frame) => frame.type === 'self' && frame.self.operator));
  await operator.client.ask({ type: 'grant', name: 'scribe', permission: 'caption', on: true });
  await guest.client.ask({ type: 'caption', text: 'And now to the weather.' });
  const captions = bob.page.getByRole('region', { name: 'Captions' });
  await captions.getByText('And now to the weather.').waitFor();
  await captions.getByText('And now to the weather.').waitFor({ state: 'detached' });

  await operator.client.ask({ type: 'note', kind: 'warning', value: 'Five minutes left.' });
  await bob.page.getByText('chair: Five minutes left.').waitFor();
  for (const one of [guest, operator]) one.close();
});

describe('an invite link', () => {
  test('is made for a role and a time, asks for a name, and leaves the address bar', async () => {
    const link = await makeLink(olga.page, { role: 'read and watch' });
    const guest = await visit(room.browser, link);
    await guest.page.getByRole('textbox', { name: 'Your name' }).fill('gwen');
    expect(guest.page.url()).not.toContain('token');
    expect(await guest.page.getByRole('alert').count()).toBe(0);
    await guest.page.getByRole('button', { name: 'Join' }).click();
    await guest.page.getByText('You are not permitted to write here.').waitFor();
    expect(await guest.page.getByRole('button', { name: 'Join with camera' }).count()).toBe(0);
    await room.leave(guest);
  });

  test('that names somebody lets them in at once', async () => {
    const link = await makeLink(olga.page, { role: 'write, too', name: 'Hedda' });
    const guest = await visit(room.browser, link);
    await messageBox(guest.page).waitFor();
    await personRow(olga.page, 'Hedda').waitFor();
    await room.leave(guest);
  });

  test('that was revoked lets nobody in', async () => {
    const link = await makeLink(olga.page, { role: 'write, too', name: 'Never' });
    await choose(olga.page, 'Invite links…');
    const dialog = olga.page.getByRole('dialog', { name: 'Invite links' });
    const row = dialog.getByRole('listitem').filter({ hasText: 'for Never' });
    await row.getByRole('button', { name: /^Revoke/ }).click();
    await row.waitFor({ state: 'detached' });
    await expectAccessible(olga.page);
    await olga.page.keyboard.press('Escape');
    const guest = await visit(room.browser, link);
    await guest.page.getByRole('alert').waitFor();
    expect(await messageBox(guest.page).count()).toBe(0);
    await guest.context.close();
  });
});

async function makeLink(page: Page, link: { readonly role: string; readonly name?: string }): Promise<string> {
  await choose(page, 'Invite links…');
  const dialog = page.getByRole('dialog', { name: 'Invite links' });
  await dialog.getByRole('button', { name: 'They can' }).click();
  await page.getByRole('option', { name: link.role, exact: true }).click();
  await page.getByRole('listbox').waitFor({ state: 'detached' });
  await dialog.getByRole('textbox', { name: 'Name' }).fill(link.name ?? '');
  await dialog.getByRole('button', { name: 'Create link' }).click();
  const address = await dialog.getByRole('textbox', { name: 'Invite link' }).inputValue();
  await page.keyboard.press('Escape');
  await dialog.waitFor({ state: 'detached' });
  return address;
}

async function choose(page: Page, tool: string): Promise<void> {
  await page.getByRole('button', { name: 'Manage the room' }).click();
  await page.getByRole('menuitem', { name: tool }).click();
}

async function about(page: Page, name: string, action: string): Promise<void> {
  const menu = await openPersonMenu(page, name);
  await menu.getByRole('menuitem', { name: action, exact: true }).click();
  await menu.waitFor({ state: 'detached' });
}

/** Of the who list, from the top. */
async function names(page: Page): Promise<readonly string[]> {
  const rows = await page.getByRole('list', { name: 'People' }).getByRole('listitem').allInnerTexts();
  return rows.map((row) => /olga|bob/.exec(row)?.[0] ?? row);
}
