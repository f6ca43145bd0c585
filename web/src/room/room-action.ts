import type { RoomFrame, WireMessage, WireTarget } from '../../../src/dialects/parlour/wire.ts';
import type { PendingMessage, ThreadKey } from './thread.ts';

export interface KnownThread {
  readonly name: string;
  readonly lastMessageId: number;
  readonly lastAt: number;
}

/** What changes a room here: frames of the server, its answers, and what the reader does. `at` is milliseconds since 1970. */
export type RoomAction =
  | { readonly type: 'frame'; readonly frame: RoomFrame; readonly at: number }
  | { readonly type: 'open-thread'; readonly target: WireTarget }
  /** The server made an account of our name; it does not say so by a frame of its own. */
  | { readonly type: 'account-made' }
  | { readonly type: 'attend'; readonly on: boolean }
  | {
      readonly type: 'older-page';
      readonly target: WireTarget;
      readonly messages: readonly WireMessage[];
      readonly more: boolean;
    }
  | {
      readonly type: 'newest-page';
      readonly target: WireTarget;
      readonly messages: readonly WireMessage[];
      readonly more: boolean;
    }
  | { readonly type: 'threads'; readonly threads: readonly KnownThread[] }
  | { readonly type: 'pend'; readonly target: WireTarget; readonly message: PendingMessage }
  | { readonly type: 'posted'; readonly key: ThreadKey; readonly clientId: string; readonly messageId: number }
  | { readonly type: 'not-posted'; readonly key: ThreadKey; readonly clientId: string; readonly error: string }
  | { readonly type: 'discard'; readonly key: ThreadKey; readonly clientId: string }
  | { readonly type: 'trim'; readonly key: ThreadKey; readonly keep: number }
  | { readonly type: 'tick'; readonly at: number };
