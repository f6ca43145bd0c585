/** What the signaler needs of a WebSocket: the browser's own, or `ws`. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: Handler<object>;
  onmessage: Handler<{ readonly data: unknown }>;
  onclose: Handler<{ readonly code: number; readonly reason: string }>;
  onerror: Handler<object>;
}

/** Browsers' events have more than is asked for here: a method's parameter may be narrower, a function's may not. */
type Handler<Event> = { handle(event: Event): void }['handle'] | null;

export interface Message {
  readonly sender: string;
  readonly receiver: string;
  readonly type: string;
  readonly data: unknown;
}

export interface RoomInfo {
  readonly room_id: string;
  readonly clients: readonly { readonly id: string; readonly username: string }[];
}

export interface SignalerOptions {
  /** `ws://HOST/room/NAME/ws`. */
  readonly url: string;
  /** Makes a connection; the global `WebSocket` unless said. Whose it is, its cookie says. */
  readonly connect?: (url: string) => SocketLike;
  /** After a lost connection, in milliseconds; 5,000 unless said. */
  readonly retryMs?: number;
}

export const SERVER = 'ground control';
export const ROOM = 'room';
const RETRY_MS = 5_000;

type Listener = (message: Message) => void;

/**
 * Passes messages between a client and the server (the seed's Signaler). Connects again when the connection is lost,
 * and then speaks on the new one.
 */
export class Signaler {
  readonly #options: SignalerOptions;
  readonly #listeners = new Map<string, Set<Listener>>();
  readonly #stateListeners = new Set<(state: 'open' | 'lost' | 'closed') => void>();
  #socket: SocketLike | undefined;
  #isOpen = false;
  #isClosed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(options: SignalerOptions) {
    this.#options = options;
  }

  /** Resolves when the first connection is open; rejects where there is none. */
  open(): Promise<void> {
    return new Promise((resolve, reject) => {
      const off = this.onState((state) => {
        off();
        if (state === 'open') resolve();
        else {
          this.close();
          reject(new Error(`No connection to ${this.#options.url}.`));
        }
      });
      this.#connect();
    });
  }

  get isOpen(): boolean {
    return this.#isOpen;
  }

  /** Returns what takes the listener off again. `*` hears all. */
  on(type: string, listener: Listener): () => void {
    const listeners = this.#listeners.get(type) ?? new Set();
    this.#listeners.set(type, listeners.add(listener));
    return () => listeners.delete(listener);
  }

  onState(listener: (state: 'open' | 'lost' | 'closed') => void): () => void {
    this.#stateListeners.add(listener);
    return () => this.#stateListeners.delete(listener);
  }

  /** Without effect while there is no connection. */
  send(receiver: string, type: string, data?: unknown): void {
    if (this.#isOpen) this.#socket?.send(JSON.stringify({ receiver, type, data }));
  }

  /** Asks the server, and resolves with its next answer of this type; rejects where the connection is lost before. */
  ask(type: string, answer: string, data?: unknown): Promise<Message> {
    const { promise, resolve, reject } = Promise.withResolvers<Message>();
    const lost = () => reject(new Error(`The connection was lost before the server said ${answer}.`));
    const offs = [
      this.on(answer, (message) => message.sender === SERVER && resolve(message)),
      this.onState((state) => state !== 'open' && lost()),
    ];
    if (this.#isOpen) this.send(SERVER, type, data);
    else lost();
    return promise.finally(() => {
      for (const off of offs) off();
    });
  }

  /** For good. */
  close(code = 1000, reason = 'goodbye'): void {
    if (this.#isClosed) return;
    this.#isClosed = true;
    this.#isOpen = false;
    clearTimeout(this.#timer);
    this.#socket?.close(code, reason);
    this.#tell('closed');
  }

  #connect(): void {
    const { url, connect = (address: string) => new WebSocket(address) } = this.#options;
    const socket: SocketLike = connect(url);
    this.#socket = socket;
    // An error says nothing that the close, which follows it, does not say.
    socket.onerror = () => {};
    socket.onopen = () => {
      if (this.#socket !== socket || this.#isClosed) return;
      this.#isOpen = true;
      this.#tell('open');
    };
    socket.onmessage = ({ data }) => this.#receive(data);
    socket.onclose = () => this.#lost(socket);
  }

  #lost(socket: SocketLike): void {
    if (this.#socket !== socket || this.#isClosed) return;
    this.#isOpen = false;
    this.#timer = setTimeout(() => this.#connect(), this.#options.retryMs ?? RETRY_MS);
    this.#tell('lost');
  }

  #tell(state: 'open' | 'lost' | 'closed'): void {
    for (const listener of [...this.#stateListeners]) listener(state);
  }

  #receive(data: unknown): void {
    const message = parse(data);
    if (!message) return;
    if (message.type === 'ping') this.send(message.sender, 'pong', message.data);
    for (const type of [message.type, '*']) {
      for (const listener of [...(this.#listeners.get(type) ?? [])]) listener(message);
    }
  }
}

function parse(data: unknown): Message | undefined {
  if (typeof data !== 'string') return undefined;
  try {
    const value: unknown = JSON.parse(data);
    if (typeof value !== 'object' || value === null) return undefined;
    const { sender = '', receiver = '', type = '', data: content = null } = value as Partial<Message>;
    return typeof type === 'string' && type !== '' ? { sender, receiver, type, data: content } : undefined;
  } catch {
    return undefined;
  }
}
