import { type Answer, settle, type Transmit } from './client-asks.ts';
import { ConnectionLostError, QueueFullError, RefusedError } from './client-errors.ts';
import type { Ask } from './client-types.ts';
import type { ServerFrameOf } from './wire.ts';

type PostAsk = Extract<Ask, { type: 'post' }>;
type Ok = ServerFrameOf<'ok'>;

/** At most this many messages wait for their answers. */
export const MAX_OUTBOX = 500;
/** Who posts too fast tries again after so many milliseconds. */
export const TOO_FAST_PAUSE_MS = 1_000;
/** As in the wire's schema. More would close the connection each time it is sent again. */
const MAX_TEXT = 64_000;

interface Entry {
  readonly post: PostAsk;
  readonly settle: PromiseWithResolvers<Ok>;
}

/**
 * Messages on their way, oldest first. Each is sent again, after a lost connection or where it was too fast, until it is
 * answered; its `id` lets the server tell. One at a time is under way, so that none overtakes another: the server
 * stores a session's messages one after the other, too.
 */
export class Outbox {
  readonly #newId: () => string;
  #transmit: Transmit | undefined;
  #entries: Entry[] = [];
  /** Of the oldest, while it is under way on the present connection. */
  #ref: string | undefined;
  #lastRef = 0;
  #pause: ReturnType<typeof setTimeout> | undefined;

  constructor(newId: () => string = randomId) {
    this.#newId = newId;
  }

  /** Rejects with a {@link QueueFullError} where too many wait. */
  put(post: PostAsk): Promise<Ok> {
    const refusal = this.#refusal(post);
    if (refusal) return Promise.reject(refusal);
    const entry: Entry = {
      post: { ...post, id: post.id ?? this.#newId() },
      settle: Promise.withResolvers<Ok>(),
    };
    this.#entries.push(entry);
    this.#pump();
    return entry.settle.promise;
  }

  connected(transmit: Transmit): void {
    this.#transmit = transmit;
    this.#pump();
  }

  /** Whether it was the answer to one of these. */
  answered(answer: Answer): boolean {
    const [oldest, ...rest] = this.#entries;
    if (!oldest || this.#ref === undefined || answer.ref !== this.#ref) return false;
    this.#ref = undefined;
    if (answer.type === 'refused' && answer.code === 'too-fast') {
      // No answer to the message: it may have been stored before its first answer got lost.
      this.#pause = setTimeout(() => this.#resume(), TOO_FAST_PAUSE_MS);
      return true;
    }
    this.#entries = rest;
    settle(oldest.settle, answer);
    this.#pump();
    return true;
  }

  /** What is unanswered is to be sent again. */
  connectionLost(): void {
    this.#transmit = undefined;
    this.#ref = undefined;
    clearTimeout(this.#pause);
    this.#pause = undefined;
  }

  /** Nothing is sent any more. */
  close(): void {
    this.connectionLost();
    for (const entry of this.#entries) entry.settle.reject(new ConnectionLostError('The client is closed.'));
    this.#entries = [];
  }

  #resume(): void {
    this.#pause = undefined;
    this.#pump();
  }

  #pump(): void {
    const [oldest] = this.#entries;
    if (!oldest || !this.#transmit || this.#ref !== undefined || this.#pause !== undefined) return;
    this.#lastRef += 1;
    this.#ref = `p${this.#lastRef}`;
    this.#transmit({ ...oldest.post, ref: this.#ref });
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
