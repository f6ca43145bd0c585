import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startTestServer } from '../support/server.ts';
import { expectAccessible } from './support/axe.ts';
import { line, messageBox, PHONE, say, type Visitor, visit } from './support/browser.ts';
import { personRow } from './support/people.ts';
import { type BrowserRoom, openBrowserRoom } from './support/room.ts';

let room: BrowserRoom;

beforeAll(async () => {
  room = await openBrowserRoom();
});
afterAll(() => room.close());

/** Closes the browsers of people whose pages complained of this, and of nothing else. */
async function leaveWith(complaint: RegExp, ...visitors: readonly Visitor[]): Promise<void> {
  for (const { context } of visitors) await context.close();
  const others = visitors.flatMap(({ errors }) => errors).filter((error) => !complaint.test(error));
  expect(others).toEqual([]);
}

/** Opens the list, from the door or from within a room. */
async function openRooms(page: Page) {
  await page.getByRole('button', { name: 'Rooms' }).click();
  const dialog = page.getByRole('dialog', { name: 'Rooms' });
  await dialog.waitFor();
  return dialog;
}

async function openCreation(page: Page) {
  const rooms = await openRooms(page);
  await rooms.getByRole('button', { name: 'Create a room' }).click();
  const dialog = page.getByRole('dialog', { name: 'Create a room' });
  await dialog.waitFor();
  return dialog;
}

interface Order {
  readonly name: string;
  readonly password?: string;
  readonly limit?: string;
  readonly unlisted?: true;
}

async function createRoom(page: Page, { name, password = '', limit, unlisted }: Order): Promise<void> {
  const dialog = await openCreation(page);
  await dialog.getByRole('textbox', { name: 'Name of the room' }).fill(name);
  await dialog.getByLabel('Password', { exact: true }).fill(password);
  if (limit !== undefined) {
    await dialog.getByRole('button', { name: /People at once/ }).click();
    await page.getByRole('option', { name: limit }).click();
  }
  if (unlisted) await dialog.getByText('Public').click();
  await dialog.getByRole('button', { name: 'Create', exact: true }).click();
}

/** Says a name, and what the room asks for. */
async function join(page: Page, said: { readonly name: string; readonly roomPassword?: string }): Promise<void> {
  await page.getByRole('textbox', { name: 'Your name' }).fill(said.name);
  if (said.roomPassword !== undefined) await roomPassword(page).fill(said.roomPassword);
  await page.getByRole('button', { name: 'Join' }).click();
}

function roomPassword(page: Page) {
  return page.getByLabel('Password of the room', { exact: true });
}

describe('a room with a password', () => {
  let alice: Visitor;
  let bob: Visitor;

  beforeAll(async () => {
    alice = await visit(room.browser, room.url);
    bob = await visit(room.browser, room.url);
  });
  afterAll(() => leaveWith(/WebSocket|ERR_/, alice, bob));

  test('is made at the door, and its maker need not say the password again', async () => {
    const { page } = alice;
    await createRoom(page, { name: 'Secret Garden', password: 'hush', limit: 'At most 5' });
    await page.waitForURL('**/r/secret-garden');
    await page.getByRole('heading', { name: 'to Secret Garden' }).waitFor();
    expect(await roomPassword(page).inputValue()).toBe('hush');
    await join(page, { name: 'alice' });
    await messageBox(page).waitFor();
    await page.getByRole('navigation', { name: 'Channels' }).getByText('Secret Garden').waitFor();
  });

  test('is in the list of others, with its limit and its lock, and leads to it', async () => {
    const { page } = bob;
    const rooms = await openRooms(page);
    const link = rooms.getByRole('link', { name: /Secret Garden/ });
    await link.getByText('1 of 5 people here').waitFor();
    await link.getByText('Asks for a password').waitFor();
    await rooms.getByRole('link', { name: /Lobby/ }).and(page.locator('[aria-current="page"]')).waitFor();
    await link.click();
    await page.waitForURL('**/r/secret-garden');
  });

  test('lets nobody in who does not know it', async () => {
    const { page } = bob;
    await join(page, { name: 'bob', roomPassword: 'rush' });
    await page.getByRole('alert').getByText('This room asks for a password.').waitFor();
    await page.getByText('That was not it.').waitFor();
    expect(await page.getByRole('textbox', { name: 'Your name' }).inputValue()).toBe('bob');
    expect(await personRow(alice.page, 'bob').count()).toBe(0);
  });

  test('lets in who knows it', async () => {
    await join(bob.page, { name: 'bob', roomPassword: 'hush' });
    await messageBox(bob.page).waitFor();
    await personRow(alice.page, 'bob').waitFor();
    await say(bob.page, 'nice flowers');
    await line(alice.page, 'nice flowers').waitFor();
  });

  test('is entered again by a page that is loaded again, even of a server that forgot it', async () => {
    const { page } = bob;
    await page.reload();
    await messageBox(page).waitFor();
    await room.server.restart();
    // Without the password it would be at the door.
    await page.reload();
    await messageBox(page).waitFor();
    await line(page, 'nice flowers').waitFor();
  });
});

