import { readFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import type { Browser } from 'playwright-core';
import { LossyLink, type PacketFilter } from '../../../src/dialects/galene/client-lossy-link.ts';
import { type Visitor, visit } from './browser.ts';
import type { Decoded, GaleneInPageOptions, PageGeneration, ShareOptions } from './galene-media-in-page.ts';

const SCRIPT = new URL('./galene-media-in-page.ts', import.meta.url);
const WAIT_MS = 30_000;
const LOOK_MS = 50;
const SERVED = '/galene-media-in-page.js';

export interface GalenePage extends Visitor {
  readonly name: string;
  /** The client's own. */
  readonly id: string;
}

export interface GalenePageOptions {
  readonly group: string;
  readonly name: string;
  readonly generation?: PageGeneration;
  readonly forceRelay?: boolean;
  /** Packets go by a path that loses some, or is slow. */
  readonly passes?: PacketFilter;
}

/** Somebody in a browser of their own, with a small client of Galène's wire, who is in the group. */
export async function enterGalene(
  browser: Browser,
  url: string,
  { passes, generation = 'latest', forceRelay = false, group, name }: GalenePageOptions,
): Promise<GalenePage> {
  const visitor = await visit(browser, 'about:blank');
  const { page } = visitor;
  const link = passes && new LossyLink(passes);
  page.once('close', () => link?.close());
  if (link) await page.exposeFunction('detour', (candidate: string) => link.through(candidate));
  await page.route(`**${SERVED}`, async (route) => {
    const body = stripTypeScriptTypes(await readFile(SCRIPT, 'utf8'));
    await route.fulfill({ contentType: 'text/javascript', body });
  });
  await page.route('**/favicon.ico', (route) => route.fulfill({ status: 204 }));
  // Any page of the server's own: from one that is made up, browsers do not reach it.
  await page.goto(url);
  const options: GaleneInPageOptions = { group, name, generation, forceRelay };
  // As text: the tests' own compiler would make another import of it.
  await page.evaluate(`import('${SERVED}').then(({ install }) => install(${JSON.stringify(options)}))`);
  await page.waitForFunction(() => window.galeneMedia.isIn);
  return { ...visitor, name, id: await page.evaluate(() => window.galeneMedia.id) };
}

export function request({ page }: GalenePage, wanted: object = { '': ['audio', 'video'] }): Promise<void> {
  return page.evaluate((what) => window.galeneMedia.request(what), wanted);
}

export function requestStream({ page }: GalenePage, id: string, wanted: readonly string[] | null): Promise<void> {
  return page.evaluate(
    ([stream, what]) => window.galeneMedia.send({ type: 'requestStream', id: stream, request: what }),
    [id, wanted] as const,
  );
}

/** Resolves with the stream's id once it is connected. */
export async function share({ page }: GalenePage, options: ShareOptions = { label: 'camera' }): Promise<string> {
  const id = await page.evaluate((what) => window.galeneMedia.share(what), options);
  await page.waitForFunction((own) => window.galeneMedia.up.get(own)?.connection.connectionState === 'connected', id);
  return id;
}

export function decoded({ page }: GalenePage, id: string): Promise<Decoded> {
  return page.evaluate((stream) => window.galeneMedia.decoded(stream), id);
}

/** Waits until so many more pictures of a stream were decoded, of this width where one is said. */
export async function expectDecoded(
  galene: GalenePage,
  id: string,
  { more = 5, width }: { readonly more?: number; readonly width?: number } = {},
): Promise<void> {
  await galene.page.waitForFunction((stream) => window.galeneMedia.down.has(stream), id);
  let { frames } = await decoded(galene, id);
  await until(galene, id, (now) => {
    // A decoder that is made anew counts from the start.
    frames = Math.min(frames, now.frames);
    return now.frames >= frames + more && (width === undefined || now.width === width);
  });
}

/** Waits until there is more sound of it than there was. */
export async function expectHeard(galene: GalenePage, id: string): Promise<void> {
  const { energy } = await decoded(galene, id);
  await until(galene, id, (now) => now.energy > energy);
}

async function until(galene: GalenePage, id: string, holds: (now: Decoded) => boolean): Promise<void> {
  const end = performance.now() + WAIT_MS;
  for (let now = await decoded(galene, id); !holds(now); now = await decoded(galene, id)) {
    if (performance.now() > end) throw new Error(`${galene.name} waited in vain: ${JSON.stringify(now)}`);
    await new Promise((resolve) => setTimeout(resolve, LOOK_MS));
  }
}

/** The types of what the server said of a stream, but for candidates. */
export function story({ page }: GalenePage, id: string): Promise<readonly string[]> {
  return page.evaluate(
    (stream) => window.galeneMedia.frames.flatMap(({ id, type }) => (id === stream && type !== 'ice' ? [type] : [])),
    id,
  );
}
