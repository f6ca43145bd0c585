import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startTestServer, type TestServer, type TestSettings } from '../../../support/server.ts';
import { Person, type PersonOptions } from './person.ts';

/** Whoever comes may present, but for one who may only talk, and there is one who decides. */
const PEOPLE = {
  users: {
    vimes: { password: 'sybil', permissions: 'op' },
    detritus: { password: 'troll', permissions: 'message' },
  },
  'wildcard-user': { password: { type: 'wildcard' }, permissions: 'present' },
} as const;
const PASSWORDS: Readonly<Record<string, string>> = { vimes: 'sybil', detritus: 'troll' };

/** Of each codec of `spec/galene.md` 2.7, and then some with the usual ones. */
const CODECS = ['vp9', 'av1', 'h264', 'pcmu'];
const PLAIN = 30;

/** A server, and the people who are in its groups. */
export class House {
  readonly server: TestServer;
  readonly #folder: string;
  #groups = 0;
  #people: Person[] = [];

  /** With settings beside its groups. */
  static async open(settings: TestSettings = {}): Promise<House> {
    const folder = await mkdtemp(join(tmpdir(), 'parlour-media-'));
    const groups = join(folder, 'groups');
    await mkdir(groups);
    const write = (name: string, more: object) =>
      writeFile(join(groups, `${name}.json`), JSON.stringify({ ...PEOPLE, ...more }));
    for (const codec of CODECS) await write(codec, { codecs: [codec, ...(codec === 'pcmu' ? ['vp8'] : ['opus'])] });
    for (let count = 1; count <= PLAIN; count++) await write(`g${count}`, {});
    return new House(
      await startTestServer({ settings: { ...settings, galene: { ...settings.galene, groups } } }),
      folder,
    );
  }

  private constructor(server: TestServer, folder: string) {
    this.server = server;
    this.#folder = folder;
  }

  /** One that no other test has. */
  group(): string {
    if (++this.#groups > PLAIN) throw new Error('There are not so many groups.');
    return `g${this.#groups}`;
  }

  async enter(group: string, name: string, options: PersonOptions = {}): Promise<Person> {
    const password = PASSWORDS[name] ?? '';
    const person = await Person.enter(this.server.wsUrl, group, { name, password, ...options });
    this.#people.push(person);
    return person;
  }

  /** Everybody goes. */
  async empty(): Promise<void> {
    const people = this.#people;
    this.#people = [];
    await Promise.all(people.map((person) => person.close()));
  }

  /** Rejects where the server logged a fault. */
  async close(): Promise<void> {
    await this.empty();
    await this.server.close();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
