import { WebSocket } from 'ws';
import type { PacketType, ServerPacket } from './wire.ts';

/** What the client needs of a WebSocket: `ws`, or a browser's own. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  terminate?(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface RwciClientOptions {
  /** The address of the wire: `ws://HOST/`, with any path. */
  readonly url: string;
  readonly username: string;
  readonly password: string;
  /** Makes a connection; `ws` without compression unless said. */
  readonly connect?: (url: string) => SocketLike;
}

export interface Closed {
  readonly code: number;
  readonly reason: string;
}

type PacketOf<T extends PacketType> = Extract<ServerPacket, { type: T }>;
type Listener<T extends PacketType> = (packet: PacketOf<T>) => void;

/** The login was refused; the server closes the connection. */
export class LoginFailed extends Error {
  override readonly name = 'LoginFailed';
}

/**
 * The other end of RWCI's wire, for bots, tests and benchmarks. Works with any server of this wire, of the document's
 * day or of today. It does not connect again by itself.
 */
export class RwciClient {
  readonly username: string;
  /** Who is there, as the server told. */
  readonly users = new Set<string>();
  readonly channels = new Set<string>();
  defaultChannel: string | undefined;
  /** Whether the account was made at this login, where the server says so. */
  isNewAccount: boolean | undefined;
  readonly #socket: SocketLike;
  readonly #password: string;
  readonly #listeners = new Map<PacketType | '*', Set<(packet: ServerPacket) => void>>();
  readonly #closeListeners = new Set<(closed: Closed) => void>();
  #closed: Closed | undefined;

  /** Resolves when the connection is open. Nothing is sent before {@link login}. */
  static connect(options: RwciClientOptions): Promise<RwciClient> {
    const { promise, resolve, reject } = Promise.withResolvers<RwciClient>();
    const client = new RwciClient((options.connect ?? connectWs)(options.url), options);
    client.#socket.onopen = () => resolve(client);
    client.onClose(({ code }) => reject(new Error(`No connection to ${options.url} (${code}).`)));
    return promise;
  }

  /** Connects and logs in. Rejects with {@link LoginFailed}. */
  static async enter(options: RwciClientOptions): Promise<RwciClient> {
    const client = await RwciClient.connect(options);
    await client.login();
    return client;
  }

  private constructor(socket: SocketLike, { username, password }: RwciClientOptions) {
    this.#socket = socket;
    this.username = username;
    this.#password = password;
    // An error says nothing that the close, which follows it, does not say.
    socket.onerror = () => {};
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = ({ code, reason }) => this.#end({ code, reason });
  }

  get closed(): Closed | undefined {
    return this.#closed;
  }

  /** Resolves at one's own `join`, when lists and channels are there; or at the success, with servers that send none. */
  login(): Promise<void> {
    const { promise, resolve, reject } = Promise.withResolvers<void>();
    const off = [
      this.on('auth', ({ success }) => {
        if (!success) reject(new LoginFailed('The server refused the login.'));
      }),
      this.on('join', ({ username }) => {
        if (username === this.username) resolve();
      }),
      this.on('default_channel', () => queueMicrotask(() => this.users.has(this.username) && resolve())),
      this.onClose(({ code }) => reject(new LoginFailed(`The connection was closed (${code}).`))),
    ];
    this.send({ type: 'auth', username: this.username, password: this.#password });
    return promise.finally(() => {
      for (const stop of off) stop();
    });
  }

  /** Returns what takes the listener off again. */
  on<T extends PacketType>(type: T, listener: Listener<T>): () => void {
    return this.#listen(type, listener as (packet: ServerPacket) => void);
  }

  onAny(listener: (packet: ServerPacket) => void): () => void {
    return this.#listen('*', listener);
  }

  onClose(listener: (closed: Closed) => void): () => void {
    this.#closeListeners.add(listener);
    return () => this.#closeListeners.delete(listener);
  }

  /** In the default channel, unless another is named. */
  say(message: string, channel: string | null = this.defaultChannel ?? null): void {
    this.send({ type: 'message', message, channel });
  }

  direct(recipient: string, message: string): void {
    this.send({ type: 'direct_message', message, recipient });
  }

  typing(): void {
    this.send({ type: 'typing' });
  }

  send(packet: object): void {
    this.sendText(JSON.stringify(packet));
  }

  /** Sends anything, as it is. */
  sendText(text: string): void {
    if (!this.#closed) this.#socket.send(text);
  }

  close(code = 1000): Promise<Closed> {
    const closed = this.waitForClose();
    this.#socket.close(code);
    return closed;
  }

  /** Ends the connection without a goodbye, as a lost network does. */
  drop(): Promise<Closed> {
    const closed = this.waitForClose();
    if (this.#socket.terminate) this.#socket.terminate();
    else this.#socket.close();
    return closed;
  }

  waitForClose(): Promise<Closed> {
    if (this.#closed) return Promise.resolve(this.#closed);
    return new Promise((resolve) => this.onClose(resolve));
  }

  #listen(type: PacketType | '*', listener: (packet: ServerPacket) => void): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  #receive(data: unknown): void {
    const packet = parseServerPacket(data);
    if (!packet) return;
    this.#follow(packet);
    for (const type of [packet.type, '*'] as const) {
      for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(packet);
    }
  }

  #follow(packet: ServerPacket): void {
    switch (packet.type) {
      case 'auth':
        this.isNewAccount = packet.new_account ?? /^Registered/.test(packet.status ?? '');
        break;
      case 'user_list':
        replace(this.users, packet.users);
        break;
      case 'channel_list':
        replace(this.channels, packet.channels);
        break;
      case 'default_channel':
        this.defaultChannel = packet.channel;
        break;
      case 'channel_create':
        this.channels.add(packet.channel);
        break;
      case 'channel_delete':
        this.channels.delete(packet.channel);
        break;
      case 'join':
        this.users.add(packet.username);
        break;
      case 'quit':
        this.users.delete(packet.username);
        break;
      case 'message':
      case 'direct_message':
      case 'broadcast':
      case 'typing':
        break;
      default:
        packet satisfies never;
    }
  }

  #end(closed: Closed): void {
    if (this.#closed) return;
    this.#closed = closed;
    for (const listener of [...this.#closeListeners]) listener(closed);
  }
}

const TYPES: ReadonlySet<string> = new Set<PacketType>([
  'auth',
  'user_list',
  'channel_list',
  'default_channel',
  'channel_create',
  'channel_delete',
  'join',
  'quit',
  'typing',
  'message',
  'direct_message',
  'broadcast',
]);

/** Nothing for what is no packet, or of an unknown type. */
function parseServerPacket(data: unknown): ServerPacket | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== 'object' || value === null) return undefined;
    const { type } = value as { readonly type?: unknown };
    return typeof type === 'string' && TYPES.has(type) ? (value as ServerPacket) : undefined;
  } catch {
    return undefined;
  }
}

function replace(set: Set<string>, items: readonly string[]): void {
  set.clear();
  for (const item of items) set.add(item);
}

/** The cast: `ws` hands its listeners more than they are declared to take. */
function connectWs(url: string): SocketLike {
  return new WebSocket(url, { perMessageDeflate: false }) as unknown as SocketLike;
}
