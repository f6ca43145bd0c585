import { constants } from 'node:fs';
import { type FileHandle, lstat, open, unlink } from 'node:fs/promises';
import { join } from 'node:path';
import { orNothing } from './gone.ts';
import { HEAD_BYTES, readHead } from './read-head.ts';

const CHUNK_BYTES = 128 * 1024;

/** A file that is open, as it was then: what is written to it later is not in it. */
export interface StoredRecording {
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
  /** Another one after each change. */
  readonly stamp: string;
  /** Its head says that its end was written. */
  readonly isFinished: boolean;
  /**
   * From one byte to another, both included; they must be within the file. Whoever stops early calls `return`, even
   * before the first byte, which closes the file as its end does. Rejects where the file became shorter.
   */
  read(start: number, end: number): AsyncIterableIterator<Uint8Array>;
  close(): Promise<void>;
}

/** Whether it could be the name of one: nothing hidden, nothing in another folder. */
export function isRecordingName(file: string): boolean {
  return /^[^./\\][^/\\]*\.(webm|mkv)$/s.test(file) && !/[\p{Cc}\p{Cs}]/u.test(file);
}

/** Nothing where there is no such file; a link is none. Whoever gets one closes it, or reads it. */
export async function openRecording(folder: string, file: string): Promise<StoredRecording | undefined> {
  if (!isRecordingName(file)) return undefined;
  // Not blocking: a pipe of that name would be waited for until somebody writes to it.
  const flags = constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0) | (constants.O_NONBLOCK ?? 0);
  const handle = await open(join(folder, file), flags).catch(orNothing);
  if (!handle) return undefined;
  try {
    const found = await handle.stat({ bigint: true });
    if (found.isFile()) {
      return {
        bytes: Number(found.size),
        modifiedAt: Number(found.mtimeMs),
        stamp: `${found.size}-${found.mtimeNs}`,
        isFinished: await isFinished(handle),
        read: (start, end) => new Passage(handle, start, end + 1),
        close: () => handle.close(),
      };
    }
  } catch (error) {
    await handle.close();
    throw error;
  }
  await handle.close();
  return undefined;
}

async function isFinished(handle: FileHandle): Promise<boolean> {
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
  return readHead(buffer.subarray(0, bytesRead))?.isFinished === true;
}

/** Whether there was such a file. */
export async function removeRecording(folder: string, file: string): Promise<boolean> {
  if (!isRecordingName(file)) return false;
  const path = join(folder, file);
  const found = await lstat(path).catch(orNothing);
  if (!found?.isFile()) return false;
  try {
    await unlink(path);
    return true;
  } catch (error) {
    // Somebody else was quicker.
    orNothing(error);
    return false;
  }
}

/** Not a generator: one that was never begun would not close the file. */
class Passage implements AsyncIterableIterator<Uint8Array> {
  readonly #handle: FileHandle;
  readonly #end: number;
  #at: number;

  constructor(handle: FileHandle, start: number, end: number) {
    this.#handle = handle;
    this.#at = start;
    this.#end = end;
  }

  [Symbol.asyncIterator](): this {
    return this;
  }

  async next(): Promise<IteratorResult<Uint8Array>> {
    const length = Math.min(CHUNK_BYTES, this.#end - this.#at);
    if (length <= 0) return this.return();
    const { bytesRead, buffer } = await this.#handle.read(Buffer.allocUnsafe(length), 0, length, this.#at);
    if (bytesRead === 0) {
      await this.#handle.close();
      throw new Error('A recording became shorter while it was sent.');
    }
    this.#at += bytesRead;
    return { done: false, value: buffer.subarray(0, bytesRead) };
  }

  async return(): Promise<IteratorResult<Uint8Array>> {
    await this.#handle.close();
    return { done: true, value: undefined };
  }
}
