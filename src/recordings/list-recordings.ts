import { type FileHandle, open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { timeOfName } from './file-name.ts';
import { HEAD_BYTES, type RecordingHead, readHead } from './read-head.ts';
import type { RecordingFile } from './recording-file.ts';

/** A file that is not finished and was not touched for so long is not written any more. Milliseconds. */
const FORGOTTEN = 30_000;
/** Files that are open at the same time. */
const AT_ONCE = 8;

/**
 * The recordings of a folder, the first first; none where there is no such folder. Of each file its first bytes are
 * read, which say what it is; files of before, or of Galène's, are listed by what their names say.
 */
export async function listRecordings(
  folder: string,
  options: { readonly now?: number } = {},
): Promise<readonly RecordingFile[]> {
  const names = (await namesIn(folder)).filter((name) => /\.(webm|mkv)$/.test(name));
  const now = options.now ?? Date.now();
  const files: RecordingFile[] = [];
  const waiting = names.values();
  const work = async () => {
    for (const name of waiting) {
      const found = await readRecording(folder, name, now);
      if (found) files.push(found);
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, work));
  return files.sort((a, b) => a.startedAt - b.startedAt || (a.file < b.file ? -1 : 1));
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    const found = await readdir(folder, { withFileTypes: true });
    return found.flatMap((entry) => (entry.isFile() ? entry.name : []));
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'ENOTDIR')) return [];
    throw error;
  }
}

/** Undefined for what was deleted meanwhile, or is not ours to read. */
async function readRecording(folder: string, name: string, now: number): Promise<RecordingFile | undefined> {
  let handle: FileHandle | undefined;
  try {
    handle = await open(join(folder, name), 'r');
    const stats = await handle.stat();
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEAD_BYTES), 0, HEAD_BYTES, 0);
    const head = readHead(buffer.subarray(0, bytesRead));
    const startedAt = timeOfName(name) ?? Math.min(stats.birthtimeMs, stats.mtimeMs);
    return described({ file: name, bytes: stats.size, startedAt, touchedMs: now - stats.mtimeMs }, head);
  } catch (error) {
    if (isCode(error, 'ENOENT') || isCode(error, 'EACCES')) return undefined;
    throw error;
  } finally {
    await handle?.close();
  }
}

function described(
  found: { readonly file: string; readonly bytes: number; readonly startedAt: number; readonly touchedMs: number },
  head: RecordingHead | undefined,
): RecordingFile {
  const { file, bytes, touchedMs } = found;
  const { startedAt = found.startedAt, publisher = '', label = '', session = '' } = head?.note ?? {};
  const { durationMs } = head ?? {};
  const isGrowing = head?.isFinished !== true && touchedMs < FORGOTTEN;
  return {
    file,
    bytes,
    startedAt,
    ...(durationMs === undefined ? {} : { durationMs }),
    publisher,
    label,
    session,
    isGrowing,
  };
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code;
}
