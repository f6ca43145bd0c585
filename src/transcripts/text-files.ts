import { appendFile, mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { nameKey } from '../core/name.ts';
import { fileNamePart } from './file-name.ts';
import type { TranscriptLine, Transcripts } from './port.ts';

export interface TranscriptsLog {
  error(details: object, message: string): void;
}

export interface TextFilesOptions {
  /** Made where it does not exist. */
  readonly folder: string;
  /** Ids of the channels that are written, to `CHANNEL.txt`. */
  readonly channels: readonly string[];
  /** Names of people whose direct messages are written, both sides, to `@NAME/PEER.txt`. */
  readonly usernames: readonly string[];
  readonly log: TranscriptsLog;
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Appends to a file. */
  readonly append?: (path: string, text: string) => Promise<void>;
  /** How long closing may take, in milliseconds. */
  readonly closeMs?: number;
}

/** Characters that wait to be written; beyond, what is said is lost. */
const MAX_WAITING = 4 * 1024 * 1024;
/** How often it is logged that something was lost. */
const COMPLAINT_MS = 60_000;
const CLOSE_MS = 5000;

/**
 * Transcripts as text files, a line each. Written in the background, file after file, so that one file is open at most;
 * a disk that is full or slow costs lines, and is logged once a minute, but never holds up the chat.
 */
export class TextFiles implements Transcripts {
  readonly #options: TextFilesOptions;
  readonly #append: (path: string, text: string) => Promise<void>;
  readonly #channels: ReadonlySet<string>;
  /** Name keys. */
  readonly #usernames: ReadonlySet<string>;
  /** By path. */
  readonly #waiting = new Map<string, string>();
  #size = 0;
  #writing: Promise<void> | undefined;
  #isClosed = false;
  #lost = 0;
  #cause: unknown;
  #complainedAt = Number.NEGATIVE_INFINITY;

  constructor(options: TextFilesOptions) {
    this.#options = options;
    this.#append = options.append ?? append;
    this.#channels = new Set(options.channels);
    this.#usernames = new Set(options.usernames.map(nameKey));
  }

  write(line: TranscriptLine): void {
    if (this.#isClosed) return;
    const paths = this.#pathsFor(line);
    if (paths.length === 0) return;
    const text = asText(line);
    for (const path of paths) this.#enqueue(path, text);
    this.#writing ??= this.#writeAll();
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const done = new AbortController();
    const late = delay(this.#options.closeMs ?? CLOSE_MS, undefined, { signal: done.signal }).catch(() => {});
    await Promise.race([this.#writing, late]);
    done.abort();
    this.#complain('now');
  }

  #pathsFor(line: TranscriptLine): readonly string[] {
    const { folder } = this.#options;
    if (line.kind === 'channel') {
      return this.#channels.has(line.channel) ? [join(folder, `${fileNamePart(line.channel)}.txt`)] : [];
    }
    const { author, recipient } = line;
    const sides = [
      [author, recipient],
      [recipient, author],
    ] as const;
    const paths = sides
      .filter(([side]) => this.#usernames.has(nameKey(side)))
      .map(([side, peer]) => join(folder, `@${fileNamePart(side)}`, `${fileNamePart(peer)}.txt`));
    // Who writes to themselves is both.
    return [...new Set(paths)];
  }

  #enqueue(path: string, text: string): void {
    if (this.#size + text.length > MAX_WAITING) {
      this.#lose(1);
      return;
    }
    this.#size += text.length;
    this.#waiting.set(path, (this.#waiting.get(path) ?? '') + text);
  }

  async #writeAll(): Promise<void> {
    // What is said in one turn of the event loop is written at once.
    await Promise.resolve();
    for (const [path, text] of this.#waiting) {
      this.#waiting.delete(path);
      try {
        await this.#append(path, text);
      } catch (error) {
        this.#lose(text.split('\n').length - 1, error);
      }
      this.#size -= text.length;
      this.#complain('when-due');
    }
    this.#writing = undefined;
  }

  #lose(lines: number, cause?: unknown): void {
    this.#lost += lines;
    this.#cause = cause ?? this.#cause;
    this.#complain('when-due');
  }

  #complain(when: 'now' | 'when-due'): void {
    if (this.#lost === 0) return;
    const now = this.#options.now();
    // Also where the clock was set back.
    const isDue = Math.abs(now - this.#complainedAt) >= COMPLAINT_MS;
    if (!isDue && when === 'when-due') return;
    const { folder } = this.#options;
    this.#options.log.error({ err: this.#cause, folder, lines: this.#lost }, 'lines of transcripts were lost');
    this.#complainedAt = now;
    this.#lost = 0;
    this.#cause = undefined;
  }
}

/** What moves the cursor or the eye: a message must not look like several, nor like somebody else's. */
const CONTROLS = /[\p{Cc}\p{Zl}\p{Zp}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;

function asText({ at, author, text }: TranscriptLine): string {
  const time = Number.isNaN(new Date(at).getTime()) ? '-' : new Date(at).toISOString();
  return `${time} [${author.replace(CONTROLS, ' ')}] ${text.replace(CONTROLS, ' ')}\n`.toWellFormed();
}

/** Others of the machine are not to read along. */
async function append(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true, mode: 0o700 });
  await appendFile(path, text, { mode: 0o600 });
}
