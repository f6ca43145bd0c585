import type { Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Coturn, startCoturn } from '../support/coturn.ts';
import { startTestServer, type TestServer, type TestSettings } from '../support/server.ts';
import { expectAccessible } from './support/axe.ts';
import { DESKTOP, enter, launchChromium, PHONE, type Visitor, visit } from './support/browser.ts';

/** What anybody finds out about their own connection, in the room and before. */
let coturn: Coturn;
let browser: Awaited<ReturnType<typeof launchChromium>>;
const closers: (() => Promise<void>)[] = [];

beforeAll(async () => {
  coturn = await startCoturn();
  browser = await launchChromium();
});
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close();
});
afterAll(async () => {
  await browser.close();
  await coturn.close();
});

async function server(settings: TestSettings = {}): Promise<TestServer> {
  const own = await startTestServer({ settings });
  closers.push(() => own.close());
  return own;
}

function seenBy(visitor: Visitor): Page {
  closers.push(() => visitor.context.close());
  return visitor.page;
}

function relays(): TestSettings {
  const own = `turn:${coturn.address}:${coturn.port}`;
  return { ice: { urls: [own, `${own}?transport=tcp`], turn_secret: coturn.secret } };
}

const onLocalhost = ({ url }: TestServer) => url.replace('//127.0.0.1', '//localhost');
const dialog = (page: Page) => page.getByRole('dialog', { name: 'Check my connection' });
const finding = (page: Page, text: RegExp | string) => dialog(page).getByRole('listitem').filter({ hasText: text });
const sign = (page: Page, text: RegExp | string, level: string) =>
  finding(page, text).getByRole('img', { name: level });

async function check(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Check my connection' }).click();
  await finding(page, /^Cameras/).waitFor();
}

describe('the check of one’s connection', () => {
  test.each([
    ['a desktop', DESKTOP, 'light'],
    ['a phone', PHONE, 'dark'],
  ] as const)('says before one enters what works, on %s', async (_name, viewport, colorScheme) => {
    const page = seenBy(await visit(browser, onLocalhost(await server(relays())), { viewport, colorScheme }));
    await check(page);
    const good = [/^This page is secure/, /^Your camera may/, /^The server answers/, /^Pictures and sound can leave/];
    for (const text of [...good, /^Cameras should work/]) {
      await sign(page, text, 'Good').waitFor();
    }
    for (const way of ['UDP', 'TCP']) {
      await sign(page, new RegExp(`^The relay works over ${way}: \\d+ ms`), 'Good').waitFor();
    }
    await expectAccessible(page);
    await page.keyboard.press('Escape');
    await dialog(page).waitFor({ state: 'detached' });
  });

  test('says that a relay does not answer, and what to do', async () => {
    // Nobody listens at that port over UDP.
    const urls = [`stun:${coturn.address}:9`, `turn:${coturn.address}:${coturn.port}?transport=tcp`];
    const ice = { urls, turn_secret: 'another' };
    const page = seenBy(await visit(browser, onLocalhost(await server({ ice }))));
    await check(page);
    await sign(page, /^The relay does not answer over TCP/, 'Note').waitFor();
    await sign(page, /^Your network blocks the direct way/, 'Note').waitFor();
    await sign(page, /^Cameras will probably not/, 'Problem').waitFor();
    await expectAccessible(page);
  });

  test('says that a page without HTTPS has no camera', async () => {
    const own = await server();
    const address = new URL(own.url);
    // A name that is this machine, and no secure one.
    const context = await browser.newContext();
    closers.push(() => context.close());
    const page = await context.newPage();
    await page.route('http://chat.test/**', async (route) => {
      const url = new URL(route.request().url());
      const answer = await route.fetch({ url: `${address.origin}${url.pathname}${url.search}` });
      await route.fulfill({ response: answer });
    });
    await page.goto('http://chat.test/');
    await check(page);
    await sign(page, /^This page is not secure/, 'Problem').waitFor();
    await sign(page, /^Cameras will not work here/, 'Problem').waitFor();
  });

  test('is in the room’s settings, and can be run again', async () => {
    const page = seenBy(await enter(browser, onLocalhost(await server(relays())), { name: 'ann' }));
    await page.getByRole('button', { name: 'Settings' }).first().click();
    await check(page);
    await dialog(page).getByRole('button', { name: 'Check again' }).click();
    await sign(page, /^Cameras should work/, 'Good').waitFor();
    await expectAccessible(page);
    expect(await page.getByRole('dialog').count()).toBe(1);
  });
});
