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

beforeAll(async () => {
  website = createServer((_request, response) => {
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
