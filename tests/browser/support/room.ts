import type { Browser } from 'playwright-core';
import { startTestServer, type TestServer, type TestSettings } from '../../support/server.ts';
import { enter, launchChromium, type VisitOptions, type Visitor } from './browser.ts';

export interface BrowserRoom {
  readonly url: string;
  readonly server: TestServer;
  readonly browser: Browser;
  /** Somebody enters in a browser of their own. */
  enter(name: string, options?: VisitOptions): Promise<Visitor>;
  /** The same, by the invitation that makes an operator; it works once. */
  enterAsOperator(name: string, options?: VisitOptions): Promise<Visitor>;
  /** Closes the browsers of these people. Rejects where one of their pages complained. */
  leave(...visitors: readonly Visitor[]): Promise<void>;
  /** Rejects where the server logged a fault. */
  close(): Promise<void>;
}

/** A server on a free port with an empty data folder, and a Chromium. */
export async function openBrowserRoom(settings: TestSettings = {}): Promise<BrowserRoom> {
  const server = await startTestServer({ settings });
  const browser = await launchChromium();
  const url = onLocalhost(server.url);
  return {
    url,
    server,
    browser,
    enter: (name, options) => enter(browser, url, { name, ...options }),
    enterAsOperator: (name, options) => enter(browser, onLocalhost(server.invitation), { name, ...options }),
    leave: async (...visitors) => {
      for (const { context } of visitors) await context.close();
      const errors = visitors.flatMap((visitor) => visitor.errors);
      if (errors.length > 0) throw new Error(`A page complained:\n${errors.join('\n')}`);
    },
    close: async () => {
      await browser.close();
      await server.close();
    },
  };
}

/** As people type it who try it out at home; browsers take it for safe, too. */
function onLocalhost(url: string): string {
  return url.replace('//127.0.0.1', '//localhost');
}
