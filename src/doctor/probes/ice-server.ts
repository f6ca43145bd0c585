import { randomBytes } from 'node:crypto';
import { isIP } from 'node:net';
import type { IceProbe, IceServerUrl, RelayedTo } from '../checks/ice-server.ts';
import { TurnClient } from '../turn-client/turn-client.ts';
import { TurnError } from '../turn-client/turn-error.ts';
import type { Catcher } from './catcher.ts';

export interface IceProbeOptions {
  readonly timeoutMs: number;
  /** Authority for TLS, PEM, where it is none of those that Node knows. */
  readonly ca?: string;
  /** Where browsers send streams; what a TURN server must reach. */
  readonly media: readonly string[];
  /** Waits there; absent where Parlour itself has the port. */
  readonly catcher?: Catcher;
}

/**
 * Addresses that lead into a network, whatever it is like: this machine, what clouds tell their machines about
 * themselves, and one of each private range.
 */
const INWARD = ['127.0.0.1', '169.254.169.254', '10.254.254.254', '172.31.254.254', '192.168.254.254'];

/** Asks a server for what browsers ask of it. Never rejects. */
export async function probeIceServer(server: IceServerUrl, options: IceProbeOptions): Promise<IceProbe> {
  const { username, credential } = server;
  let client: TurnClient | undefined;
  try {
    client = await TurnClient.open({
      url: server.url,
      ...(username === undefined || credential === undefined ? {} : { login: { username, password: credential } }),
      ...(options.ca === undefined ? {} : { ca: options.ca }),
      timeoutMs: options.timeoutMs,
      random: randomBytes,
    });
    if (server.url.scheme === 'stun') return { kind: 'stun', mapped: (await client.binding()).address };
    return await probeRelay(client, options);
  } catch (error) {
    if (!(error instanceof TurnError)) throw error;
    const { fault, code, message: reason } = error;
    return { kind: 'failed', fault, reason, ...(code === undefined ? {} : { code }) };
  } finally {
    await client?.close();
  }
}

async function probeRelay(client: TurnClient, { media, catcher }: IceProbeOptions): Promise<IceProbe> {
  const { isOpenToAnybody, mapped } = await client.allocate();
  const reached: RelayedTo[] = [];
  // The relay has an IPv4 address, and reaches those alone.
  for (const address of media.filter((each) => isIP(each) === 4)) {
    reached.push({ address, outcome: await relayTo(client, address, catcher) });
  }
  const inward: string[] = [];
  for (const address of INWARD.filter((each) => !media.includes(each))) {
    if (await isPermitted(client, address)) inward.push(address);
  }
  return { kind: 'turn', isOpenToAnybody, reached, inward, ...(mapped ? { mapped: mapped.address } : {}) };
}

async function relayTo(
  client: TurnClient,
  address: string,
  catcher: Catcher | undefined,
): Promise<RelayedTo['outcome']> {
  if (!(await isPermitted(client, address))) return 'forbidden';
  if (!catcher) return 'permitted';
  const { port } = catcher;
  const arrives = await catcher.catches((mark) => client.send({ address, port }, mark), { withinMs: 2_000 });
  return arrives ? 'arrived' : 'lost';
}

async function isPermitted(client: TurnClient, address: string): Promise<boolean> {
  try {
    await client.permit(address);
    return true;
  } catch (error) {
    if (error instanceof TurnError && error.fault === 'refused') return false;
    throw error;
  }
}
