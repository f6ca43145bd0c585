import { describe, expect, test } from 'vitest';
import { helpText, parseCommandLine } from './command-line.ts';
import { ConfigError } from './config-error.ts';

describe('parseCommandLine', () => {
  test('nothing starts the server', () => {
    expect(parseCommandLine([])).toEqual({ action: 'start', overrides: {}, invite: false });
  });

  test('every option', () => {
    const args =
      '--port 0 --host=::1 --data d --config c.toml --tls-cert cert.pem --tls-key key.pem --barertc-settings s.toml --invite';
    expect(parseCommandLine(args.split(' '))).toEqual({
      action: 'start',
      file: 'c.toml',
      overrides: { port: 0, host: '::1', data: 'd', tlsCert: 'cert.pem', tlsKey: 'key.pem', barertcSettings: 's.toml' },
      invite: true,
    });
  });

  test('a value that looks like an option, and the last of two', () => {
    expect(parseCommandLine(['--data=-x', '--port=1', '--port=2'])).toMatchObject({
      overrides: { data: '-x', port: 2 },
    });
  });

  test.each([['--help'], ['-h']])('%s', (arg) => {
    expect(parseCommandLine(['--port', '1', arg])).toEqual({ action: 'help' });
  });

  test.each([['--version'], ['-v']])('%s', (arg) => {
    expect(parseCommandLine([arg])).toEqual({ action: 'version' });
  });

  test.each([
    ['--prot 1', 'unknown option --prot; did you mean --port? (try --help)'],
    ['--tlscert x', 'unknown option --tlscert; did you mean --tls-cert? (try --help)'],
    ['--frobnicate', 'unknown option --frobnicate (try --help)'],
    ['--constructor', 'unknown option --constructor (try --help)'],
    ['-p 1', 'unknown option -p (try --help)'],
    ['--port', '--port needs a value: --port PORT'],
    ['--data --invite', '--data needs a value: --data FOLDER'],
    ['--host=', '--host needs a value: --host HOST'],
    ['--port many', '--port must be a whole number from 0 to 65535, but is "many"'],
    ['--port 65536', '--port must be a whole number from 0 to 65535, but is 65536'],
    ['--port=-1', '--port must be a whole number from 0 to 65535, but is "-1"'],
    ['--port 0x50', '--port must be a whole number from 0 to 65535, but is "0x50"'],
    ['--invite=yes', '--invite takes no value'],
    ['start', 'unexpected argument "start" (try --help)'],
    ['--invite -- x', 'unexpected argument "--" (try --help)'],
  ])('%s', (line, message) => {
    expect(() => parseCommandLine(line.split(' '))).toThrow(new ConfigError(message));
  });
});

test('the help lists every option', () => {
  const names = ['port', 'host', 'data', 'config', 'tls-cert', 'tls-key', 'barertc-settings', 'invite'];
  for (const name of [...names, 'help', 'version']) expect(helpText()).toContain(`--${name} `);
});
