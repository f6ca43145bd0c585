import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';

export interface DiskFileOptions {
  readonly folder: string;
  /** The name to try first (0), and those to try where there is such a file. */
  name(attempt: number): string;
  /** Told once: nothing is written any more. In words for operators. */
  onFailed(reason: string): void;
}

/** Bytes that wait for the disk at most. */
const MOST_WAITING = 32 * 1024 * 1024;
const MOST_ATTEMPTS = 100;

/** A file that is written behind the back of who writes: in order, and with a bound to what waits. */
export class DiskFile {
  readonly #options: DiskFileOptions;
  #work: Promise<void>;
  #handle: FileHandle | undefined;
  #waiting = 0;
  #isFailed = false;
  /** Where the next bytes go. */
  length = 0;

  constructor(options: DiskFileOptions) {
    this.#options = options;
    this.#work = this.#open();
  }

  append(bytes: Buffer): void {
    const at = this.length;
    this.length += bytes.length;
    this.write(bytes, at);
  }

  /** Over what is there. */
  write(bytes: Buffer, at: number): void {
    if (this.#isFailed) return;
    this.#waiting += bytes.length;
    if (this.#waiting > MOST_WAITING) {
      this.#fail('the disk is too slow');
      return;
    }
    this.#then(async (handle) => {
      await writeWhole(handle, bytes, at);
      this.#waiting -= bytes.length;
    });
  }

  /** It is still being written, though there was nothing to write. */
  touch(now: number): void {
    this.#then((handle) => handle.utimes(now / 1000, now / 1000));
  }

  /** When everything is written that can be. */
  async close(): Promise<void> {
    await this.#work;
    await this.#handle?.close().catch(() => {});
    this.#handle = undefined;
  }

  #then(work: (handle: FileHandle) => Promise<void>): void {
    this.#work = this.#work.then(async () => {
      if (this.#isFailed || !this.#handle) return;
      try {
        await work(this.#handle);
      } catch (error) {
        this.#fail(reasonOf(error));
      }
    });
  }

  /** Never over a file that is there. */
  async #open(): Promise<void> {
    for (let attempt = 0; attempt < MOST_ATTEMPTS; attempt += 1) {
      try {
        this.#handle = await open(join(this.#options.folder, this.#options.name(attempt)), 'wx', 0o600);
        return;
      } catch (error) {
        if (codeOf(error) === 'EEXIST') continue;
        this.#fail(reasonOf(error));
        return;
      }
    }
    this.#fail('there are too many files of the same name');
  }

  #fail(reason: string): void {
    if (this.#isFailed) return;
    this.#isFailed = true;
    this.#options.onFailed(reason);
  }
}

async function writeWhole(handle: FileHandle, bytes: Buffer, at: number): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await handle.write(bytes, done, bytes.length - done, at + done);
    done += bytesWritten;
  }
}

const REASONS: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the disk is full',
  EROFS: 'the folder of recordings cannot be written to',
  EACCES: 'the folder of recordings cannot be written to',
  EPERM: 'the folder of recordings cannot be written to',
  ENOENT: 'the folder of recordings is not there',
  ENOTDIR: 'the folder of recordings is not there',
  EMFILE: 'too many files are open',
  ENFILE: 'too many files are open',
  EIO: 'the disk fails',
  EFBIG: 'the file is too large for the disk',
};

function reasonOf(error: unknown): string {
  return REASONS[codeOf(error)] ?? 'the file cannot be written';
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error ? String(error.code) : '';
}
