import { ConnectionLostError, QueueFullError, RefusedError } from './client-errors.ts';
import type { Ask } from './client-types.ts';
import type { ClientFrame, ServerFrameOf } from './wire.ts';

export type Transmit = (frame: ClientFrame) => void;
export type Answer = ServerFrameOf<'ok'> | ServerFrameOf<'refused'>;
type Ok = ServerFrameOf<'ok'>;

/** At most this many wait for a connection. */
export const MAX_WAITING = 256;

interface Entry {
  readonly ask: Exclude<Ask, { type: 'post' }>;
  readonly settle: PromiseWithResolvers<Ok>;
}

/** What was asked and not answered yet. Sent at most once: an answer that is lost with its connection stays lost. */
export class Asks {
  #transmit: Transmit | undefined;
  #waiting: Entry[] = [];
  readonly #sent = new Map<string, Entry>();
  #lastRef = 0;

  /** Waits where there is no connection. Rejects with a {@link QueueFullError} where too many do. */
  put(ask: Entry['ask']): Promise<Ok> {
    const entry: Entry = { ask, settle: Promise.withResolvers<Ok>() };
    if (this.#transmit) this.#send(entry, this.#transmit);
    else if (this.#waiting.length < MAX_WAITING) this.#waiting.push(entry);
    else entry.settle.reject(new QueueFullError(`More than ${MAX_WAITING} requests wait for the connection.`));
    return entry.settle.promise;
  }

  connected(transmit: Transmit): void {
    this.#transmit = transmit;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const entry of waiting) this.#send(entry, transmit);
  }

  /** Whether it was the answer to one of these. */
  answered(answer: Answer): boolean {
    const entry = answer.ref === undefined ? undefined : this.#sent.get(answer.ref);
    if (!entry || answer.ref === undefined) return false;
    this.#sent.delete(answer.ref);
    settle(entry.settle, answer);
    return true;
  }

  /** What was sent is not answered any more; what waits goes on waiting. */
  connectionLost(): void {
    this.#transmit = undefined;
    for (const entry of this.#sent.values()) entry.settle.reject(new ConnectionLostError());
    this.#sent.clear();
  }

  /** Nothing is answered any more. */
  close(): void {
    this.connectionLost();
    for (const entry of this.#waiting) entry.settle.reject(new ConnectionLostError('The client is closed.'));
    this.#waiting = [];
  }

  #send(entry: Entry, transmit: Transmit): void {
    this.#lastRef += 1;
    const ref = `a${this.#lastRef}`;
    this.#sent.set(ref, entry);
    transmit({ ...entry.ask, ref });
  }
}

export function settle(promise: Pick<PromiseWithResolvers<Ok>, 'resolve' | 'reject'>, answer: Answer): void {
  if (answer.type === 'ok') promise.resolve(answer);
  else promise.reject(new RefusedError(answer));
}
