import { resolve as absolute, dirname } from 'node:path';
import { type BareRtcSettings, readBareRtcSettings } from './barertc-settings.ts';
import { camusEnvironment } from './camus-environment.ts';
import type { Overrides } from './command-line.ts';
import type { Config } from './config.ts';
import { ConfigError } from './config-error.ts';
import type { Environment } from './given-settings.ts';
import { merge } from './merge.ts';
import { resolveConfig } from './resolve.ts';
import type { Settings } from './schema.ts';
import { readToml } from './toml-file.ts';
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
  /** Environment variables; none, unless said. */
  readonly environment?: Environment;
}

/**
 * The configuration from the command line, `parlour.toml`, a `settings.toml` of BareRTC and the environment variables of
 * Camus, the strongest first.
 * Relative paths in a file are relative to the file. Throws {@link ConfigError}, whose message is one line for the
 * operator.
 */
export function loadConfig({ file, overrides = {}, cwd, environment = {} }: LoadOptions): Config {
  const source = file ?? DEFAULT_FILE;
  const path = absolute(cwd, source);
  const folder = dirname(path);
  const content = readToml({ path, source, presence: file === undefined ? 'optional' : 'required' });
  const own = validateSettings(source, content);
  const borrowed = borrowedSettings(own, { overrides, cwd, folder });
  const surroundings = camusEnvironment(environment);
  const inherited = merge(surroundings.settings, borrowed?.settings ?? {});
  const settings = Object.keys(inherited).length === 0 ? own : validateSettings(source, merge(inherited, content));
  if (borrowed !== undefined) refuseBorrowedSecret(settings, { own, source: borrowed.source });
  const data = content.data === undefined ? absolute(cwd, settings.data) : settings.data;
  const warnings = [...(borrowed?.warnings ?? []), ...surroundings.warnings];
  return resolveConfig(override({ ...settings, data }, overrides, cwd), { source, folder, warnings });
}

interface Borrowed extends BareRtcSettings {
  readonly source: string;
}

/** The settings.toml that the command line names, or else `parlour.toml`. */
function borrowedSettings(
  { barertc, default_room }: Settings,
  { overrides, cwd, folder }: { readonly overrides: Overrides; readonly cwd: string; readonly folder: string },
): Borrowed | undefined {
  const source = overrides.barertcSettings ?? barertc.settings;
  if (source === undefined) return undefined;
  const path = absolute(overrides.barertcSettings === undefined ? folder : cwd, source);
  const content = readToml({ path, source, presence: 'required' });
  return { source, ...readBareRtcSettings(content, { source, folder: dirname(path), room: default_room }) };
}

/** As `resolveConfig` does, but in the words of the file that is at fault. */
function refuseBorrowedSecret(
  { tokens }: Settings,
  { own, source }: { readonly own: Settings; readonly source: string },
): void {
  if (own.tokens.enabled || !tokens.enabled || tokens.secret.trim() !== '') return;
  throw new ConfigError(`${source}: JWT.SecretKey must not be empty where JWT.Enabled is true`);
}

function override(settings: Settings, overrides: Overrides, cwd: string): Settings {
  const { port, host, data, tlsCert, tlsKey, barertcSettings } = overrides;
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
    barertc: {
      ...settings.barertc,
      ...(barertcSettings === undefined ? {} : { settings: absolute(cwd, barertcSettings) }),
    },
  };
}
