/** Something that the people behind the website shall look at. */
export interface Report {
  /** Who reports; the server's own name where it does. */
  readonly from: string;
  readonly about: string;
  /** A channel's id, or `@NAME`. */
  readonly channel: string;
  /** Milliseconds since 1970. */
  readonly at: number;
  readonly reason: string;
  /** The message it is about. */
  readonly text: string;
  readonly comment: string;
}

/** Who reports what the server found by itself. */
export const SERVER_NAME = 'ChatServer';
