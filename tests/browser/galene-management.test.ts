import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Installation } from '../conformance/galene/support/installation.ts';
import { launchChromium, messageBox, visit } from './support/browser.ts';
import { openSettings } from './support/people.ts';

/** The requests that the pages of Galène's front end make (`spec/galene.md` 3.2), by a browser, out of its folder. */

const CHANGE_PASSWORD = `
  const query = new URLSearchParams(location.search);
  const [group, user, before] = ['group', 'username', 'before'].map((name) => query.get(name));
  const path = '/galene-api/v0/.groups/' + group + '/.users/' + user + '/.password';
  const headers = { 'Content-Type': 'text/plain', Authorization: 'Basic ' + btoa(user + ':' + before) };
  fetch(path, { method: 'POST', body: 'stout', credentials: 'omit', headers })
    .then(({ status }) => { document.title = 'status ' + status; });`;

const STATS = `
  fetch('/galene-api/v0/.stats')
    .then(async (response) => (response.ok ? await response.json() : []))
    .then((rooms) => { document.title = 'rooms ' + rooms.map(({ name }) => name).join(); });`;

let statics: string;
let installation: Installation;
let browser: Browser;
beforeAll(async () => {
  statics = await mkdtemp(join(tmpdir(), 'parlour-static-'));
  const page = (script: string) => `<!doctype html><title>waiting</title><script src="/${script}" defer></script>`;
  await writeFile(join(statics, 'galene.html'), page('galene.js'));
  await writeFile(join(statics, 'change-password.html'), page('change-password.js'));
  await writeFile(join(statics, 'change-password.js'), CHANGE_PASSWORD);
  await writeFile(join(statics, 'stats.html'), page('stats.js'));
  await writeFile(join(statics, 'stats.js'), STATS);
  installation = await Installation.start({
    settings: { galene: { frontend: statics } },
    config: { users: { root: { password: 'hunter2', permissions: 'admin' } }, writableGroups: true },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await installation[Symbol.asyncDispose]();
  await rm(statics, { recursive: true, force: true });
});

/** The title that the page gives itself when it has its answer. */
async function titleOf(path: string, httpCredentials?: { readonly username: string; readonly password: string }) {
  const context = await browser.newContext(httpCredentials ? { httpCredentials } : {});
  try {
    const page = await context.newPage();
    await page.goto(`${installation.server.url}${path}`);
    await page.waitForFunction(() => document.title !== 'waiting');
    return await page.title();
  } finally {
    await context.close();
  }
}

test('64. the page for changing a password changes it', async () => {
  const group = installation.plainGroup();
  const at = (before: string) => `/change-password.html?group=${group}&username=fred&before=${before}`;
  expect(await titleOf(at('wrong'))).toBe('status 401');
  expect(await titleOf(at('pints'))).toBe('status 204');
  const fred = await installation.enter(group, 'fred', { password: 'stout' });
  expect(fred.membership?.permissions).toContain('present');
  await fred.close();
});

test('65. the page of statistics shows them, once the browser has asked who one is', async () => {
  const group = installation.plainGroup();
  const ann = await installation.enter(group, 'ann');
  const title = await titleOf('/stats.html', { username: 'root', password: 'hunter2' });
  expect(title.replace('rooms ', '').split(',')).toContain(group);
  await ann.close();
});

test('64. our own client changes the password by which somebody came into a group', async () => {
  const group = installation.plainGroup();
  const { page, context, errors } = await visit(browser, `${installation.server.url}/r/${group}`);
  await page.getByRole('textbox', { name: 'Your name' }).fill('fred');
  await page.getByRole('button', { name: 'I have an account' }).click();
  await page.getByLabel('Password', { exact: true }).fill('pints');
  await page.getByRole('button', { name: 'Join' }).click();
  await messageBox(page).waitFor();
  const settings = await openSettings(page);
  await settings.getByText('You are fred, by your password in this group.').waitFor();
  const change = async (current: string) => {
    await settings.getByLabel('Current password', { exact: true }).fill(current);
    await settings.getByLabel('New password', { exact: true }).fill('ale & stout ✓');
    await settings.getByLabel('New password again', { exact: true }).fill('ale & stout ✓');
    await settings.getByRole('button', { name: 'Change password' }).click();
  };
  await change('wrong');
  await settings.getByText('That is not your current password.').waitFor();
  await change('pints');
  await page.getByText('Your password was changed.').waitFor();
  const fred = await installation.enter(group, 'fred', { password: 'ale & stout ✓' });
  expect(fred.membership?.permissions).toContain('present');
  await fred.close();
  // The browser itself writes down the one answer that was a refusal.
  expect(errors.filter((text) => !text.includes('401'))).toEqual([]);
  await context.close();
});

test('64. who came into a group as anybody is offered no password of it', async () => {
  const { page, context } = await visit(browser, `${installation.server.url}/r/${installation.plainGroup()}`);
  await page.getByRole('textbox', { name: 'Your name' }).fill('somebody');
  await page.getByRole('button', { name: 'Join' }).click();
  await messageBox(page).waitFor();
  const settings = await openSettings(page);
  await settings.getByText('You are somebody, without an account.').waitFor();
  expect(await settings.getByLabel('Current password', { exact: true }).count()).toBe(0);
  await context.close();
});
