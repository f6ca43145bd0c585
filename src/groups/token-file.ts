import { mkdir, open, readFile, rename, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { GroupToken, TokenTimes } from '../storage/port.ts';
import { orNothing, stampOf } from './files.ts';
import type { GroupsLog } from './log.ts';
import { parseTokenLine, tokenFields } from './token-line.ts';
import { MAX_TOKENS_OF_GROUP, TOKEN_AFTERLIFE, type TokenStore } from './token-store.ts';

const MAX_FILE = 16 * 1024 * 1024;

export interface TokenFileOptions {
  /** `data/var/tokens.jsonl`; made, with its folder, with the first token. */
  readonly file: string;
  readonly log: GroupsLog;
}

/** A line as it is read and written: also what we do not know of it is kept. */
interface Entry {
  readonly token: GroupToken;
  readonly rest: Readonly<Record<string, unknown>>;
}

interface Content {
  readonly entries: ReadonlyMap<string, Entry>;
  /** Lines that are no tokens, to be written again as they were. */
  readonly strange: readonly string[];
}

const EMPTY: Content = { entries: new Map(), strange: [] };

/**
 * The tokens of an existing installation, in its own file. Read again whenever it was changed by somebody else, one
 * thing after the other; written as a whole to another file, which then takes its place.
 */
export class TokenFile implements TokenStore {
  readonly #options: TokenFileOptions;
  #content = EMPTY;
  #stamp: string | undefined;
  #last: Promise<unknown> = Promise.resolve();

  constructor(options: TokenFileOptions) {
    this.#options = options;
  }

  find(token: string): Promise<GroupToken | undefined> {
    return this.#inTurn(async () => (await this.#read()).entries.get(token)?.token);
  }

  list(group: string): Promise<readonly GroupToken[]> {
    return this.#inTurn(async () => {
      const tokens = [...(await this.#read()).entries.values()].map(({ token }) => token);
      return tokens.filter((token) => token.group === group).sort(byExpiry);
    });
  }

  put(token: GroupToken, now: number): Promise<boolean> {
    return this.#change((entries) => {
      const others = [...entries.values()].filter((one) => one.token.group === token.group);
      const isNew = entries.get(token.token)?.token.group !== token.group;
      if (isNew && others.length >= MAX_TOKENS_OF_GROUP) {
        const [oldest] = others.map((one) => one.token).sort(byExpiry);
        if (!oldest || (oldest.expires ?? 0) >= now) return false;
        entries.delete(oldest.token);
      }
      entries.set(token.token, { token, rest: {} });
      return true;
    });
  }

  edit(secret: string, times: TokenTimes): Promise<GroupToken | undefined> {
    return this.#change((entries) => {
      const entry = entries.get(secret);
      if (!entry) return undefined;
      const token = { ...entry.token, ...times };
      entries.set(secret, { ...entry, token });
      return token;
    });
  }

  remove(token: string): Promise<boolean> {
    return this.#change((entries) => entries.delete(token));
  }

  purge(now: number): Promise<number> {
    return this.#change((entries) => {
      const isGone = ({ expires }: GroupToken) => expires !== undefined && expires < now - TOKEN_AFTERLIFE;
      const gone = [...entries.values()].filter(({ token }) => isGone(token));
      for (const { token } of gone) entries.delete(token.token);
      return gone.length;
    });
  }

  /** What is refused changes nothing, and writes nothing: `false`, 0 or nothing. */
  #change<T>(change: (entries: Map<string, Entry>) => T): Promise<T> {
    return this.#inTurn(async () => {
      const { entries, strange } = await this.#read();
      const next = new Map(entries);
      const result = change(next);
      if (result) await this.#write({ entries: next, strange });
      return result;
    });
  }

  #inTurn<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#last.then(work);
    this.#last = result.catch(() => {});
    return result;
  }

  async #read(): Promise<Content> {
    const { file, log } = this.#options;
    const found = await stat(file, { bigint: true }).catch(orNothing);
    const stamp = found && stampOf(found);
    if (stamp === this.#stamp) return this.#content;
    if (found && found.size > MAX_FILE) throw new Error(`${file} is larger than ${MAX_FILE} bytes`);
    this.#content = found ? contentOf(await readFile(file, 'utf8')) : EMPTY;
    this.#stamp = stamp;
    const { strange } = this.#content;
    if (strange.length > 0) log.warn({ file, lines: strange.length }, 'lines of the tokens’ file are no tokens');
    return this.#content;
  }

  async #write(content: Content): Promise<void> {
    const { file } = this.#options;
    const folder = dirname(file);
    const draft = join(folder, '.tokens.jsonl.new');
    await mkdir(folder, { recursive: true, mode: 0o700 });
    const handle = await open(draft, 'w', 0o600);
    try {
      await handle.writeFile(textOf(content));
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(draft, file);
    this.#stamp = stampOf(await stat(file, { bigint: true }));
    this.#content = content;
  }
}

function contentOf(text: string): Content {
  const entries = new Map<string, Entry>();
  const strange: string[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '') continue;
    const parsed = parseTokenLine(line);
    // A token without a secret would be everybody's.
    if (parsed.kind === 'invalid' || parsed.value.token === '') strange.push(line);
    else entries.set(parsed.value.token, { token: parsed.value, rest: unknownFields(line) });
  }
  return { entries, strange };
}

const KNOWN = /^(token|group|includesubgroups|username|permissions|expires|not-before|issuedat|issuedby)$/i;

function unknownFields(line: string): Readonly<Record<string, unknown>> {
  const fields: object = JSON.parse(line.replace(/^\uFEFF/, ''));
  return Object.fromEntries(Object.entries(fields).filter(([name]) => !KNOWN.test(name)));
}

function textOf({ entries, strange }: Content): string {
  const lines = [...entries.values()].map(({ token, rest }) => JSON.stringify({ ...tokenFields(token), ...rest }));
  return [...strange, ...lines].map((line) => `${line}\n`).join('');
}

/** The one without a time first: it is expired. */
function byExpiry(one: GroupToken, other: GroupToken): number {
  return (one.expires ?? 0) - (other.expires ?? 0) || (one.token < other.token ? -1 : 1);
}
