import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { SECRET, signToken, WEBSITE_SETTINGS } from '../support/website.ts';
import { launchChromium, messageBox, say, visit } from './support/browser.ts';

let server: TestServer;
let browser: Browser;
let website: Server;
let websiteUrl: string;
/** What the website's page sends to the chat. */
let token = '';
/** What the chat told it. */
const reports: string[] = [];

beforeAll(async () => {
  website = createServer((request, response) => {
    if (request.method === 'POST') {
      request.on('data', (chunk: Buffer) => reports.push(String(chunk)));
      request.on('end', () => response.end('{}'));
      return;
    }
    const form = `<form method="post" action="${server.url}/"><input type="hidden" name="jwt" value="${token}">
      <button>Enter the chat</button></form>`;
    response.writeHead(200, { 'content-type': 'text/html' }).end(`<!doctype html><title>Website</title>${form}`);
  });
  await new Promise<void>((done) => website.listen(0, '127.0.0.1', done));
  websiteUrl = `http://127.0.0.1:${(website.address() as AddressInfo).port}/`;
  server = await startTestServer({
    settings: {
      tokens: { ...WEBSITE_SETTINGS.tokens, strict: true },
      website: { ...WEBSITE_SETTINGS.website, landing_page: websiteUrl },
      webhooks: { report: `${websiteUrl}report` },
    },
  });
  browser = await launchChromium();
});
afterAll(async () => {
  await browser.close();
  await server.close();
  await new Promise((done) => website.close(done));
});

test('the website’s form leads into the room, under the name and rights of the token, and a reload stays there', async () => {
  token = await signToken({ sub: 'alice', op: true, nick: 'Alice A.' });
  const { page, context } = await visit(browser, websiteUrl);
  await page.getByRole('button', { name: 'Enter the chat' }).click();
  await messageBox(page).waitFor();
  await say(page, 'straight from the website');
  await page.getByRole('log').getByText('straight from the website').waitFor();
  expect(page.url()).not.toContain('jwt');
  await page.goto(`${server.url}/`);
  await messageBox(page).waitFor();
  await say(page, 'here again');
  await page.getByRole('log').getByText('here again').waitFor();
  await context.close();
});

test('a token in the address works once and is gone from it; the name belongs to its owner', async () => {
  const { page, context } = await visit(browser, `${server.url}/r/lobby?jwt=${await signToken({ sub: 'bob' })}`);
  await messageBox(page).waitFor();
  expect(page.url()).toBe(`${server.url}/r/lobby`);
  await context.close();
});

test('who has no token is sent to the website; a bad one is refused', async () => {
  const { page, context } = await visit(browser, `${server.url}/`);
  await page.getByRole('button', { name: 'Enter the chat' }).waitFor();
  expect(page.url()).toBe(websiteUrl);
  const response = await page.goto(`${server.url}/?jwt=${await signToken({ sub: 'eve' }, { secret: `${SECRET}x` })}`);
  expect(response?.status()).toBe(403);
  await context.close();
});

test('a message is reported to the website; addresses are banned, and let in again', async () => {
  const door = async (name: string, claims: object = {}) => {
    const visitor = await visit(browser, `${server.url}/?jwt=${await signToken({ sub: name, ...claims })}`);
    await messageBox(visitor.page).waitFor();
    return visitor;
  };
  const spammer = await door('spammer');
  await say(spammer.page, 'buy my things');
  const olga = await door('olga', { op: true });
  const line = olga.page.getByRole('log').getByText('buy my things');
  await line.hover();
  await olga.page.getByRole('button', { name: 'Report', exact: true }).first().click();
  const dialog = olga.page.getByRole('dialog');
  await dialog.getByRole('textbox', { name: 'Anything to add' }).fill('for the third time');
  await dialog.getByRole('button', { name: 'Report' }).click();
  await olga.page.getByText('your report was delivered').waitFor();
  expect(JSON.parse(reports[0] ?? '{}')).toMatchObject({
    Action: 'report',
    Report: {
      FromUsername: 'olga',
      AboutUsername: 'spammer',
      Channel: 'lobby',
      Reason: 'Spam',
      Message: 'buy my things',
      Comment: 'for the third time',
    },
  });

  await olga.page.getByRole('button', { name: 'Settings' }).first().click();
  await olga.page.getByRole('textbox', { name: 'Ban addresses' }).fill('127.0.0.1/8');
  await olga.page.getByRole('button', { name: 'Ban', exact: true }).click();
  await spammer.page.getByText('You are banned from this room').waitFor();
  const lift = olga.page.getByRole('button', { name: /127\.0\.0\.0\/8/ });
  await lift.click();
  await lift.waitFor({ state: 'detached' });
  await spammer.context.close();
  await olga.context.close();
});
