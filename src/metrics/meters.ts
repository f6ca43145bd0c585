import type { DisconnectCode, RefusalCode } from '../core/errors.ts';

/** What the hub counts. Driver: `prometheus.ts`. */
export interface Meters {
  sessionOpened(dialect: string): void;
  sessionClosed(dialect: string): void;
  memberEntered(dialect: string): void;
  memberGone(dialect: string): void;
  messagePosted(dialect: string): void;
  delivered(dialect: string, count: number): void;
  refused(dialect: string, code: RefusalCode): void;
  disconnected(dialect: string, code: DisconnectCode): void;
  outboxBytes(dialect: string, change: number): void;
}

export const NO_METERS: Meters = {
  sessionOpened: () => {},
  sessionClosed: () => {},
  memberEntered: () => {},
  memberGone: () => {},
  messagePosted: () => {},
  delivered: () => {},
  refused: () => {},
  disconnected: () => {},
  outboxBytes: () => {},
};
