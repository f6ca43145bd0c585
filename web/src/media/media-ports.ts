import type { CameraFlags } from '../../../src/core/camera.ts';
import type { RelationKind } from '../../../src/core/relation.ts';
import type { Ask } from '../../../src/dialects/parlour/client.ts';

/** What cameras need of the rest of the page. */
export interface MediaPorts {
  /** Rejects where the server refuses, after the person was told. */
  ask(ask: Ask): Promise<unknown>;
  notify(notice: MediaNotice): void;
  createPeer(): RTCPeerConnection;
  /** The camera of somebody, as the roster shows it now; `undefined` where they are not in it. */
  cameraOf(name: string): CameraFlags | undefined;
  /** What the reader decided about somebody. */
  holds(kind: RelationKind, name: string): boolean;
  /** Calls later, unless cancelled by what it returns. */
  after(milliseconds: number, run: () => void): () => void;
}

export type MediaNotice =
  | { readonly kind: 'no-answer' | 'unreachable' | 'camera-off' | 'explicit-unwanted'; readonly name: string }
  | { readonly kind: 'cut' | 'device-lost' };
