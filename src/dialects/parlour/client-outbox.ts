import { type Answer, settle, type Transmit } from './client-asks.ts';
import { ConnectionLostError, QueueFullError, RefusedError } from './client-errors.ts';
import type { Ask } from './client-types.ts';
import type { ServerFrameOf } from './wire.ts';

type PostAsk = Extract<Ask, { type: 'post' }>;
type Ok = ServerFrameOf<'ok'>;

/** At most this many messages wait for their answers. */
export const MAX_OUTBOX = 500;
/** At most this many are under way at once: an outbox that filled up offline must not run into the server's limits. */
const WINDOW = 16;
/** As in the wire's schema. More would close the connection each time it is sent again. */
const MAX_TEXT = 64_000;

interface Entry {
  readonly post: PostAsk;
  readonly settle: PromiseWithResolvers<Ok>;
  /** Set while it is under way on the present connection. */
  ref: string | undefined;
}

/**
 * Messages on their way, oldest first. Each is sent again after a lost connection until it is answered; its `id` lets
 * the server tell. The ones under way are always the oldest, so that they arrive in the order in which they were put.
 */
export class Outbox {
  readonly #newId: () => string;
  #entries: Entry[] = [];
  #lastRef = 0;

  constructor(newId: () => string = randomId) {
    this.#newId = newId;
  }

  /** Call {@link pump} to send it. Rejects with a {@link QueueFullError} where too many wait. */
  put(post: PostAsk): Promise<Ok> {
    const refusal = this.#refusal(post);
    if (refusal) return Promise.reject(refusal);
    const entry: Entry = {
      post: { ...post, id: post.id ?? this.#newId() },
      settle: Promise.withResolvers<Ok>(),
      ref: undefined,
    };
    this.#entries.push(entry);
    return entry.settle.promise;
  }

  pump(transmit: Transmit): void {
    for (const entry of this.#entries.slice(0, WINDOW)) {
      if (entry.ref !== undefined) continue;
      this.#lastRef += 1;
      entry.ref = `p${this.#lastRef}`;
      transmit({ ...entry.post, ref: entry.ref });
    }
  }

  /** Whether it was the answer to one of these; then there may be room to {@link pump} more. */
  answered(answer: Answer): boolean {
    const entry = answer.ref === undefined ? undefined : this.#entries.find((each) => each.ref === answer.ref);
    if (!entry) return false;
    this.#entries = this.#entries.filter((each) => each !== entry);
    settle(entry.settle, answer);
    return true;
  }

  /** All that is unanswered is to be sent again. */
  connectionLost(): void {
    for (const entry of this.#entries) entry.ref = undefined;
  }

  /** Nothing is sent any more. */
  close(): void {
    for (const entry of this.#entries) entry.settle.reject(new ConnectionLostError('The client is closed.'));
    this.#entries = [];
  }

  #refusal(post: PostAsk): Error | undefined {
    if (this.#entries.length >= MAX_OUTBOX) {
      return new QueueFullError(`More than ${MAX_OUTBOX} messages wait for the connection.`);
    }
    if ((post.text?.length ?? 0) > MAX_TEXT) {
      return new RefusedError({ code: 'message-too-long', message: 'The message is too long.' });
    }
    return undefined;
  }
}

/** 128 random bits. Not `randomUUID`, which browsers offer on HTTPS pages only. */
function randomId(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, '0')).join('');
}
