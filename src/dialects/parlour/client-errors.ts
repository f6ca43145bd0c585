import type { ServerFrameOf } from './wire.ts';

/** The server said no. `code` is one of `docs/errors.md`; `message` is a sentence for people. */
export class RefusedError extends Error {
  readonly code: string;
  /** Who or what it is about. */
  readonly subject: string | undefined;

  constructor(refusal: Pick<ServerFrameOf<'refused'>, 'code' | 'message' | 'subject'>) {
    super(refusal.message);
    this.name = 'RefusedError';
    this.code = refusal.code;
    this.subject = refusal.subject;
  }
}

/** The connection was lost, or the client closed, before the answer: the server may have done it or not. */
export class ConnectionLostError extends Error {
  constructor(message = 'The connection was lost before the server answered.') {
    super(message);
    this.name = 'ConnectionLostError';
  }
}

/** Too much waits for the connection to come back; this was not sent and will not be. */
export class QueueFullError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'QueueFullError';
  }
}
