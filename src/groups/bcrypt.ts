import { Worker } from 'node:worker_threads';
import type { Bcrypt } from './password.ts';

interface Answer {
  readonly id: number;
  readonly isRight: boolean;
}

/**
 * bcrypt in a thread of its own, which begins with the first question: in JavaScript it takes a processor for tens or
 * hundreds of milliseconds, and nobody's frames should wait for that.
 */
export class BcryptThread implements Bcrypt {
  readonly #waiting = new Map<number, PromiseWithResolvers<boolean>>();
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;

  /** Rejects where the thread fails; the next question begins another one. */
  async compare(password: string, hash: string): Promise<boolean> {
    if (this.#isClosed) return false;
    const id = ++this.#lastId;
    const answer = Promise.withResolvers<boolean>();
    this.#waiting.set(id, answer);
    this.#worker ??= this.#begin();
    this.#worker.ref();
    this.#worker.postMessage({ id, password, hash });
    return answer.promise;
  }

  /** What was asked is answered with no. */
  close(): void {
    this.#isClosed = true;
    void this.#worker?.terminate();
    for (const { resolve } of this.#end()) resolve(false);
  }

  #begin(): Worker {
    // Without the options of this process, some of which no thread can have.
    const worker = new Worker(new URL('./bcrypt-worker.ts', import.meta.url), { execArgv: [] });
    worker.on('message', ({ id, isRight }: Answer) => {
      this.#waiting.get(id)?.resolve(isRight);
      this.#waiting.delete(id);
      // Idle, it must not keep the process from ending.
      if (this.#waiting.size === 0) worker.unref();
    });
    worker.on('error', (error) => {
      for (const { reject } of this.#end()) reject(error);
    });
    return worker;
  }

  #end(): readonly PromiseWithResolvers<boolean>[] {
    const waiting = [...this.#waiting.values()];
    this.#worker = undefined;
    this.#waiting.clear();
    return waiting;
  }
}
