import { Worker } from 'node:worker_threads';
import type { Bcrypt } from './password.ts';

/** Without something that is kept, a new hash is wanted. */
export interface Question {
  readonly id: number;
  readonly password: string;
  readonly kept?: string;
}

export type Answer = { readonly id: number } & ({ readonly isRight: boolean } | { readonly hash: string });

/**
 * bcrypt in a thread of its own, which begins with the first question: in JavaScript it takes a processor for tens or
 * hundreds of milliseconds, and nobody's frames should wait for that.
 */
export class BcryptThread implements Bcrypt {
  readonly #waiting = new Map<number, PromiseWithResolvers<Answer>>();
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;

  /** Rejects where the thread fails; the next question begins another one. */
  async compare(password: string, hash: string): Promise<boolean> {
    if (this.#isClosed) return false;
    const answer = await this.#ask({ password, kept: hash });
    return 'isRight' in answer && answer.isRight;
  }

  /** Of a password of 72 bytes at most: of a longer one, the rest would not count. Rejects as above, and when closed. */
  async hash(password: string): Promise<string> {
    const answer = this.#isClosed ? undefined : await this.#ask({ password });
    if (!answer || !('hash' in answer)) throw new Error('The password could not be hashed.');
    // The same under its older name, which older programs know.
    return answer.hash.replace(/^\$2b\$/, '$2a$');
  }

  /** What was asked is answered with no. */
  close(): void {
    this.#isClosed = true;
    void this.#worker?.terminate();
    for (const [id, { resolve }] of this.#end()) resolve({ id, isRight: false });
  }

  #ask(question: Omit<Question, 'id'>): Promise<Answer> {
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<Answer>();
    this.#waiting.set(id, answer);
    this.#worker ??= this.#begin();
    this.#worker.ref();
    this.#worker.postMessage({ id, ...question } satisfies Question);
    return answer.promise;
  }

  #begin(): Worker {
    // Without the options of this process, some of which no thread can have.
    const worker = new Worker(new URL('./bcrypt-worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', (answer: Answer) => {
      this.#waiting.get(answer.id)?.resolve(answer);
      this.#waiting.delete(answer.id);
      // Idle, it must not keep the process from ending.
      if (this.#waiting.size === 0) worker.unref();
    });
    worker.on('error', (error) => {
      for (const [, { reject }] of this.#end()) reject(error);
    });
    return worker;
  }

  #end(): readonly (readonly [number, PromiseWithResolvers<Answer>])[] {
    const waiting = [...this.#waiting];
    this.#worker = undefined;
    this.#waiting.clear();
    return waiting;
  }
}
