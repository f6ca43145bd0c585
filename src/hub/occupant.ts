import type { Disconnect } from '../core/errors.ts';
import type { Dialect, Frame, Viewer } from '../dialects/dialect.ts';

/** A session as the room that it is in sees it: somebody to send to. */
export interface Occupant extends Viewer<unknown> {
  readonly dialect: Dialect;
  /** Sends a frame, or keeps it until the network takes it. */
  send(frame: Frame): void;
  /** Sends the roster that `make` makes now, or, while the network is busy, the one of later. */
  sendRoster(make: () => Frame | undefined): void;
  /** Says goodbye and closes the connection. */
  disconnect(disconnect: Disconnect): void;
  /** Nothing could be said to it, by a fault of ours: it ends, and no other. */
  failed(error: unknown): void;
  /** No more of this session. */
  end(): void;
}
