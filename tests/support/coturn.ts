import { type ChildProcess, spawn } from 'node:child_process';
import { createHmac, randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { generate } from 'selfsigned';
import type { Transport } from '../../src/doctor/turn-client/ice-url.ts';
import { TurnClient, type TurnClientOptions } from '../../src/doctor/turn-client/turn-client.ts';
import { turnServerPath } from './coturn-program.ts';

const DOCUMENT = new URL('../../docs/operations.md', import.meta.url);
const WAIT_MS = 20_000;
const TRY_MS = 2_000;

export interface CoturnOptions {
  /** In the place of what the documentation has under these names; `undefined` leaves a line out. */
  readonly settings?: Readonly<Record<string, string | undefined>>;
  /** Whole lines that are to be gone. */
  readonly without?: RegExp;
  /** Beside them. */
  readonly lines?: readonly string[];
  /** Whether it may relay to its own address, which may be a private one; it may unless said. */
  readonly isOwnAllowed?: boolean;
}

/** A TURN server with the text that the documentation gives, on free ports of this machine's own address. */
export interface Coturn extends AsyncDisposable {
  /** Which is not the loopback's, as that is never relayed to. */
  readonly address: string;
  readonly port: number;
  readonly tlsPort: number;
  readonly secret: string;
  /** Of its certificate, PEM. */
  readonly ca: string;
  /** One that is good for an hour, or was until so many seconds ago. */
  login(name?: string, secondsLeft?: number): { readonly username: string; readonly password: string };
  close(): Promise<void>;
}

export async function startCoturn(options: CoturnOptions = {}): Promise<Coturn> {
  const program = turnServerPath();
  const address = machineAddress('IPv4');
  if (address === undefined) throw new Error('There is no address but the loopback’s, to which nothing is relayed.');
  const folder = await mkdtemp(join(tmpdir(), 'parlour-coturn-'));
  const [port, tlsPort] = [await freePort(address), await freePort(address)];
  const secret = randomBytes(16).toString('hex');
  const { cert, private: key } = await generate([{ name: 'commonName', value: 'turn.test' }], {
    keySize: 2048,
    extensions: [{ name: 'subjectAltName', altNames: [{ type: 7, ip: address }] }],
  });
  const [certFile, keyFile, file] = ['cert.pem', 'key.pem', 'turnserver.conf'].map((name) => join(folder, name));
  await writeFile(certFile ?? '', cert);
  await writeFile(keyFile ?? '', key);
  const settings = {
    ...{ realm: 'turn.test', 'static-auth-secret': secret, cert: certFile, pkey: keyFile },
    ...{ 'listening-port': String(port), 'tls-listening-port': String(tlsPort), ...options.settings },
  };
  // Beside what is documented: this machine alone, and nothing of ours outside the folder.
  const other = machineAddress('IPv6');
  const surroundings = [
    ...(other === undefined ? [] : [`relay-ip=${other}`]),
    ...[`listening-ip=${address}`, `relay-ip=${address}`, ...(options.lines ?? [])],
    ...(options.isOwnAllowed === false ? [] : [`allowed-peer-ip=${address}`]),
    ...['log-file=stdout', `pidfile=${join(folder, 'pid')}`, `userdb=${join(folder, 'turndb')}`],
  ];
  const text = changed(await documentedText(), { ...options, settings });
  await writeFile(file ?? '', `${text}\n${surroundings.join('\n')}\n`);
  const child = spawn(program, ['-c', file ?? ''], { stdio: ['ignore', 'pipe', 'pipe'], cwd: folder });
  const killed = () => child.kill('SIGKILL');
  process.once('exit', killed);
  const close = async (): Promise<void> => {
    process.off('exit', killed);
    await ended(child);
    await rm(folder, { recursive: true, force: true });
  };
  const log = printed(child);
  try {
    await answering(child, { address, ca: cert, ports: { udp: port, tcp: port, tls: tlsPort }, log });
  } catch (error) {
    await close();
    throw error;
  }
  return {
    ...{ address, port, tlsPort, secret, ca: cert, close, [Symbol.asyncDispose]: close },
    login: (name = 'test', secondsLeft = 3_600) => {
      const username = `${Math.floor(Date.now() / 1000) + secondsLeft}:${name}`;
      return { username, password: createHmac('sha1', secret).update(username).digest('base64') };
    },
  };
}

/** Of the first interface that leads anywhere. */
export function machineAddress(family: 'IPv4' | 'IPv6'): string | undefined {
  const all = Object.values(networkInterfaces()).flatMap((each) => each ?? []);
  return all.find((each) => each.family === family && !each.internal && !/^fe[89ab]/i.test(each.address))?.address;
}

/** The block of the documentation that begins with the file's name. */
async function documentedText(): Promise<string> {
  const page = await readFile(DOCUMENT, 'utf8');
  const [, text] = /```\n(# \/etc\/turnserver\.conf\n[^`]+)```/.exec(page) ?? [];
  if (text === undefined) throw new Error('docs/operations.md has no /etc/turnserver.conf');
  return text;
}

function changed(text: string, { settings = {}, without }: CoturnOptions): string {
  const lines = text.split('\n').flatMap((line) => {
    if (without?.test(line)) return [];
    const [name = ''] = line.split('=');
    if (!Object.hasOwn(settings, name)) return [line];
    return settings[name] === undefined ? [] : [`${name}=${settings[name]}`];
  });
  const unknown = Object.keys(settings).filter((name) => !new RegExp(`^${name}=`, 'm').test(text));
  if (unknown.length > 0) throw new Error(`the documented text has no ${unknown.join(', ')}`);
  return lines.join('\n');
}

async function freePort(host: string): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  const bound = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (bound === null || typeof bound === 'string') throw new Error('no port');
  return bound.port;
}

interface Expected {
  readonly address: string;
  readonly ca: string;
  readonly ports: Readonly<Record<Transport, number>>;
  log(): string;
}

/** It writes to a pipe when it likes, so only its answers say that it is there. */
async function answering(child: ChildProcess, { address, ca, ports, log }: Expected): Promise<void> {
  for (const transport of ['udp', 'tcp', 'tls'] as const) {
    const url = { host: address, port: ports[transport], transport };
    const end = performance.now() + WAIT_MS;
    while (!(await answers({ url, ca, timeoutMs: TRY_MS, random: randomBytes }))) {
      if (child.exitCode !== null) throw new Error(`coturn ended with ${child.exitCode}:\n${log()}`);
      if (performance.now() > end) throw new Error(`coturn does not answer over ${transport}:\n${log()}`);
    }
  }
}

async function answers(options: TurnClientOptions): Promise<boolean> {
  try {
    const client = await TurnClient.open(options);
    await client.binding().finally(() => client.close());
    return true;
  } catch {
    // Refused at once, while it begins.
    await new Promise((resolve) => setTimeout(resolve, 20));
    return false;
  }
}

function printed(child: ChildProcess): () => string {
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on('data', (chunk: Buffer) => {
      text += chunk.toString('utf8');
    });
  }
  return () => text;
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const gone = new Promise((resolve) => child.once('close', resolve));
  child.kill();
  await gone;
}
