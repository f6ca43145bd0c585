import { mkdir, mkdtemp, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, dirname, join } from 'node:path';
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
  /** Which of its folders the server is told of; both, unless said. */
  readonly folders?: 'groups' | 'data';
}

/** Groups with nothing but the usual users are there from the start: what is new in a folder is news to a server. */
const PLAIN_GROUPS = 60;

export type EnterOptions = Partial<Omit<GaleneClientOptions, 'url'>> & JoinOptions;

/** A server over the folders of an installation: groups are made as files, as its operators make them. */
export class Installation implements AsyncDisposable {
  readonly server: TestServer;
  readonly folder: string;
  #plain = 0;
  #special = 0;

  private constructor(server: TestServer, folder: string) {
    this.server = server;
    this.folder = folder;
  }

  static async start({ config, groups = {}, settings = {}, folders }: InstallationOptions = {}): Promise<Installation> {
    const folder = await mkdtemp(join(tmpdir(), 'parlour-galene-'));
    await mkdir(join(folder, 'data'), { recursive: true });
    await mkdir(join(folder, 'groups'), { recursive: true });
    if (config) await writeFile(join(folder, 'data', 'config.json'), JSON.stringify(config));
    for (let count = 1; count <= PLAIN_GROUPS; count++) await writeDefinition(folder, `g${count}`, USERS);
    for (const [name, definition] of Object.entries(groups)) await writeDefinition(folder, name, definition);
    const galene = {
      ...settings.galene,
      ...(folders === 'data' ? {} : { groups: join(folder, 'groups') }),
      ...(folders === 'groups' ? {} : { data: join(folder, 'data') }),
    };
    return new Installation(await startTestServer({ settings: { ...settings, galene } }), folder);
  }

  /** A group that no other test has, with the usual users. */
  plainGroup(): string {
    if (++this.#plain > PLAIN_GROUPS) throw new Error('There are not so many groups.');
    return `g${this.#plain}`;
  }

  /** Writes a definition, with the usual users unless it has its own. Returns the group's name. */
  async group(more: Definition, name = `special${++this.#special}`): Promise<string> {
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
    try {
      await this.server.close();
    } finally {
      await rm(this.folder, { recursive: true, force: true });
    }
  }
}

async function writeDefinition(folder: string, name: string, definition: Definition): Promise<void> {
  const file = join(folder, 'groups', `${name}.json`);
  const draft = join(dirname(file), `.${basename(file)}.new`);
  await mkdir(dirname(file), { recursive: true });
  // Whole or not at all, as every tool of its operators writes it.
  await writeFile(draft, JSON.stringify(definition));
  await rename(draft, file);
}

export function passwordOf(username: string): string {
  return PASSWORDS[username] ?? '';
}
