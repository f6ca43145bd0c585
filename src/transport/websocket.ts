import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, WebSocket, WebSocketServer } from 'ws';
import type { Admission, Frame, Knock } from '../dialects/dialect.ts';
import type { Found, Mounts } from '../dialects/mounts.ts';
import { addressRanges } from './address-ranges.ts';
import { clientAddress } from './client-address.ts';
import { type Accept, type Connection, type ConnectionListener, NO_LISTENER } from './connection.ts';
import { textFrameBytes } from './websocket-frame.ts';

export interface WebSocketTransportOptions {
  readonly accept: Accept;
  /** Which wires begin at a path; a path without any is refused. */
  readonly mounts: Pick<Mounts, 'at'>;
  /** Asks the door of a mount. A rejection is a fault of ours, and answered with 500. */
  admit(found: Found, knock: Omit<Knock, 'parameters'>): Promise<Admission>;
  readonly maxFrameBytes: number;
  readonly connections: number;
  /** 0 is no limit. */
  readonly connectionsPerAddress: number;
  /** Whether a proxy says whose connection it is: the last address in X-Forwarded-For. */
  readonly trustProxy: boolean;
  /** Hosts, beside the one asked for, whose pages may connect. */
  hosts(): readonly string[];
}

/** A peer that did not answer one ping when the next is due is gone. */
const PING_EVERY_SECONDS = 15;
/** What somebody may send before they entered a room, in bytes; looked at once a second. */
const UNTRUSTED_BYTES = 4 * 1024 * 1024;
const CLOSE_TIMEOUT_MS = 5000;
/** Who waits for an answer before the handshake. */
const MAX_KNOCKING = 256;
/** Bytes that wait for the end of the turn, at most, to be handed to the network together. */
const TURN_BYTES = 64 * 1024;

/** WebSocket by `ws`, without compression. Owns its connections; owned by the composition root. */
export class WebSocketTransport {
  readonly #options: WebSocketTransportOptions;
  readonly #server: WebSocketServer;
  /** Connections by the second in which they are pinged. */
  readonly #rounds: readonly Set<WebSocketConnection>[];
  readonly #perAddress = new Map<string, number>();
  readonly #untrusted = new Set<WebSocketConnection>();
  readonly #heartbeat: NodeJS.Timeout;
  #unflushed: WebSocketConnection[] = [];
  #count = 0;
  #second = 0;
  #knocking = 0;
  #closed = false;
  #whenEmpty: (() => void) | undefined;

