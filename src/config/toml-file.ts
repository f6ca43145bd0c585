import { readFileSync } from 'node:fs';
import { parse, TomlError } from 'smol-toml';
import { ConfigError } from './config-error.ts';

export interface TomlFile {
  readonly path: string;
  /** Names it in errors. */
  readonly source: string;
  /** An optional file that is not there is empty. */
  readonly presence: 'required' | 'optional';
}

/**
 * The content of a TOML file. Numbers that JavaScript cannot hold are bigints. Throws {@link ConfigError}, whose message
 * is one line for the operator.
 */
export function readToml(file: TomlFile): Readonly<Record<string, unknown>> {
  const text = readText(file);
  try {
    return parse(text, { integersAsBigInt: 'asNeeded' });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The first line says what is wrong; the rest draws the place.
    const [reason = ''] = error.message.split('\n');
    throw new ConfigError(`${file.source}:${error.line}:${error.column}: ${reason}`);
  }
}

function readText({ path, source, presence }: TomlFile): string {
  try {
    // Editors on Windows begin a file with a byte order mark, which is no TOML.
    return readFileSync(path, 'utf8').replace(/^\uFEFF/, '');
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    if (presence === 'optional' && code === 'ENOENT') return '';
    throw new ConfigError(`${source}: cannot be read: ${UNREADABLE[code] ?? code}`);
  }
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'there is no such file',
  EACCES: 'permission denied',
  EISDIR: 'it is a folder',
  ENOTDIR: 'there is no such folder',
};
