import { WebSocket } from 'ws';
import {
  type ClientEvent,
  ParlourClient,
  type ParlourClientOptions,
  type SocketLike,
} from '../../src/dialects/parlour/client.ts';
import type { RoomFrame, ServerFrameOf } from '../../src/dialects/parlour/wire.ts';

/** A client on the native wire over a real socket, which remembers what it was told. */
export interface NativeGuest {
  readonly client: ParlourClient;
  readonly frames: RoomFrame[];
  readonly welcomes: ServerFrameOf<'welcome'>[];
  /** Texts of messages that arrived by `message` frames, in order. */
  texts(): string[];
  /** Resolves once this holds; looked at after each event. Rejects after `withinMs`. */
  until(condition: () => boolean, withinMs?: number): Promise<void>;
  /** Cuts the connection as a network does: without a goodbye. */
  cut(): void;
  close(): void;
}

export type NativeOptions = Partial<ParlourClientOptions> & { readonly name: string };

const QUICK_BACKOFF_MS = 25;

/** Connects, and resolves when the room was entered. */
export async function enterNative(wsUrl: string, options: NativeOptions): Promise<NativeGuest> {
  const guest = startNative(wsUrl, options);
  await guest.until(() => guest.frames.some((frame) => frame.type === 'room') || guest.client.state.kind === 'closed');
  return guest;
}

export function startNative(wsUrl: string, options: NativeOptions): NativeGuest {
  const frames: RoomFrame[] = [];
  const welcomes: ServerFrameOf<'welcome'>[] = [];
  const waiting = new Set<() => void>();
  let socket: WebSocket | undefined;
  const client = new ParlourClient({
    url: wsUrl,
    room: 'lobby',
    backoffMs: () => QUICK_BACKOFF_MS,
    connect: (url) => {
      socket = new WebSocket(url, { perMessageDeflate: false });
      return socket as unknown as SocketLike;
    },
    ...options,
  });
  client.on((event: ClientEvent) => {
    if (event.type === 'frame') frames.push(event.frame);
    if (event.type === 'welcome') welcomes.push(event.welcome);
    for (const look of [...waiting]) look();
  });
  client.start();
  return {
    client,
    frames,
    welcomes,
    texts: () => frames.flatMap((frame) => (frame.type === 'message' ? (frame.message.text ?? []) : [])),
    until: (condition, withinMs = 20_000) => waitUntil(waiting, condition, withinMs),
    cut: () => socket?.terminate(),
    close: () => client.close(),
  };
}

function waitUntil(waiting: Set<() => void>, condition: () => boolean, withinMs: number): Promise<void> {
  if (condition()) return Promise.resolve();
  return new Promise((resolve, reject) => {
    const timer = setTimeout(() => {
      waiting.delete(look);
      reject(new Error(`not within ${withinMs} ms: ${condition}`));
    }, withinMs);
    const look = (): void => {
      if (!condition()) return;
      waiting.delete(look);
      clearTimeout(timer);
      resolve();
    };
    waiting.add(look);
  });
}
