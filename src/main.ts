import { pino } from 'pino';
import { helpText, parseCommandLine } from './config/command-line.ts';
import { ConfigError } from './config/config-error.ts';
import { loadConfig } from './config/load.ts';
import { version } from './config/version.ts';
import { runDoctor } from './server/doctor.ts';
import { startServer } from './server.ts';

/** As long as the original waits (`spec/barertc.md` 2.4). */
const ANSWER_MS = 2000;

/** The command line: what is printed is for people; the log goes to standard error. */
async function main(): Promise<void> {
  const line = parseCommandLine(process.argv.slice(2));
  if (line.action === 'help') return print(helpText());
  if (line.action === 'version') return print(version);
  const { file, overrides } = line;
  const load = () =>
    loadConfig({ ...(file === undefined ? {} : { file }), overrides, cwd: process.cwd(), environment: process.env });
  if (line.action === 'examine') {
    process.exitCode = await runDoctor({ load, print });
    return;
  }
  const { invite } = line;
  const config = load();
  const log = pino({ level: config.logLevel }, pino.destination({ fd: 2, sync: true }));
  const server = await startServer({
    config,
    log,
    invite,
    reload: load,
    shutDown: () => restart(() => server.close()),
  });
  // Our bugs end a session, never the process; what was meant to be awaited and was not, neither.
  for (const event of ['unhandledRejection', 'uncaughtException'] as const) {
    process.on(event, (error: unknown) => log.error({ err: error }, 'a fault that nobody handled'));
  }
  stopOnSignals(() => server.close());
  print(`Parlour is listening on ${server.url}`);
  if (server.invitation) print(`Become an operator with this invitation: ${server.invitation}`);
}

/** Ends with status 1, upon which what watches over the server starts it again. */
function restart(close: () => Promise<void>): void {
  // Whoever asked for it is answered first.
  setTimeout(() => close().finally(() => process.exit(1)), ANSWER_MS);
}

function stopOnSignals(close: () => Promise<void>): void {
  let stopping = false;
  const stop = (): void => {
    if (stopping) return;
    stopping = true;
    close().then(
      () => process.exit(0),
      (error: unknown) => fail(error),
    );
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}

/** One line for what the operator can mend; a stack for what only we can. */
function fail(error: unknown): never {
  process.stderr.write(`parlour: ${explain(error)}\n`);
  process.exit(1);
}

function explain(error: unknown): string {
  if (error instanceof ConfigError) return error.message;
  const { name, code, message, port, path } = error as NodeJS.ErrnoException & { port?: number };
  if (code === 'EADDRINUSE') return `port ${port} is in use; choose another one with --port`;
  if (code === 'EACCES' && port !== undefined) return `port ${port} may not be used by this user`;
  if (code === 'EADDRNOTAVAIL' || code === 'ENOTFOUND') return `cannot listen on this host: ${message}`;
  if (name === 'StorageError' || path !== undefined) return message;
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}

main().catch(fail);
