import type { Ask } from '../../../../src/dialects/parlour/client.ts';

/** What meetings need of the rest of the page. */
export interface MeetingPorts {
  /** Resolves when the server did it; rejects where it refuses, or where the answer was lost with its connection. */
  ask(ask: Ask): Promise<unknown>;
  notify(notice: MeetingNotice): void;
  createPeer(): RTCPeerConnection;
  /** Another id for each stream. */
  newId(): string;
  /** How many are in the room, ourselves and a recorder included. */
  people(): number;
  /** Whether this member says that their camera is off. */
  isDark(memberId: string): boolean;
  /** Calls later, unless cancelled by what it returns. */
  after(milliseconds: number, run: () => void): () => void;
  /** Milliseconds of a clock that goes on. */
  now(): number;
  /** Whether somebody looks at the page. */
  isSeen(): boolean;
  /** One of our devices, as chosen in the settings. Rejects with a `CaptureError`. */
  captureTrack(kind: 'audio' | 'video'): Promise<MediaStreamTrack>;
  /** The screen, or a window. Resolves to nothing where the person thinks better of it. */
  captureScreen(): Promise<MediaStream | undefined>;
  /** A stream of these tracks. */
  streamOf(tracks: readonly MediaStreamTrack[]): MediaStream;
}

export type MeetingNotice =
  /** The server ended what we publish; `message` is its sentence. */
  | { readonly kind: 'ended'; readonly message: string }
  | { readonly kind: 'refused'; readonly error: unknown }
  | { readonly kind: 'camera-lost' | 'microphone-lost' }
  | { readonly kind: 'device-failed'; readonly error: unknown }
  /** Somebody's stream cannot be shown. */
  | { readonly kind: 'undeliverable'; readonly message: string }
  | { readonly kind: 'muted-by'; readonly name: string };

export const CAMERA_LABEL = 'camera';
export const SCREEN_LABEL = 'screenshare';
