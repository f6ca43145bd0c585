import { decodeMessage, type StunMessage } from '../../stun/stun-message.ts';
import type { Link } from './link.ts';
import { TurnError } from './turn-error.ts';

export interface Answer {
  readonly message: StunMessage;
  /** As it came, for who checks its signature. */
  readonly bytes: Buffer;
}

interface Pending {
  resolve(answer: Answer): void;
  reject(error: TurnError): void;
  timer: NodeJS.Timeout | undefined;
}

/** Said again after 0.25, 0.75, 1.75 s …, until the time is up: UDP loses some (RFC 8489 6.2.1). */
const FIRST_WAIT_MS = 250;

/** Requests that wait for their answers, each under the id of its transaction. */
export class Requests {
  readonly #timeoutMs: number;
  readonly #pending = new Map<string, Pending>();
  #end: TurnError | undefined;

  constructor({ timeoutMs }: { readonly timeoutMs: number }) {
    this.#timeoutMs = timeoutMs;
  }

  /** Rejects with a `TurnError` where nothing comes. */
  ask(link: Link, { transaction, bytes }: { readonly transaction: Buffer; readonly bytes: Buffer }): Promise<Answer> {
    if (this.#end) return Promise.reject(this.#end);
    const id = transaction.toString('hex');
    return new Promise<Answer>((resolve, reject) => {
      const pending: Pending = { resolve, reject, timer: undefined };
      this.#pending.set(id, pending);
      const until = performance.now() + this.#timeoutMs;
      const say = (waitMs: number): void => {
        link.send(bytes);
        const leftMs = until - performance.now();
        const nextMs = link.isLossy ? Math.min(waitMs, leftMs) : leftMs;
        pending.timer = setTimeout(() => (performance.now() + 1 < until ? say(waitMs * 2) : this.#silent(id)), nextMs);
      };
      say(FIRST_WAIT_MS);
    });
  }

  /** The message, where it answers nothing that was asked. */
  hear(bytes: Buffer): StunMessage | undefined {
    const message = decodeMessage(bytes);
    if (!message) return undefined;
    if (message.kind !== 'success' && message.kind !== 'error') return message;
    this.#take(message.transaction.toString('hex'))?.resolve({ message, bytes });
    return undefined;
  }

  close(error: TurnError): void {
    this.#end ??= error;
    for (const id of [...this.#pending.keys()]) this.#take(id)?.reject(error);
  }

  #silent(id: string): void {
    this.#take(id)?.reject(new TurnError('silent', 'nothing answers there'));
  }

  #take(id: string): Pending | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    clearTimeout(pending?.timer);
    return pending;
  }
}