  constructor(options: WebSocketTransportOptions) {
    this.#options = options;
    this.#server = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: options.maxFrameBytes,
    });
    this.#rounds = Array.from({ length: PING_EVERY_SECONDS }, () => new Set<WebSocketConnection>());
    this.#heartbeat = setInterval(() => this.#beat(), 1000);
    this.#heartbeat.unref();
  }

  /** For the HTTP server's `upgrade`. */
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const refusal = this.#refusal(request);
    if (refusal) {
      refuse(socket, { status: refusal, body: '' });
      return;
    }
    const door = this.#options.mounts.at(pathOf(request)).find(({ mount }) => mount.admit);
    if (door) void this.#knock(door, { request, socket, head });
    else this.#server.handleUpgrade(request, socket, head, (ws) => this.#begin(ws, request, socket));
  }

  /** Not many may wait at doors: what is behind them takes a moment. */
  async #knock(door: Found, { request, socket, head }: Upgrade): Promise<void> {
    if (this.#knocking >= MAX_KNOCKING) {
      refuse(socket, { status: '503 Service Unavailable', body: '' });
      return;
    }
    this.#knocking++;
    const gone = () => socket.destroy();
    socket.on('error', gone);
    const admission = await this.#admissionOf(door, request);
    this.#knocking--;
    socket.off('error', gone);
    if (socket.destroyed || this.#closed) {
      socket.destroy();
      return;
    }
    // Others may have come meanwhile.
    const refusal = 'refused' in admission ? admission.refused : this.#refusalOf(request);
    if (refusal) refuse(socket, refusal);
    else if ('pass' in admission) {
      const { pass } = admission;
      this.#server.handleUpgrade(request, socket, head, (ws) => this.#begin(ws, request, socket, pass));
    }
  }

  async #admissionOf(door: Found, request: IncomingMessage): Promise<Admission> {
    try {
      return await this.#options.admit(door, {
        path: pathOf(request),
        headers: Object.fromEntries(
          Object.entries(request.headers).map(([name, value]) => [
            name,
            Array.isArray(value) ? value.join(', ') : value,
          ]),
        ),
        address: this.#addressOf(request),
      });
    } catch {
      return { refused: { status: '500 Internal Server Error', body: '' } };
    }
  }

  #refusalOf(request: IncomingMessage): { readonly status: string; readonly body: string } | undefined {
    const status = this.#refusal(request);
    return status === undefined ? undefined : { status, body: '' };
  }

  #refusal(request: IncomingMessage): string | undefined {
    const { connections, connectionsPerAddress, mounts } = this.#options;
    if (mounts.at(pathOf(request)).length === 0) return '404 Not Found';
    if (!this.#isOwnPage(request)) return '403 Forbidden';
    if (this.#count >= connections) return '503 Service Unavailable';
    const open = this.#perAddress.get(addressRanges.household(this.#addressOf(request))) ?? 0;
    if (connectionsPerAddress > 0 && open >= connectionsPerAddress) return '429 Too Many Requests';
    return undefined;
  }

  #addressOf(request: IncomingMessage): string {
    return clientAddress(request, this.#options);
  }

  /** Programs send no Origin; pages must come from the host that they connect to (`spec/barertc.md` 1.1). */
  #isOwnPage({ headers }: IncomingMessage): boolean {
    if (headers.origin === undefined) return true;
    const host = URL.parse(headers.origin)?.host;
    return host !== undefined && (host === headers.host?.toLowerCase() || this.#options.hosts().includes(host));
  }

  #begin(ws: WebSocket, request: IncomingMessage, socket: Duplex, pass?: object): void {
    const address = this.#addressOf(request);
    const household = addressRanges.household(address);
    this.#perAddress.set(household, (this.#perAddress.get(household) ?? 0) + 1);
    const round = this.#rounds[this.#count++ % PING_EVERY_SECONDS] as Set<WebSocketConnection>;
    const connection = new WebSocketConnection({
      ws,
      socket,
      address,
      trusted: (trusted) => this.#untrusted.delete(trusted),
      unflushed: (unflushed) => this.#flushSoon(unflushed),
      closed: (closed) => this.#forget(closed, round),
    });
    round.add(connection);
    this.#untrusted.add(connection);
    this.#options.accept(connection, pathOf(request), pass);
  }

  /**
   * What a turn of the event loop has to say to somebody goes to the kernel at once: where many join together, each of
   * them is told of all others, and a system call for each word would be most of the work.
   */
  #flushSoon(connection: WebSocketConnection): void {
    if (this.#unflushed.push(connection) === 1) setImmediate(() => this.#flush());
  }

  #flush(): void {
    const connections = this.#unflushed;
    this.#unflushed = [];
    for (const connection of connections) connection.flush();
  }

  #forget(connection: WebSocketConnection, round: Set<WebSocketConnection>): void {
    round.delete(connection);
    this.#untrusted.delete(connection);
    this.#count--;
    const household = addressRanges.household(connection.address);
    const left = (this.#perAddress.get(household) ?? 1) - 1;
    if (left > 0) this.#perAddress.set(household, left);
    else this.#perAddress.delete(household);
    if (this.#count === 0) this.#whenEmpty?.();
  }

  #beat(): void {
    this.#second = (this.#second + 1) % PING_EVERY_SECONDS;
    for (const connection of this.#rounds[this.#second] ?? []) connection.beat();
    for (const connection of this.#untrusted) if (connection.bytesRead > UNTRUSTED_BYTES) connection.terminate();
  }

  /** Waits until all connections are closed, which their sessions have begun; drops those that do not go. */
  async close(): Promise<void> {
    this.#closed = true;
    clearInterval(this.#heartbeat);
    if (this.#count > 0) {
      let timer: NodeJS.Timeout | undefined;
      await new Promise<void>((resolve) => {
        this.#whenEmpty = resolve;
        timer = setTimeout(resolve, CLOSE_TIMEOUT_MS);
      });
      clearTimeout(timer);
    }
    for (const round of this.#rounds) for (const connection of round) connection.terminate();
    this.#server.close();
  }
}

interface Upgrade {
  readonly request: IncomingMessage;
  readonly socket: Duplex;
  readonly head: Buffer;
}

function refuse(socket: Duplex, { status, body }: { readonly status: string; readonly body: string }): void {
  socket.on('error', () => socket.destroy());
  // A peer that never ends its side would keep the socket.
  socket.once('finish', () => socket.destroy());
  const head = [
    `HTTP/1.1 ${status}`,
    'Connection: close',
    'Content-Type: text/plain; charset=utf-8',
    `Content-Length: ${Buffer.byteLength(body)}`,
  ];
  socket.end(`${head.join('\r\n')}\r\n\r\n${body}`);
}

interface WebSocketConnectionOptions {
  readonly ws: WebSocket;
  readonly socket: Duplex;
  readonly address: string;
  trusted(connection: WebSocketConnection): void;
  /** It has something for the end of the turn. */
  unflushed(connection: WebSocketConnection): void;
  closed(connection: WebSocketConnection): void;
}

/**
 * Frames to send are written to the socket as they are, header and all, made once for all who get them: with
 * compression off, `ws` adds nothing but work. Control frames stay with `ws`.
 */
class WebSocketConnection implements Connection {
  readonly address: string;
  listener: ConnectionListener = NO_LISTENER;
  readonly #options: WebSocketConnectionOptions;
  #answered = true;
  #silent = false;
  #congested = false;
  /** Frames of this turn. */
  #turn: Buffer[] = [];
  #turnBytes = 0;

  constructor(options: WebSocketConnectionOptions) {
    this.#options = options;
    this.address = options.address;
    const { ws, socket } = options;
    ws.on('message', (data, isBinary) => this.#received(data, isBinary));
    ws.on('pong', () => {
      this.#answered = true;
    });
    ws.on('close', (code) => this.#closed(code));
    // A broken frame or a reset: `close` follows.
    ws.on('error', () => {});
    socket.on('drain', () => this.#drained());
  }

  get bufferedBytes(): number {
    return this.#options.socket.writableLength + this.#turnBytes;
  }

  get bytesRead(): number {
    const { socket } = this.#options;
    return 'bytesRead' in socket && typeof socket.bytesRead === 'number' ? socket.bytesRead : 0;
  }

  send(frame: Frame): boolean {
    const { ws, socket } = this.#options;
    if (ws.readyState !== WebSocket.OPEN || !socket.writable) return true;
    const bytes = textFrameBytes(frame);
    this.#turnBytes += bytes.byteLength;
    if (this.#turn.push(bytes) === 1) this.#options.unflushed(this);
    if (this.#turnBytes >= TURN_BYTES) this.flush();
    return !this.#congested;
  }

  /** Hands what was said in this turn to the network. */
  flush(): void {
    const frames = this.#turn;
    const { ws, socket } = this.#options;
    if (frames.length === 0) return;
    this.#turn = [];
    this.#turnBytes = 0;
    if (ws.readyState !== WebSocket.OPEN || !socket.writable) return;
    const [only] = frames;
    this.#congested = !socket.write(frames.length === 1 && only ? only : Buffer.concat(frames));
  }

  sizeOf(frame: Frame): number {
    return textFrameBytes(frame).byteLength;
  }

  pause(): void {
    this.#options.ws.pause();
  }

  resume(): void {
    this.#answered = true;
    this.#options.ws.resume();
  }

  trust(): void {
    this.#options.trusted(this);
  }

  close(code: number, reason: string): void {
    const { ws } = this.#options;
    this.resume();
    this.flush();
    ws.close(code, reason);
    // `ws` waits half a minute for the peer's own close frame.
    setTimeout(() => ws.terminate(), CLOSE_TIMEOUT_MS).unref();
  }

  terminate(): void {
    this.#options.ws.terminate();
  }

  beat(): void {
    // While we do not read, an answer cannot arrive.
    if (this.#options.ws.isPaused) return;
    if (!this.#answered) {
      this.#silent = true;
      this.terminate();
      return;
    }
    this.#answered = false;
    this.#options.ws.ping();
  }

  #received(data: RawData, isBinary: boolean): void {
    this.#answered = true;
    const bytes = Array.isArray(data) ? Buffer.concat(data) : data instanceof ArrayBuffer ? Buffer.from(data) : data;
    this.listener.received(isBinary ? { kind: 'binary', bytes } : { kind: 'text', text: bytes.toString('utf8') });
  }

  #drained(): void {
    if (!this.#congested) return;
    this.#congested = false;
    this.listener.drained();
  }

  #closed(code: number): void {
    this.#options.closed(this);
    this.listener.closed({ code, silent: this.#silent });
    this.listener = NO_LISTENER;
  }
}

function pathOf(request: IncomingMessage): string {
  return (request.url ?? '/').split('?', 1)[0] ?? '/';
}
