import type { Generation } from './client-frames.ts';
import type { PeerConnectionFactory } from './client-peer.ts';

/** What the client needs of a WebSocket: `ws`, or a browser's own. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** Drops the connection without a goodbye, where the socket can. */
  terminate?(): void;
  onopen: Handler<object>;
  onmessage: Handler<{ readonly data: unknown }>;
  onclose: Handler<{ readonly code: number; readonly reason: string }>;
  onerror: Handler<object>;
}

/** Sockets' events have more than is asked for here: a method's parameter may be narrower, a function's may not. */
type Handler<Event> = { handle(event: Event): void }['handle'] | null;

/** When things happen; the system's unless said. */
export interface Timing {
  /** Milliseconds, from anywhere. */
  now(): number;
  /** Calls again and again, until what it returned is called. */
  every(ms: number, task: () => void): () => void;
  /** Calls once, unless what it returned is called before. */
  after(ms: number, task: () => void): () => void;
}

export const systemTiming: Timing = {
  now: () => performance.now(),
  every: (ms, task) => {
    const timer = setInterval(task, ms);
    return () => clearInterval(timer);
  },
  after: (ms, task) => {
    const timer = setTimeout(task, ms);
    return () => clearTimeout(timer);
  },
};

export interface GaleneClientOptions {
  /** The address of the wire: `ws://HOST/ws`. */
  readonly url: string;
  /** Whose habits to have; the latest client's unless said. */
  readonly generation?: Generation;
  /** The client's own id; 32 random hexadecimal digits unless said. */
  readonly id?: string;
  /** Makes ids of clients and streams; random unless said. */
  readonly newId?: () => string;
  /** Whether the handshake is sent when the connection opens. Unless said it is. */
  readonly handshake?: 'at-once' | 'by-hand';
  /**
   * `generation`: pings and gives up as that client does (`spec/galene.md` 1.4). `answers`: answers pings only. `none`:
   * not even that, as a dead client.
   */
  readonly liveness?: 'generation' | 'answers' | 'none';
  /** How many frames `frames` keeps, the latest ones; 1,000 unless said. */
  readonly keepFrames?: number;
  /** How long {@link GaleneClient.next} and answers are waited for, in milliseconds; 10,000 unless said. */
  readonly waitMs?: number;
  /** Makes connections for streams; without it there are none, and their frames are for who listens. */
  readonly peerConnection?: PeerConnectionFactory;
  /** Makes a connection; `ws` without compression unless said. */
  readonly connect?: (url: string) => SocketLike;
  readonly timing?: Timing;
}
