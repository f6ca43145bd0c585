import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'smol-toml';
import { loadConfig } from '../../src/config/load.ts';
import type { Settings } from '../../src/config/schema.ts';
import type { HubLog } from '../../src/hub/services.ts';
import { type Server, startServer } from '../../src/server.ts';

/** What a test says about the configuration: the options of `parlour.toml`, as objects. */
export type TestSettings = DeepPartial<Omit<Settings, 'port' | 'host' | 'data'>>;

type DeepPartial<T> = T extends readonly (infer Item)[]
  ? readonly DeepPartial<Item>[]
  : T extends object
    ? { readonly [K in keyof T]?: DeepPartial<T[K]> }
    : T;

export interface TestServerOptions {
  /** Limits are wide unless they are said here. */
  readonly settings?: TestSettings;
  /** A data folder to go on with, which then stays; a new one, gone after {@link TestServer.close}, unless said. */
  readonly data?: string;
}

/** A whole server of this process, on a free port of 127.0.0.1. */
export interface TestServer extends AsyncDisposable {
  readonly url: string;
  /** Of the path that BareRTC's clients and ours share. */
  readonly wsUrl: string;
  readonly data: string;
  /** The address that makes its holder an operator, as printed at the first start. */
  readonly invitation: string;
  /** The secret within {@link invitation}, as clients send it. */
  readonly invitationToken: string;
  /** Shuts it down as SIGTERM does, and starts it again, on the same port and data. */
  restart(): Promise<void>;
  /** Ends it. Rejects where the server logged a fault of its own, which no test expects. Idempotent. */
  close(): Promise<void>;
}

const MANY = 100_000;
/** Tests are quicker than people; those of the limits set their own. */
const WIDE_LIMITS: TestSettings['limits'] = {
  connections_per_address: 0,
  messages_burst: MANY,
  messages_per_second: MANY,
  uploads_per_minute: MANY,
  // Who lists at once, not paced: who waits for one would wait for time otherwise.
  roster_bytes_per_second: 100_000_000_000,
};

export async function startTestServer(options: TestServerOptions = {}): Promise<TestServer> {
  const folder = await mkdtemp(join(tmpdir(), 'parlour-test-'));
  const data = options.data ?? join(folder, 'data');
  const log = new FaultLog();
  try {
    const first = await start({ folder, data, log, settings: options.settings ?? {}, port: 0 });
    return testServer(first, { folder, data, log, settings: options.settings ?? {} });
  } catch (error) {
    await rm(folder, { recursive: true, force: true });
    throw error;
  }
}

interface Surroundings {
  readonly folder: string;
  readonly data: string;
  readonly log: FaultLog;
  readonly settings: TestSettings;
}

async function start(options: Surroundings & { readonly port: number }): Promise<Server> {
  const { folder, data, log, settings, port } = options;
  const file = join(folder, 'parlour.toml');
  await writeFile(file, stringify(widened(settings)));
  const config = loadConfig({ file, cwd: folder, overrides: { host: '127.0.0.1', port, data } });
  return startServer({ config, log, invite: true });
}

function widened(settings: TestSettings): TestSettings {
  return {
    ...settings,
    limits: { ...WIDE_LIMITS, ...settings.limits },
    accounts: { per_hour_per_address: MANY, ...settings.accounts },
    made_rooms: { per_hour_per_address: MANY, ...settings.made_rooms },
  };
}

function testServer(first: Server, surroundings: Surroundings): TestServer {
  const { folder, data, log } = surroundings;
  const { url, port, invitation = '' } = first;
  let running: Server | undefined = first;
  const stop = async (): Promise<void> => {
    const server = running;
    running = undefined;
    await server?.close();
  };
  const close = async (): Promise<void> => {
    await stop();
    await rm(folder, { recursive: true, force: true });
    log.expectNone();
  };
  return {
    url,
    wsUrl: `${url.replace(/^http/, 'ws')}/ws`,
    data,
    invitation,
    invitationToken: new URL(invitation).searchParams.get('invite') ?? '',
    restart: async () => {
      await stop();
      running = await start({ ...surroundings, port });
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** Keeps what the server takes for its own fault; says nothing. */
class FaultLog implements HubLog {
  readonly #faults: string[] = [];

  error(details: object, message: string): void {
    const { err } = details as { readonly err?: unknown };
    this.#faults.push(`${message}: ${err instanceof Error ? (err.stack ?? err.message) : String(err)}`);
  }

  warn(): void {}

  info(): void {}

  expectNone(): void {
    const faults = this.#faults.splice(0);
    if (faults.length > 0) throw new Error(`The server logged ${faults.length} fault(s):\n${faults.join('\n')}`);
  }
}
