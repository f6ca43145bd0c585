import type { Browser } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestServer, type TestServer } from '../support/server.ts';
import { enter, launchChromium, type Visitor, visit } from './support/browser.ts';
import { expectMoving, joinMeeting } from './support/meeting.ts';
import { installWhip, showsMovingPicture } from './support/whip-page.ts';

let browser: Browser;
let server: TestServer;

beforeAll(async () => {
  [browser, server] = await Promise.all([launchChromium(), startTestServer()]);
});
afterAll(async () => {
  await browser.close();
  await server.close();
});

/** Any page of the server will do: it makes the origin right. */
async function page(): Promise<Visitor & { readonly whip: Awaited<ReturnType<typeof installWhip>> }> {
  const visitor = await visit(browser, `${server.url}/healthz`);
  return { ...visitor, whip: await installWhip(visitor.page) };
}

describe('WHIP and WHEP in Chromium', () => {
  it('a page shows what another publishes, and goes on after restarts of either', async () => {
    const [ann, vera] = [await page(), await page()];
    expect(await ann.whip.publish(`${server.url}/group/lobby/.whip`)).toBe(201);
    expect(await vera.whip.play(`${server.url}/group/lobby/.whep?user=whip`)).toBe(201);
    await showsMovingPicture(vera.page);
    expect(await vera.whip.restart()).toBe(200);
    await showsMovingPicture(vera.page);
    expect(await ann.whip.restart()).toBe(200);
    await showsMovingPicture(vera.page);
    expect([await ann.whip.ask(), await vera.whip.ask()]).toEqual([204, 204]);

    const bob = await enter(browser, server.url, { name: 'Bob' });
    for (const name of ['whip', 'whep']) await bob.page.getByText(name, { exact: true }).first().waitFor();
    await joinMeeting(bob.page);
    await expectMoving(bob.page, 'whip in the meeting');
    expect(await ann.whip.close()).toBe(200);
    await expect.poll(() => vera.whip.ask(), { timeout: 10_000 }).toBe(404);
    expect(bob.errors).toEqual([]);
    await Promise.all([ann, vera, bob].map(({ context }) => context.close()));
  });
});
