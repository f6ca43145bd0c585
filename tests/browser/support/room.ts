import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Browser } from 'playwright-core';
import { loadConfig } from '../../../src/config/load.ts';
import { type Server, startServer } from '../../../src/server.ts';
import { launchChromium } from './browser.ts';

export interface BrowserRoom {
  readonly url: string;
  readonly server: Server;
  readonly browser: Browser;
  /** Faults that the server logged, which should be none. */
  readonly faults: readonly unknown[];
  close(): Promise<void>;
}

/** A server on a free port with an empty data folder, and a Chromium. */
export async function openBrowserRoom(): Promise<BrowserRoom> {
  const data = await mkdtemp(join(tmpdir(), 'parlour-browser-'));
  const config = loadConfig({ cwd: data, overrides: { port: 0, host: '127.0.0.1', data } });
  const faults: unknown[] = [];
  const log = { error: (details: object) => faults.push(details), warn: () => {}, info: () => {} };
  const server = await startServer({ config, log });
  const browser = await launchChromium();
  return {
    url: `http://localhost:${server.port}`,
    server,
    browser,
    faults,
    close: async () => {
      await browser.close();
      await server.close();
      await rm(data, { recursive: true, force: true });
    },
  };
}
