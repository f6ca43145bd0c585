import { mkdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { type Browser, chromium, type Page } from 'playwright-core';
import { chromiumPath } from '../tests/support/chromium.ts';
import { startTestServer } from '../tests/support/server.ts';
import { enterCast } from './screenshot-cast.ts';
import { PORTRAITS, portrait } from './screenshot-pictures.ts';

/**
 * Takes the screenshots that the README shows anew: `node scripts/screenshots.ts`, after the web client was built. The
 * server runs on a free port with a data folder of its own, and is gone afterwards.
 */
const IMAGES = fileURLToPath(new URL('../docs/images/', import.meta.url));
const DESKTOP = { width: 1440, height: 900 };
const PHONE = { width: 390, height: 844 };
const HOST_WORDS = 'Gladly! I will bring the _good_ microphone.';

async function takeScreenshots(): Promise<void> {
  await using server = await startTestServer();
  const url = server.url.replace('//127.0.0.1', '//localhost');
  const browser = await chromium.launch({
    executablePath: chromiumPath(),
    args: [
      '--no-sandbox',
      '--autoplay-policy=no-user-gesture-required',
      '--disable-features=WebRtcHideLocalIpsWithMdns',
    ],
  });
  try {
    const cast = await enterCast(server);
    const ana = await enter(browser, url, { name: 'Ana', picture: await portrait(PORTRAITS.ana) });
    const ben = await enter(browser, url, { name: 'Ben', picture: await portrait(PORTRAITS.ben) });
    await goOnCamera(ana);
    await goOnCamera(ben);
    await watch(ana, 'Ben');
    await watch(ben, 'Ana');
    await cast.say();
    await ana.getByRole('textbox', { name: 'Message', exact: true }).fill(HOST_WORDS);
    await ana.keyboard.press('Enter');
    await ana.getByText('Gladly!').waitFor();
    await ana.mouse.move(0, 0);
    await ana.getByRole('textbox', { name: 'Message', exact: true }).blur();

    mkdirSync(IMAGES, { recursive: true });
    for (const [name, viewport] of Object.entries({ room: DESKTOP, phone: PHONE })) {
      await ana.setViewportSize(viewport);
      await cast.type();
      await ana.getByText('Oluwaseun is typing…').waitFor();
      await ana.waitForFunction(SETTLED);
      await ana.screenshot({ path: `${IMAGES}${name}.png`, caret: 'hide' });
    }
    cast.leave();
  } finally {
    await browser.close();
  }
}

interface Visitor {
  readonly name: string;
  /** What their camera shows. PNG. */
  readonly picture: Buffer;
}

async function enter(browser: Browser, url: string, { name, picture }: Visitor): Promise<Page> {
  // What is waited for below is said as text, which the page's policy would not let run.
  const options = { viewport: DESKTOP, colorScheme: 'light', locale: 'en-US', bypassCSP: true } as const;
  const context = await browser.newContext(options);
  await context.addInitScript({ content: `(${DRAWN_CAMERA})("${picture.toString('base64')}")` });
  const page = await context.newPage();
  await page.goto(url);
  await page.getByRole('textbox', { name: 'Your name' }).fill(name);
  await page.getByRole('button', { name: 'Join' }).click();
  await page.getByRole('button', { name: 'Start camera' }).waitFor();
  return page;
}

async function goOnCamera(page: Page): Promise<void> {
  await page.getByRole('button', { name: 'Start camera' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Go on camera' }).click();
  await page.getByRole('button', { name: 'Stop camera' }).waitFor();
}

async function watch(page: Page, name: string): Promise<void> {
  await page.getByRole('button', { name: `Watch ${name}'s camera` }).click();
  await page.waitForFunction(`document.querySelector('video[aria-label="${name}\\'s camera"]')?.videoWidth > 640`);
}

/** As text, because it runs in the page: a camera that shows a picture, a microphone that hears nothing, no passages. */
const DRAWN_CAMERA = `async (picture) => {
  localStorage.setItem('parlour.settings', '{"passages":false}');
  navigator.mediaDevices.getUserMedia = async () => {
    const bytes = Uint8Array.from(atob(picture), (letter) => letter.charCodeAt(0));
    const image = await createImageBitmap(new Blob([bytes], { type: 'image/png' }));
    const canvas = Object.assign(document.createElement('canvas'), { width: image.width, height: image.height });
    const context = canvas.getContext('2d');
    const draw = () => context.drawImage(image, 0, 0);
    draw();
    setInterval(draw, 100);
    const sound = new AudioContext().createMediaStreamDestination().stream;
    return new MediaStream([...canvas.captureStream(10).getTracks(), ...sound.getTracks()]);
  };
}`;

/** Pictures are there, and the conversation is at its end. */
const SETTLED = `(() => {
  const log = document.querySelector('[role=log]');
  return [...document.images].every((image) => image.complete && image.naturalWidth > 0)
    && [...document.querySelectorAll('video')].every((video) => video.videoWidth > 0)
    && log.scrollHeight - log.scrollTop - log.clientHeight < 2;
})()`;

await takeScreenshots();
