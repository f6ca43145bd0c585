import type { Frame, InboundFrame } from '../dialects/dialect.ts';

/** One peer's two-way stream of frames. Drivers: `websocket.ts`; `memory.ts` for tests. Owned by its session. */
export interface Connection {
  /** The peer's network address, for limits; never logged in full. */
  readonly address: string;
  /** Who is told what arrives. A session that is resumed takes a connection over from another. */
  listener: ConnectionListener;
  /** Bytes accepted by {@link send} that the peer's network has not taken yet. */
  readonly bufferedBytes: number;
  /**
   * Hands a frame to the network. Returns whether more may follow at once; if not, the listener's `drained` tells
   * when. Without effect once closing.
   */
  send(frame: Frame): boolean;
  /** The frame's size on this connection, in bytes. */
  sizeOf(frame: Frame): number;
  /** Stops and restarts the reading of frames, to slow a peer that sends faster than it can be served. */
  pause(): void;
  resume(): void;
  /** From now on, inbound frames may be large. */
  trust(): void;
  /** Sends what is buffered, then the close code. The listener's `closed` follows in any case. */
  close(code: number, reason: string): void;
  /** Drops the connection at once. */
  terminate(): void;
}

/** Who listens to a connection; told in order, never after `closed`. */
export interface ConnectionListener {
  received(frame: InboundFrame): void;
  drained(): void;
  /** The close code: the peer's, 1006 without one. `silent` when the peer stopped answering. */
  closed(end: { readonly code: number; readonly silent: boolean }): void;
}

/**
 * Takes a new connection in, and sets its listener. `path` is the address asked for, without its query; `pass` what its
 * door said, where it has one.
 */
export type Accept = (connection: Connection, path: string, pass?: object) => void;

export const NO_LISTENER: ConnectionListener = { received: () => {}, drained: () => {}, closed: () => {} };
