import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import type { Browser } from 'playwright-core';
import { expect } from 'vitest';
import { type Visitor, visit } from './browser.ts';
import type { GaleneInPageOptions } from './galene-in-page.ts';

const ROOT = new URL('../../../', import.meta.url);
const SERVED = '/galene-client/';
/** Of the server's own, as the browser lets no other connect to this machine; and one without a policy of its own. */
const PAGE = '/healthz';
const SCRIPT = `${SERVED}tests/browser/support/galene-in-page.ts`;
/** Of `ws`, which Node uses, there is only the browser's own kind of it. */
const NO_WS = 'export const WebSocket = globalThis.WebSocket;';

const PATIENCE_MS = 30_000;

/** Somebody in a browser of their own, with our client library of Galène's wire. */
export interface GalenePage extends Visitor {
  readonly name: string;
}

export async function enterGalene(browser: Browser, url: string, options: GaleneInPageOptions): Promise<GalenePage> {
  const visitor = await visit(browser, 'about:blank');
  const { page } = visitor;
  await page.route(`**${SERVED}**`, async (route) => {
    const path = new URL(route.request().url()).pathname.slice(SERVED.length);
    const text = path === 'ws.js' ? NO_WS : stripTypeScriptTypes(await readFile(new URL(path, ROOT), 'utf8'));
    return route.fulfill({ contentType: 'text/javascript', body: text.replace("from 'ws'", `from '${SERVED}ws.js'`) });
  });
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  await page.goto(`${url}${PAGE}`);
  // As text: the tests' own compiler would make another import of it.
  await page.evaluate(`import(${JSON.stringify(SCRIPT)}).then(({ install }) => install(${JSON.stringify(options)}))`);
  return { ...visitor, name: options.name };
}

/** Waits for several more pictures than there were when it was asked. */
export async function expectPictures({ page }: Pick<Visitor, 'page'>, label: string): Promise<void> {
  const selector = `video[aria-label="${label}"]`;
  const seen = await page.evaluate(
    (tile) => document.querySelector<HTMLVideoElement>(tile)?.getVideoPlaybackQuality().totalVideoFrames ?? 0,
    selector,
  );
  await page.waitForFunction(
    ([tile, enough]) => {
      const video = document.querySelector<HTMLVideoElement>(tile);
      return video !== null && video.videoWidth > 0 && video.getVideoPlaybackQuality().totalVideoFrames >= enough;
    },
    [selector, seen + 5] as const,
  );
}

/** Waits until somebody's microphone is heard, from now on. A page's own wait takes a promise for a yes. */
export async function expectSound({ page }: GalenePage, from: string): Promise<void> {
  const heard = () => page.evaluate((name) => window.galene.energyFrom(name), from);
  const before = await heard();
  await expect.poll(heard, { timeout: PATIENCE_MS }).toBeGreaterThan(before);
}

/** Waits until this was heard: `NAME: TEXT` of a chat, `KIND: VALUE` of a message. */
export async function expectHeard({ page }: GalenePage, line: string): Promise<void> {
  await page.waitForFunction((wanted) => window.galene.heard.includes(wanted), line);
}
