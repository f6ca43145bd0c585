import { createSocket } from 'node:dgram';
import { lookup } from 'node:dns/promises';
import { connect as connectTcp, isIP, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { StunStream } from '../../stun/stun-stream.ts';
import type { IceUrl } from './ice-url.ts';
import { TurnError } from './turn-error.ts';

/** The way to a server: whole messages go out, and whole messages come in. */
export interface Link {
  /** Whether what is sent may be lost. */
  readonly isLossy: boolean;
  send(message: Buffer): void;
  close(): void;
}

export interface LinkOptions {
  readonly url: Pick<IceUrl, 'host' | 'port' | 'transport'>;
  readonly timeoutMs: number;
  /** Authority for TLS, PEM; those that Node knows where it is left out. */
  readonly ca?: string | undefined;
  onMessage(message: Buffer): void;
  /** It broke; nothing comes any more. */
  onEnd(error: TurnError): void;
}

/** Rejects with a `TurnError`. */
export async function openLink(options: LinkOptions): Promise<Link> {
  const address = await resolved(options.url.host);
  return options.url.transport === 'udp' ? openUdp(options, address) : openStream(options, address);
}

async function resolved(host: string): Promise<{ readonly address: string; readonly family: number }> {
  try {
    return await lookup(host);
  } catch {
    throw new TurnError('unreachable', `the name ${host} leads to no address`);
  }
}

type Resolved = Awaited<ReturnType<typeof resolved>>;

function openUdp({ url, onMessage, onEnd }: LinkOptions, { address, family }: Resolved): Promise<Link> {
  const socket = createSocket(family === 6 ? 'udp6' : 'udp4');
  return new Promise((resolve, reject) => {
    const broken = (error: Error) => {
      const fault = new TurnError('unreachable', error.message);
      reject(fault);
      onEnd(fault);
    };
    socket.on('error', broken);
    socket.on('message', (bytes) => onMessage(bytes));
    // Connected, so that we hear where nobody listens.
    socket.connect(url.port, address, () => {
      resolve({
        isLossy: true,
        send: (message) => socket.send(message),
        close: () => {
          socket.off('error', broken);
          socket.on('error', () => {});
          socket.close();
        },
      });
    });
  });
}

function openStream(options: LinkOptions, { address }: Resolved): Promise<Link> {
  const { url, timeoutMs, ca, onMessage, onEnd } = options;
  const isTls = url.transport === 'tls';
  const { host, port } = url;
  const socket = isTls
    ? // An address is not a name to be asked for (RFC 6066 3), but what the certificate is compared with all the same.
      connectTls({ host, port, ...(isIP(host) === 0 ? { servername: host } : {}), ...(ca === undefined ? {} : { ca }) })
    : connectTcp({ host: address, port });
  const stream = new StunStream(onMessage);
  return new Promise((resolve, reject) => {
    const broken = (error: TurnError) => {
      socket.destroy();
      reject(error);
      onEnd(error);
    };
    const timer = setTimeout(() => broken(new TurnError('silent', 'no connection came about')), timeoutMs);
    socket.on('error', (error: NodeJS.ErrnoException) => {
      clearTimeout(timer);
      broken(explained(error));
    });
    socket.on('close', () => onEnd(new TurnError('unreachable', 'the connection was closed')));
    socket.on('data', (chunk: Buffer | string) => {
      stream.push(Buffer.from(chunk));
      if (stream.isBroken) broken(new TurnError('garbled', 'what answers there does not speak STUN'));
    });
    socket.once(isTls ? 'secureConnect' : 'connect', () => {
      clearTimeout(timer);
      resolve(streamLink(socket));
    });
  });
}

function streamLink(socket: Socket): Link {
  return {
    isLossy: false,
    send: (message) => socket.write(message),
    close: () => {
      socket.removeAllListeners('close');
      socket.destroy();
    },
  };
}

function explained({ code = '', message }: NodeJS.ErrnoException): TurnError {
  if (/CERT|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code)) return new TurnError('certificate', message);
  if (/^ERR_SSL|EPROTO/.test(code)) return new TurnError('garbled', 'what answers there does not speak TLS');
  return new TurnError('unreachable', message);
}
