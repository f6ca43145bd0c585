import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { House } from '../conformance/galene-media/support/house.ts';
import { type Coturn, startCoturn } from '../support/coturn.ts';
import type { TestSettings } from '../support/server.ts';
import { launchChromium } from './support/browser.ts';
import {
  enterGalene,
  expectDecoded,
  expectHeard,
  type GalenePage,
  request,
  share,
} from './support/galene-media-page.ts';

/** `spec/galene.md` scenario 48: browsers that reach nobody but a TURN server. */
let coturn: Coturn;
let browser: Awaited<ReturnType<typeof launchChromium>>;
const pages: GalenePage[] = [];

beforeAll(async () => {
  coturn = await startCoturn();
  browser = await launchChromium();
});
afterEach(async () => {
  for (const { context } of pages.splice(0)) await context.close();
});
afterAll(async () => {
  await browser.close();
  await coturn.close();
});

interface Way {
  /** Of the TURN server's address, after the port. */
  readonly transport: 'udp' | 'tcp';
  readonly settings?: TestSettings;
  readonly forceRelay?: boolean;
}

/** Two people in browsers, of whom the one publishes what the other sees. */
async function watched({ transport, settings = {}, forceRelay = false }: Way) {
  const urls = [`turn:${coturn.address}:${coturn.port}?transport=${transport}`];
  const house = await House.open({ ...settings, ice: { urls, turn_secret: coturn.secret } });
  const group = house.group();
  const enter = async (name: string) => {
    const url = house.server.url.replace('//127.0.0.1', '//localhost');
    const page = await enterGalene(browser, url, { group, name, forceRelay });
    pages.push(page);
    return page;
  };
  const [ann, bob] = [await enter('ann'), await enter('bob')];
  await request(bob);
  const id = await share(ann);
  await expectDecoded(bob, id, { more: 20 });
  await expectHeard(bob, id);
  return { ann, bob, id, [Symbol.asyncDispose]: () => house.close() };
}

const ways = ({ page }: GalenePage) => page.evaluate(() => window.galeneMedia.ways());

describe('Galène in a browser, through a TURN server', () => {
  test.each(['udp', 'tcp'] as const)('48. a camera is seen and heard over %s alone', async (transport) => {
    await using both = await watched({ transport, forceRelay: true });
    const { ann, bob } = both;
    for (const galene of [ann, bob]) expect(await ways(galene)).toEqual([`relay ${transport}`]);
  });

  test('48. with relay_only, browsers are told so, and both ends keep their addresses to themselves', async () => {
    await using both = await watched({ transport: 'udp', settings: { galene: { relay_only: true } } });
    const { ann, bob } = both;
    for (const galene of [ann, bob]) {
      expect(await ways(galene)).toEqual(['relay udp']);
      const told = await galene.page.evaluate(() => {
        const { frames, rtcConfiguration } = window.galeneMedia;
        const candidates = frames.flatMap(({ sdp = '', candidate }) => [
          ...(sdp.match(/^a=candidate:.*$/gm) ?? []),
          ...(candidate?.candidate ? [candidate.candidate] : []),
        ]);
        return { policy: rtcConfiguration.iceTransportPolicy, candidates };
      });
      expect(told.policy).toBe('relay');
      expect(told.candidates.length).toBeGreaterThan(0);
      expect(told.candidates.filter((line) => !line.includes(' typ relay'))).toEqual([]);
    }
  });

  test.each(['udp', 'tcp'] as const)('48. the test of relaying succeeds over %s', async (transport) => {
    await using both = await watched({ transport });
    expect(await both.ann.page.evaluate(() => window.galeneMedia.relayTest())).toBe(`around relay ${transport}`);
  });

  test('each client has a login of its own, which is good for a while', async () => {
    await using both = await watched({ transport: 'udp' });
    const logins = await Promise.all(
      [both.ann, both.bob].map(({ page }) => page.evaluate(() => window.galeneMedia.rtcConfiguration.iceServers?.[0])),
    );
    const [anns, bobs] = logins.map((server) => server?.username ?? '');
    expect(anns).toMatch(/^\d+:./);
    expect(anns).not.toBe(bobs);
    expect(Number.parseInt(anns ?? '', 10) * 1000).toBeGreaterThan(Date.now() + 3_600_000);
    expect(JSON.stringify(logins)).not.toContain(coturn.secret);
  });
});
