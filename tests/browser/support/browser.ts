import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../../support/chromium.ts';

/** Chromium with a camera and a microphone that are made up, and no wish to talk to anybody but us. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      // Several cameras, so that there is a choice; the second is made to measure depth and shows nothing.
      '--use-fake-device-for-media-stream=device-count=3',
      '--use-fake-ui-for-media-stream',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      // Host candidates by address: mDNS names need a network that answers them.
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
}

const WAIT_MS = 30_000;

export const DESKTOP = { width: 1440, height: 900 } as const;
export const PHONE = { width: 390, height: 844 } as const;

export interface Visitor {
  readonly page: Page;
  readonly context: BrowserContext;
  /** What the page complained about, which should be nothing. */
  readonly errors: readonly string[];
}

export interface VisitOptions {
  readonly viewport?: { readonly width: number; readonly height: number };
  readonly colorScheme?: 'light' | 'dark';
}

export async function visit(browser: Browser, url: string, options: VisitOptions = {}): Promise<Visitor> {
  const context = await browser.newContext({
    viewport: options.viewport ?? DESKTOP,
    colorScheme: options.colorScheme ?? 'light',
    permissions: ['camera', 'microphone', 'clipboard-read', 'clipboard-write'],
  });
  // Sooner than the test gives up, which could not say what was waited for.
  context.setDefaultTimeout(WAIT_MS);
  const page = await context.newPage();
  const errors: string[] = [];
  page.on('pageerror', (error) => errors.push(String(error)));
  page.on('console', (message) => {
    if (message.type() === 'error') errors.push(message.text());
  });
  await page.goto(url);
  return { page, context, errors };
}

/** Opens the room and enters it under a name. */
export async function enter(
  browser: Browser,
  url: string,
  options: { readonly name: string } & VisitOptions,
): Promise<Visitor> {
  const visitor = await visit(browser, url, options);
  await visitor.page.getByRole('textbox', { name: 'Your name' }).fill(options.name);
  await visitor.page.getByRole('button', { name: 'Join' }).click();
  await messageBox(visitor.page).waitFor();
  return visitor;
}

export function messageBox(page: Page) {
  return page.getByRole('textbox', { name: 'Message', exact: true });
}

export async function say(page: Page, text: string): Promise<void> {
  await messageBox(page).fill(text);
  await messageBox(page).press('Enter');
}

/** A line of the conversation that holds this text. */
export function line(page: Page, text: string) {
  return page.getByRole('log').getByText(text);
}

/** Goes on camera with the devices that there are. */
export async function goOnCamera(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start camera' }).first().click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go on camera' }).click();
  await page.getByRole('button', { name: 'Stop camera' }).first().waitFor();
}

export async function watch(page: Page, name: string): Promise<void> {
  await page
    .getByRole('button', { name: `Watch ${name}'s camera` })
    .first()
    .click();
}

/** Waits until the tile shows pictures that move: a size, and a clock that advances over several looks. */
export async function expectMovingPicture(page: Page, name: string): Promise<void> {
  await page.waitForFunction((label) => {
    const video = document.querySelector<HTMLVideoElement>(`video[aria-label="${label}"]`);
    if (!video || video.videoWidth === 0 || video.readyState < 2) return false;
    const marked = video as HTMLVideoElement & { seen?: number[] };
    const seen = marked.seen ?? [];
    marked.seen = seen;
    if (seen.at(-1) !== video.currentTime) seen.push(video.currentTime);
    return seen.length >= 5;
  }, `${name}'s camera`);
}

export function tile(page: Page, name: string) {
  return page.locator(`video[aria-label="${name}'s camera"]`);
}
