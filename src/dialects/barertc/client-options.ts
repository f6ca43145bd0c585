import type { Generation, Remembered } from './client-frames.ts';

/** What the client needs of a WebSocket: `ws`, or a browser's own. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  /** Drops the connection without a goodbye, where the socket can. */
  terminate?(): void;
  onopen: ((event: never) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: never) => void) | null;
}

export interface BareRtcClientOptions {
  /** The address of the wire: `ws://HOST/ws`. */
  readonly url: string;
  readonly username: string;
  readonly jwt?: string;
  /** Whose habits to have; the latest client's unless said. */
  readonly generation?: Generation;
  readonly dnd?: boolean;
  /** "online" unless said. */
  readonly status?: string;
  readonly blocklist?: readonly string[];
  readonly remembered?: Remembered;
  /** How many frames `frames` keeps, the latest ones; 1,000 unless said. */
  readonly keepFrames?: number;
  /** Makes a connection; `ws` without compression unless said. */
  readonly connect?: (url: string) => SocketLike;
}
