import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import type { Browser, Page } from 'playwright-core';
import { expect } from 'vitest';
import { type Visitor, visit } from './browser.ts';
import type { CamusInPageOptions } from './camus-in-page.ts';

const ROOT = new URL('../../../', import.meta.url);
const SERVED = '/camus-client/';
const SCRIPT = `${SERVED}tests/browser/support/camus-in-page.ts`;

const PATIENCE_MS = 30_000;

export interface CamusPageOptions extends CamusInPageOptions {
  /** Keeps the others' offers back until this page has made its own, so that both offer at once whatever the timing. */
  readonly offersFirst?: true;
}

/** Somebody in a browser of their own, in a room's page, with our client library of Camus' wire. */
export interface CamusPage extends Visitor {
  readonly name: string;
}

/** The room's page, with the library loaded and, if so wanted, the camera on, but nobody in the room yet. */
export async function openCamus(browser: Browser, url: string, options: CamusPageOptions): Promise<CamusPage> {
  const visitor = await visit(browser, 'about:blank');
  await serveLibrary(visitor.page);
  if (options.offersFirst) await holdOffersBack(visitor.page);
  await visitor.page.goto(url);
  // As text: the tests' own compiler would make another import of it.
  await visitor.page.evaluate(
    `import(${JSON.stringify(SCRIPT)}).then(({ install }) => install(${JSON.stringify(options)}))`,
  );
  return { ...visitor, name: options.name };
}

export async function enterCamus(browser: Browser, url: string, options: CamusPageOptions): Promise<CamusPage> {
  const camus = await openCamus(browser, url, options);
  await begin(camus);
  return camus;
}

/** Connects, and says the name. */
export async function begin({ page, name }: CamusPage): Promise<void> {
  await page.evaluate(() => window.camus.enter());
  await page.waitForFunction((own) => window.camus.client.clients.some(({ username }) => username === own), name);
}

/** Scripts of the page's own origin are all that it allows, so the library comes from there. */
async function serveLibrary(page: Page): Promise<void> {
  await page.route(`**${SERVED}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(SERVED.length);
    const source = await readFile(new URL(path, ROOT), 'utf8');
    await route.fulfill({ contentType: 'text/javascript', body: stripTypeScriptTypes(source) });
  });
  // The browser's own wish, of which it would complain.
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
}

async function holdOffersBack(page: Page): Promise<void> {
  await page.routeWebSocket(/\/room\//, (inPage) => {
    const server = inPage.connectToServer();
    const held: (string | Buffer)[] = [];
    let hasOffered = false;
    inPage.onMessage((message) => {
      server.send(message);
      hasOffered ||= isOffer(message);
      if (hasOffered) for (const each of held.splice(0)) inPage.send(each);
    });
    server.onMessage((message) => {
      if (!hasOffered && (held.length > 0 || isOffer(message))) held.push(message);
      else inPage.send(message);
    });
  });
}

function isOffer(message: string | Buffer): boolean {
  return (JSON.parse(String(message)) as { readonly type: string }).type === 'offer';
}

export function idOf({ page }: CamusPage): Promise<string> {
  return page.evaluate(() => window.camus.client.id);
}

export async function sayOnCamus({ page }: CamusPage, text: string): Promise<void> {
  await page.evaluate((said) => window.camus.client.say(said), text);
}

/** Waits until a page shows this line of the chat, said by this name. */
export async function expectLine({ page }: CamusPage, from: string, text: string): Promise<void> {
  await page.waitForFunction((line) => window.camus.lines.includes(line), `${from}: ${text}`);
}

/** Waits for several more pictures than there were when it was asked. */
export async function expectPictures({ page }: CamusPage, from: string): Promise<void> {
  const seen = await framesOf(page, from);
  await page.waitForFunction(
    ([label, enough]) => {
      const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${label}"]`);
      return video && video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames >= enough;
    },
    [`${from}'s camera`, seen + 5] as const,
  );
}

function framesOf(page: Page, from: string): Promise<number> {
  return page.evaluate((label) => {
    const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${label}"]`);
    return video?.getVideoPlaybackQuality().totalVideoFrames ?? 0;
  }, `${from}'s camera`);
}

/** Waits until somebody's microphone is heard, from now on. A page's own wait takes a promise for a yes. */
export async function expectSound({ page }: CamusPage, from: CamusPage): Promise<void> {
  const id = await idOf(from);
  const heard = () => page.evaluate((other) => window.camus.energyFrom(other), id);
  const before = await heard();
  await expect.poll(heard, { timeout: PATIENCE_MS }).toBeGreaterThan(before);
}

/** Waits until everybody sees pictures, and hears, of everybody else. */
export async function expectCall(...people: readonly CamusPage[]): Promise<void> {
  await Promise.all(
    people.flatMap((watcher) =>
      people
        .filter((other) => other !== watcher)
        .flatMap((other) => [expectPictures(watcher, other.name), expectSound(watcher, other)]),
    ),
  );
}

/** Ends the page's process: no goodbye, and nothing closed. */
export async function crash({ page, context }: CamusPage): Promise<void> {
  const crashed = page.waitForEvent('crash');
  const session = await context.newCDPSession(page);
  session.send('Page.crash').catch(() => {});
  await crashed;
}

/** Closes the page as people do, so that it can say goodbye. */
export async function leavePage({ page }: CamusPage): Promise<void> {
  await page.close({ runBeforeUnload: true });
}

/** Whom somebody's page has hung up on. */
export function goneFrom({ page }: CamusPage): Promise<readonly string[]> {
  return page.evaluate(() => window.camus.gone);
}
