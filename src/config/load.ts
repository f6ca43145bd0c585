import { readFileSync } from 'node:fs';
import { resolve as absolute, dirname } from 'node:path';
import { parse, TomlError } from 'smol-toml';
import type { Overrides } from './command-line.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import { resolveConfig } from './resolve.ts';
import type { Settings } from './schema.ts';
import { validateSettings } from './validate.ts';

/** Read from the working directory when no file is named; it need not exist. */
export const DEFAULT_FILE = 'parlour.toml';

export interface LoadOptions {
  /** `--config`; this file must exist. */
  readonly file?: string;
  /** From the command line: stronger than the file. */
  readonly overrides?: Overrides;
  /** The working directory: what paths of the command line, and the default data folder, are relative to. */
  readonly cwd: string;
}

/**
 * The configuration from file and command line. Relative paths in the file are relative to the file.
 * Throws {@link ConfigError}, whose message is one line for the operator.
 */
export function loadConfig({ file, overrides = {}, cwd }: LoadOptions): Config {
  const source = file ?? DEFAULT_FILE;
  const path = absolute(cwd, source);
  const content = readToml(path, source, file === undefined ? 'optional' : 'required');
  const settings = validateSettings(source, content);
  const data = content.data === undefined ? absolute(cwd, settings.data) : settings.data;
  return resolveConfig(override({ ...settings, data }, overrides, cwd), { source, folder: dirname(path) });
}

function override(settings: Settings, overrides: Overrides, cwd: string): Settings {
  const { port, host, data, tlsCert, tlsKey } = overrides;
  return {
    ...settings,
    ...(port === undefined ? {} : { port }),
    ...(host === undefined ? {} : { host }),
    ...(data === undefined ? {} : { data: absolute(cwd, data) }),
    tls: {
      ...settings.tls,
      ...(tlsCert === undefined ? {} : { cert: absolute(cwd, tlsCert) }),
      ...(tlsKey === undefined ? {} : { key: absolute(cwd, tlsKey) }),
    },
  };
}

function readToml(path: string, source: string, presence: 'required' | 'optional'): Readonly<Record<string, unknown>> {
  const text = readText(path, source, presence);
  try {
    return parse(text);
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    // The first line says what is wrong; the rest draws the place.
    const [reason = ''] = error.message.split('\n');
    throw new ConfigError(`${source}:${error.line}:${error.column}: ${reason}`);
  }
}

function readText(path: string, source: string, presence: 'required' | 'optional'): string {
  try {
    return readFileSync(path, 'utf8');
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
