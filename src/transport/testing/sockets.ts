import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, expect, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { Dialect, InboundFrame } from '../../dialects/dialect.ts';
import type { Found } from '../../dialects/mounts.ts';
import type { Connection } from '../connection.ts';
import { WebSocketTransport, type WebSocketTransportOptions } from '../websocket.ts';

/** For tests only: the transport on a real server, and peers of it. All of it is closed after each test. */

/** One connection as the server has it, and what its listener was told. */
export class Accepted {
  readonly connection: Connection;
  readonly path: string;
  readonly received: InboundFrame[] = [];
  readonly closed: { readonly code: number; readonly silent: boolean }[] = [];
  /** What the door said, where there is one. */
  readonly pass: object | undefined;
  drains = 0;

  constructor(connection: Connection, path: string, pass?: object) {
    this.connection = connection;
    this.path = path;
    this.pass = pass;
    connection.listener = {
      received: (frame) => this.received.push(frame),
      drained: () => this.drains++,
      closed: (end) => this.closed.push(end),
    };
  }
}

export const MOUNTED: Found = {
  dialect: {} as Dialect,
  mount: { path: '/ws', recognises: () => true },
  parameters: {},
};

export interface Stage {
  readonly transport: WebSocketTransport;
  readonly accepted: Accepted[];
  readonly port: number;
  readonly server: Server;
}

const ends: (() => Promise<void>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
  vi.useRealTimers();
});

export async function stage(options: Partial<WebSocketTransportOptions> = {}): Promise<Stage> {
  const accepted: Accepted[] = [];
  const transport = new WebSocketTransport({
    accept: (connection, path, pass) => accepted.push(new Accepted(connection, path, pass)),
    mounts: { at: (path) => (path === '/ws' ? [MOUNTED] : []) },
    admit: async () => ({ pass: {} }),
    maxFrameBytes: 1_000,
    connections: 10,
    connectionsPerAddress: 0,
    trustProxy: false,
    hosts: () => ['chat.example'],
    ...options,
  });
  const server = createServer();
  server.on('upgrade', (request, socket, head) => transport.upgrade(request, socket, head));
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  ends.push(async () => {
    for (const { connection } of accepted) connection.terminate();
    await transport.close();
    server.closeAllConnections();
    await new Promise((closed) => server.close(closed));
  });
  return { transport, accepted, port, server };
}

export const until = (look: () => boolean | undefined) =>
  vi.waitFor(() => expect(look()).toBe(true), { timeout: 10_000, interval: 5 });

/** Opens a WebSocket; resolves with the status of a refusal where it is one. */
export function open(
  { port }: Stage,
  options: {
    readonly path?: string;
    readonly origin?: string;
    readonly autoPong?: boolean;
    readonly headers?: Readonly<Record<string, string>>;
  } = {},
): Promise<{ readonly ws: WebSocket; readonly status: number; readonly body: string }> {
  const { path = '/ws', origin, autoPong = true, headers = {} } = options;
  const ws = new WebSocket(`ws://127.0.0.1:${port}${path}`, {
    autoPong,
    headers,
    ...(origin === undefined ? {} : { origin }),
  });
  ws.on('error', () => {});
  ends.unshift(async () => ws.terminate());
  return new Promise((done) => {
    ws.on('open', () => done({ ws, status: 101, body: '' }));
    ws.on('unexpected-response', (_request, response) => {
      let body = '';
      response.setEncoding('utf8').on('data', (chunk) => {
        body += chunk;
      });
      response.on('end', () => done({ ws, status: response.statusCode ?? 0, body }));
    });
  });
}

export async function openOne(at: Stage, options: Parameters<typeof open>[1] = {}) {
  const before = at.accepted.length;
  const { ws, status } = await open(at, options);
  const accepted = at.accepted[before];
  if (!accepted) throw new Error(`refused with ${status}`);
  return { ws, accepted };
}

/** A peer that asks for an upgrade, and then neither answers nor ends. */
export function rawSocket({ port }: Stage, path: string): { readonly socket: Socket; received: string } {
  const socket = connect({ port, host: '127.0.0.1', allowHalfOpen: true });
  const raw = { socket, received: '' };
  socket.on('data', (chunk) => {
    raw.received += chunk.toString('latin1');
  });
  socket.on('error', () => {});
  socket.write(
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n\r\n`,
  );
  ends.unshift(async () => void socket.destroy());
  return raw;
}
