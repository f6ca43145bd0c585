import { createSocket } from 'node:dgram';
import { request as httpRequest } from 'node:http';
import { request as httpsRequest } from 'node:https';
import { createServer } from 'node:net';
import type { PortState } from '../checks/port.ts';
import type { UdpPort } from '../checks/udp-ports.ts';

const WAIT_MS = 3_000;
const MOST_BYTES = 1_000;

export interface ListeningPlace {
  readonly port: number;
  /** All addresses where it is left out. */
  readonly host?: string;
  /** Where it can be asked from here, without a slash at the end. */
  readonly url: string;
}

/** Listens there for a moment; where somebody else does, asks whether that is Parlour. */
export async function lookAtPort({ port, host, url }: ListeningPlace): Promise<PortState> {
  const code = await listeningFails(port, host ?? '::');
  const again = code === 'EAFNOSUPPORT' || code === 'EADDRNOTAVAIL' ? host === undefined : false;
  const final = again ? await listeningFails(port, '0.0.0.0') : code;
  if (final === undefined) return { kind: 'free' };
  if (final === 'EACCES') return { kind: 'forbidden' };
  if (final === 'EADDRINUSE') return (await isParlour(url)) ? { kind: 'parlour' } : { kind: 'other' };
  return { kind: 'no-address', reason: final };
}

function listeningFails(port: number, host: string): Promise<string | undefined> {
  const server = createServer();
  return new Promise((resolve) => {
    server.once('error', ({ code, message }: NodeJS.ErrnoException) => resolve(code ?? message));
    server.listen({ port, host }, () => server.close(() => resolve(undefined)));
  });
}

/** By the answer that everybody gets. The certificate is for a name, and this is the machine itself. */
function isParlour(url: string): Promise<boolean> {
  const request = url.startsWith('https:') ? httpsRequest : httpRequest;
  return new Promise((resolve) => {
    const asked = request(`${url}/healthz`, { rejectUnauthorized: false, timeout: WAIT_MS }, (response) => {
      let text = '';
      response.setEncoding('utf8');
      response.on('data', (chunk: string) => {
        text += chunk;
        if (text.length > MOST_BYTES) response.destroy();
      });
      response.on('close', () => resolve(text === '{"status":"ok"}'));
    });
    asked.on('timeout', () => asked.destroy());
    asked.on('error', () => resolve(false));
    asked.end();
  });
}

export function lookAtUdpPort(port: number): Promise<UdpPort> {
  const socket = createSocket('udp4');
  return new Promise((resolve) => {
    socket.once('error', ({ code }: NodeJS.ErrnoException) => {
      socket.close();
      resolve({ port, state: code === 'EADDRINUSE' ? 'taken' : 'forbidden' });
    });
    socket.bind(port, () => socket.close(() => resolve({ port, state: 'free' })));
  });
}
