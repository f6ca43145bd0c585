import { parseArgs } from 'node:util';
import { ConfigError } from './config-error.ts';
import { nearest } from './nearest.ts';
import { ConfigSchema } from './schema.ts';
import { validateOption } from './validate.ts';

/** What the command line asks for. */
export type CommandLine =
  | { readonly action: 'help' }
  | { readonly action: 'version' }
  /** Says what works and what does not, without a start. */
  | { readonly action: 'examine'; readonly file?: string; readonly overrides: Overrides }
  | {
      readonly action: 'start';
      readonly file?: string;
      readonly overrides: Overrides;
      /** Prints a new invitation that makes its holder an operator. */
      readonly invite: boolean;
    };

/** Options of the file that the command line can set too. Paths are as they were written. */
export interface Overrides {
  readonly port?: number;
  readonly host?: string;
  readonly data?: string;
  readonly tlsCert?: string;
  readonly tlsKey?: string;
  readonly barertcSettings?: string;
}

interface Option {
  readonly type: 'string' | 'boolean';
  readonly short?: string;
  /** Names the value in the help. */
  readonly value?: string;
  readonly help: string;
}

const OPTIONS = {
  port: { type: 'string', value: 'PORT', help: 'TCP port; 0 takes any free one (default 8080)' },
  host: { type: 'string', value: 'HOST', help: 'address to listen on (default: all interfaces)' },
  data: { type: 'string', value: 'FOLDER', help: 'folder of the database (default ./data)' },
  config: { type: 'string', value: 'FILE', help: 'configuration (default ./parlour.toml, if it is there)' },
  'tls-cert': { type: 'string', value: 'FILE', help: 'certificate with its chain, PEM' },
  'tls-key': { type: 'string', value: 'FILE', help: 'private key, PEM' },
  'barertc-settings': { type: 'string', value: 'FILE', help: 'a settings.toml of BareRTC, read as it is' },
  invite: { type: 'boolean', help: 'print a new invitation for an operator' },
  doctor: { type: 'boolean', help: 'look for what is wrong with this installation, say what to do, and end' },
  help: { type: 'boolean', short: 'h', help: 'print this text' },
  version: { type: 'boolean', short: 'v', help: 'print the version' },
} as const satisfies Readonly<Record<string, Option>>;

type Name = keyof typeof OPTIONS;

/** Reads the arguments after the program's name. Throws {@link ConfigError} with one line. */
export function parseCommandLine(args: readonly string[]): CommandLine {
  // Not strict: the errors of parseArgs advise about positional arguments, which we do not have.
  const { tokens } = parseArgs({ args: [...args], options: OPTIONS, strict: false, tokens: true });
  const given = new Map<Name, string>();
  for (const token of tokens) {
    if (token.kind !== 'option')
      throw new ConfigError(`unexpected argument ${quoteArgument(token, args)} (try --help)`);
    const name = knownName(token.name, token.rawName);
    given.set(name, checkedValue(name, token.value, token.inlineValue === true));
  }
  if (given.has('help')) return { action: 'help' };
  if (given.has('version')) return { action: 'version' };
  return start(given);
}

function start(given: ReadonlyMap<Name, string>): CommandLine {
  const port = given.get('port');
  const file = given.get('config');
  const overrides = {
    ...(port === undefined ? {} : { port: portNumber(port) }),
    ...pick(given, 'host', 'host'),
    ...pick(given, 'data', 'data'),
    ...pick(given, 'tls-cert', 'tlsCert'),
    ...pick(given, 'tls-key', 'tlsKey'),
    ...pick(given, 'barertc-settings', 'barertcSettings'),
  };
  const where = { ...(file === undefined ? {} : { file }), overrides };
  if (given.has('doctor')) return { action: 'examine', ...where };
  return { action: 'start', ...where, invite: given.has('invite') };
}

function pick(given: ReadonlyMap<Name, string>, name: Name, key: keyof Overrides): Overrides {
  const value = given.get(name);
  return value === undefined ? {} : { [key]: value };
}

function portNumber(value: string): number {
  return validateOption('--port', ConfigSchema.properties.port, /^\d+$/.test(value) ? Number(value) : value);
}

function knownName(name: string, rawName: string): Name {
  if (Object.hasOwn(OPTIONS, name)) return name as Name;
  const near = nearest(name, Object.keys(OPTIONS));
  throw new ConfigError(
    `unknown option ${rawName}${near === undefined ? '' : `; did you mean --${near}?`} (try --help)`,
  );
}

function checkedValue(name: Name, value: string | undefined, isInline: boolean): string {
  const option: Option = OPTIONS[name];
  if (option.type === 'boolean') {
    if (value !== undefined) throw new ConfigError(`--${name} takes no value`);
    return '';
  }
  // "--data --host x" forgot a value; "--data=--host" means what it says.
  const forgotten = value === undefined || value === '' || (!isInline && value.startsWith('-'));
  if (forgotten) throw new ConfigError(`--${name} needs a value: --${name} ${option.value}`);
  return value;
}

function quoteArgument(token: { readonly index: number }, args: readonly string[]): string {
  return JSON.stringify(args[token.index] ?? '');
}

/** What `--help` prints. */
export function helpText(): string {
  const rows = Object.entries<Option>(OPTIONS).map(([name, { short, value, help }]) => {
    const names = `${short === undefined ? '    ' : `-${short}, `}--${name}`;
    return `  ${(value === undefined ? names : `${names} ${value}`).padEnd(27)}  ${help}`;
  });
  return [
    'Parlour: one room, every protocol. A chat and webcam server.',
    '',
    'npm start -- [OPTIONS]',
    '',
    ...rows,
    '',
    'Options given here are stronger than those of the file, and what the file says is stronger than BareRTC settings.',
    'parlour.example.toml shows all that a file can say.',
  ].join('\n');
}
