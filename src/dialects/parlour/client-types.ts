import type { ClientFrame, ClientFrameType, RoomFrame, ServerFrameOf, WireTarget } from './wire.ts';

/** What the client needs of a WebSocket: the browser's own, or `ws` in Node. */
export interface SocketLike {
  send(data: string): void;
  close(code?: number, reason?: string): void;
  onopen: ((event: unknown) => void) | null;
  onmessage: ((event: { data: unknown }) => void) | null;
  onclose: ((event: { code: number; reason: string }) => void) | null;
  onerror: ((event: unknown) => void) | null;
}

export interface ResumePoint {
  readonly session: string;
  readonly epoch: string;
  readonly seq: number;
}

export interface ParlourClientOptions {
  /** The address of the wire: `ws://host/ws` or `wss://host/ws`. */
  readonly url: string;
  readonly room: string;
  readonly name: string;
  /** From an earlier welcome: the same person again. */
  readonly token?: string;
  readonly invitation?: string;
  /** A token by which the website signs its users in; the server says the next one from time to time. */
  readonly jwt?: string;
  /** Of the account that has the name. Not kept: the token says from then on who it is. */
  readonly password?: string;
  /** Of the room, where it asks for one. */
  readonly roomPassword?: string;
  /** A word that admits to the room. Said whenever the room is entered. */
  readonly roomToken?: string;
  readonly status?: string;
  /** Takes up the session of a page that was reloaded. */
  readonly resume?: ResumePoint;
  /** Makes a connection; the global `WebSocket` unless said. */
  readonly connect?: (url: string) => SocketLike;
  /** Milliseconds before attempt number `attempt` (from 1); with jitter, at most 15 s, unless said. */
  readonly backoffMs?: (attempt: number) => number;
}

export type ConnectionState =
  /** `attempt` counts the retries since a connection last held; 0 is the first try of all. */
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'open' }
  /** Lost; tries again at `retryAt` (milliseconds since 1970). */
  | { readonly kind: 'waiting'; readonly attempt: number; readonly retryAt: number }
  /** For good: the server's goodbye, a refused hello, or `close()`. */
  | { readonly kind: 'closed'; readonly reason: ClosedReason };

export type ClosedReason =
  | { readonly kind: 'bye'; readonly bye: ServerFrameOf<'bye'> }
  | { readonly kind: 'refused'; readonly refusal: ServerFrameOf<'refused'> }
  | { readonly kind: 'own' };

export type ClientEvent =
  | { readonly type: 'state'; readonly state: ConnectionState }
  | { readonly type: 'welcome'; readonly welcome: ServerFrameOf<'welcome'> }
  /** Each of the room's frames exactly once and in order, over all lost connections that were recovered. */
  | { readonly type: 'frame'; readonly frame: RoomFrame };

/** A frame without its `ref`, which the client makes. */
export type Ask = {
  [T in ClientFrameType]: Omit<Extract<ClientFrame, { type: T }>, 'ref'>;
}[Exclude<ClientFrameType, 'hello' | 'ping' | 'leave'>];

/** A message to post: `text`, or `attachment` with `fileName`. `id` is made unless said. */
export type NewPost = Omit<Extract<Ask, { type: 'post' }>, 'type'>;

export interface Posted {
  readonly messageId: number;
  /** Milliseconds since 1970. */
  readonly at: number;
}

export type { WireTarget };
