import { parseServerFrame } from './client-frames.ts';
import type { SocketLike } from './client-types.ts';
import type { ClientFrame, ServerFrame } from './wire.ts';

/** A connection that has no welcome by then is given up, in milliseconds. */
export const WELCOME_WITHIN_MS = 20_000;

/** Silence of this many keep-alive intervals is a lost connection. */
const LOST_AFTER = 2.5;
/** And only where something of ours has been unanswered for this many: a sleeping page's timers come late. */
const UNANSWERED_FOR = 0.5;
const MIN_KEEP_ALIVE_MS = 10;

export interface ConnectionEvents {
  readonly opened: () => void;
  readonly frame: (frame: ServerFrame) => void;
  /** Once, and nothing after it. Not after `close()`. */
  readonly lost: () => void;
}

/** One WebSocket from its opening to its end, with its keep-alive. Owned by the client, who closes it. */
export class ClientConnection {
  readonly #events: ConnectionEvents;
  #socket: SocketLike | undefined;
  #opened = false;
  #closed = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #keepAliveMs = 0;
  #sentAt = 0;
  #receivedAt = 0;
  /** When the first frame was sent after the last one received. */
  #unansweredSince: number | undefined;

  constructor(events: ConnectionEvents) {
    this.#events = events;
  }

  open(connect: () => SocketLike): void {
    this.#timer = setTimeout(() => this.#fail(), WELCOME_WITHIN_MS);
    try {
      const socket = connect();
      this.#socket = socket;
      socket.onopen = () => {
        this.#opened = true;
        this.#events.opened();
      };
      socket.onmessage = (event) => this.#received(event.data);
      socket.onclose = () => this.#fail();
      socket.onerror = () => this.#fail();
    } catch {
      queueMicrotask(() => this.#fail());
    }
  }

  /** Frames of a connection that is not open go nowhere: who sends them learns of the loss. */
  send(frame: ClientFrame): void {
    if (!this.#opened || this.#closed) return;
    this.#sentAt = Date.now();
    this.#unansweredSince ??= this.#sentAt;
    try {
      this.#socket?.send(JSON.stringify(frame));
    } catch {
      // Later, so that nobody who sends finds the connection gone in the middle of it.
      queueMicrotask(() => this.#fail());
    }
  }

  /** From the welcome on: pings where nothing was sent for `ms`, and gives up a silent connection. */
  keepAlive(ms: number): void {
    this.#keepAliveMs = Math.max(ms, MIN_KEEP_ALIVE_MS);
    this.#arm();
  }

  close(): void {
    if (this.#closed) return;
    this.#closed = true;
    clearTimeout(this.#timer);
    const socket = this.#socket;
    if (!socket) return;
    socket.onopen = null;
    socket.onmessage = null;
    socket.onclose = null;
    // Kept: `ws` reports a connection that is closed before it opened as an error, which somebody must hear.
    socket.onerror = () => {};
    socket.close();
  }

  #received(data: unknown): void {
    this.#receivedAt = Date.now();
    this.#unansweredSince = undefined;
    const frame = parseServerFrame(data);
    if (frame) this.#events.frame(frame);
  }

  #arm(): void {
    if (this.#closed) return;
    clearTimeout(this.#timer);
    const next = Math.min(this.#pingAt(), this.#lostAt());
    this.#timer = setTimeout(() => this.#tick(), Math.max(0, next - Date.now()));
  }

  #tick(): void {
    if (Date.now() >= this.#lostAt()) {
      this.#fail();
      return;
    }
    if (Date.now() >= this.#pingAt()) this.send({ type: 'ping' });
    this.#arm();
  }

  #pingAt(): number {
    return this.#sentAt + this.#keepAliveMs;
  }

  #lostAt(): number {
    if (this.#unansweredSince === undefined) return Number.POSITIVE_INFINITY;
    return Math.max(
      this.#receivedAt + LOST_AFTER * this.#keepAliveMs,
      this.#unansweredSince + UNANSWERED_FOR * this.#keepAliveMs,
    );
  }

  #fail(): void {
    if (this.#closed) return;
    this.close();
    this.#events.lost();
  }
}