describe('within a room', () => {
  let carol: Visitor;

  beforeAll(async () => {
    carol = await room.enter('carol');
  });
  afterAll(() => leaveWith(/409/, carol));

  test('the list is beside its title; a name that is taken is refused', async () => {
    const { page } = carol;
    const answer = await fetch(`${room.url}/api/rooms`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'Greenhouse', public: true }),
    });
    expect(answer.status).toBe(201);
    await createRoom(page, { name: 'greenhouse' });
    const dialog = page.getByRole('dialog', { name: 'Create a room' });
    await dialog.getByRole('alert').getByText('The room name greenhouse is not available.').waitFor();
    await dialog.getByRole('button', { name: 'Back' }).click();
    await page
      .getByRole('dialog', { name: 'Rooms' })
      .getByRole('link', { name: /Greenhouse/ })
      .waitFor();
    await page.keyboard.press('Escape');
    await page.getByRole('dialog').waitFor({ state: 'detached' });
  });

  test('a name is asked for; who does not list their room finds it by its address alone', async () => {
    const { page } = carol;
    await createRoom(page, { name: '  ' });
    const dialog = page.getByRole('dialog', { name: 'Create a room' });
    await dialog.getByText('Please enter a name for the room.').waitFor();
    await page.keyboard.press('Escape');
    await dialog.waitFor({ state: 'detached' });

    await createRoom(page, { name: 'Hideaway', unlisted: true });
    await page.waitForURL('**/r/hideaway');
    expect(await roomPassword(page).count()).toBe(0);
    await join(page, { name: 'carol' });
    await messageBox(page).waitFor();
    const rooms = await openRooms(page);
    await rooms.getByRole('link', { name: /Lobby/ }).waitFor();
    expect(await rooms.getByRole('link', { name: /Hideaway/ }).count()).toBe(0);
  });
});

test('a list that cannot be had is asked for again', async () => {
  const visitor = await visit(room.browser, room.url);
  const { page } = visitor;
  await page.route('**/api/rooms', (route) => route.abort());
  const rooms = await openRooms(page);
  await rooms.getByText('The server cannot be reached. Please try again.').waitFor();
  await expectAccessible(page);
  await page.unroute('**/api/rooms');
  await rooms.getByRole('button', { name: 'Try again' }).click();
  await rooms.getByRole('link', { name: /Lobby/ }).waitFor();
  await leaveWith(/ERR_FAILED/, visitor);
});

test('where nobody may make rooms, they are listed and no more', async () => {
  await using server = await startTestServer({ settings: { made_rooms: { allowed: false } } });
  const visitor = await visit(room.browser, server.url);
  const rooms = await openRooms(visitor.page);
  await rooms.getByRole('link', { name: /Lobby/ }).waitFor();
  expect(await rooms.getByRole('button', { name: 'Create a room' }).count()).toBe(0);
  await room.leave(visitor);
});

describe.each(['light', 'dark'] as const)('in %s, as axe sees it', (colorScheme) => {
  test.each([
    ['a desktop', undefined],
    ['a phone', PHONE],
  ])('the door, the list and the form on %s', async (device, viewport) => {
    const visitor = await visit(room.browser, `${room.url}/r/secret-garden`, {
      colorScheme,
      ...(viewport ? { viewport } : {}),
    });
    const { page } = visitor;
    await page.getByRole('button', { name: 'I have an account' }).click();
    await expectAccessible(page);
    await join(page, { name: `${device} ${colorScheme}`, roomPassword: 'rush' });
    await page.getByText('Please enter the password of your account.').waitFor();
    await expectAccessible(page);
    const rooms = await openRooms(page);
    await rooms.getByRole('link', { name: /Secret Garden/ }).waitFor();
    await expectAccessible(page);
    await rooms.getByRole('button', { name: 'Create a room' }).click();
    const creation = page.getByRole('dialog', { name: 'Create a room' });
    await creation.getByLabel('Password', { exact: true }).fill('hush');
    await creation.getByRole('button', { name: 'Show password' }).click();
    expect(await creation.getByLabel('Password', { exact: true }).getAttribute('type')).toBe('text');
    await creation.getByRole('button', { name: 'Create', exact: true }).click();
    await creation.getByText('Please enter a name for the room.').waitFor();
    await expectAccessible(page);
    await room.leave(visitor);
  });
});
