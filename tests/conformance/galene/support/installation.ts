import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { GaleneClient, type GaleneClientOptions, type JoinOptions } from '../../../../src/dialects/galene/client.ts';
import { startTestServer, type TestServer, type TestServerOptions } from '../../../support/server.ts';

/** What is in a group's file, or in `config.json`. */
export type Definition = Readonly<Record<string, unknown>>;

/** Two users, and whoever else comes (`spec/galene.md` 8). */
export const USERS: Definition = {
  users: {
    vimes: { password: 'sybil', permissions: 'op' },
    colon: { password: 'pension', permissions: 'op' },
    fred: { password: 'pints', permissions: 'present' },
    cheery: { password: 'axe', permissions: 'observe' },
    detritus: { password: 'troll', permissions: 'caption' },
  },
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'message' },
};

const PASSWORDS: Readonly<Record<string, string>> = {
  vimes: 'sybil',
  colon: 'pension',
  fred: 'pints',
  cheery: 'axe',
  detritus: 'troll',
};

export interface InstallationOptions extends Pick<TestServerOptions, 'settings'> {
  /** What is in `data/config.json`. */
  readonly config?: Definition;
  /** Definitions that are there when the server starts, by their names. */
  readonly groups?: Readonly<Record<string, Definition>>;
}

export type EnterOptions = Partial<Omit<GaleneClientOptions, 'url'>> & JoinOptions;

/** A server over the folders of an installation: groups are made as files, as its operators make them. */
export class Installation implements AsyncDisposable {
  readonly server: TestServer;
  readonly folder: string;
  #count = 0;

  private constructor(server: TestServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async start({ config, groups = {}, settings = {} }: InstallationOptions = {}): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'parlour-galene-'));
    await mkdir(join(folder, 'data'), { recursive: true });
    await mkdir(join(folder, 'groups'), { recursive: true });
    if (config) await writeFile(join(folder, 'data', 'config.json'), JSON.stringify(config));
    for (const [name, definition] of Object.entries(groups)) await writeDefinition(folder, name, definition);
    const galene = { ...settings.galene, groups: join(folder, 'groups'), data: join(folder, 'data') };
    return new Installation(await startTestServer({ settings: { ...settings, galene } }), folder);
  }

  /** Writes a definition, with the usual users unless it has its own. Returns the group's name. */
  async group(more: Definition = {}, name = `g${++this.#count}`): Promise<string> {
    await writeDefinition(this.folder, name, { ...USERS, ...more });
    return name;
  }

  connect(options: Partial<GaleneClientOptions> = {}): Promise<GaleneClient> {
    return GaleneClient.connect({ url: this.server.wsUrl, ...options });
  }

  /** The usual users come with their passwords, unless they say another one. */
  enter(group: string, username: string, options: EnterOptions = {}): Promise<GaleneClient> {
    const password = PASSWORDS[username] ?? '';
    return GaleneClient.enter({ url: this.server.wsUrl, group, username, password, ...options });
  }

  /** A path below the server's address. Redirects are for the test to look at. */
  fetch(path: string, init: RequestInit = {}): Promise<Response> {
    return fetch(`${this.server.url}${path}`, { redirect: 'manual', ...init });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.server.close();
    await rm(this.folder, { recursive: true, force: true });
  }
}

async function writeDefinition(folder: string, name: string, definition: Definition): Promise<void> {
  const file = join(folder, 'groups', `${name}.json`);
  await mkdir(dirname(file), { recursive: true });
  await writeFile(file, JSON.stringify(definition));
}

export function passwordOf(username: string): string {
  return PASSWORDS[username] ?? '';
}
