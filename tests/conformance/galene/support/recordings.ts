import { mkdir, utimes, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Installation } from './installation.ts';

/** Where a server of an installation keeps the recordings of a group. */
export function recordingsOf({ server }: Installation, group: string): string {
  return join(server.data, 'recordings', ...group.split('/'));
}

/** A file that was written an hour ago. Returns its path. */
export async function recorded(
  installation: Installation,
  group: string,
  file: string,
  content: string | Uint8Array = 'pictures',
): Promise<string> {
  const path = join(recordingsOf(installation, group), file);
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
  const anHourAgo = new Date(Date.now() - 3_600_000);
  await utimes(path, anHourAgo, anHourAgo);
  return path;
}

export function basic(name: string, password: string): { readonly authorization: string } {
  return { authorization: `Basic ${Buffer.from(`${name}:${password}`).toString('base64')}` };
}
