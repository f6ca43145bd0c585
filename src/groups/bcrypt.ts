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
  readonly #waiting = new Map<number, (isRight: boolean) => void>();
  #worker: Worker | undefined;
  #lastId = 0;
  #isClosed = false;

  async compare(password: string, hash: string): Promise<boolean> {
    if (this.#isClosed) return false;
    const id = ++this.#lastId;
    return new Promise((resolve) => {
      this.#waiting.set(id, resolve);
      this.#worker ??= this.#begin();
      this.#worker.postMessage({ id, password, hash });
    });
  }

  close(): void {
    this.#isClosed = true;
    void this.#worker?.terminate();
    this.#giveUp();
  }

  #begin(): Worker {
    const worker = new Worker(new URL('./bcrypt-worker.ts', import.meta.url));
    worker.unref();
    worker.on('message', ({ id, isRight }: Answer) => {
      this.#waiting.get(id)?.(isRight);
      this.#waiting.delete(id);
    });
    worker.on('error', () => this.#giveUp());
    return worker;
  }

  /** What nobody answers any more is wrong; the next question begins another thread. */
  #giveUp(): void {
    this.#worker = undefined;
    for (const resolve of this.#waiting.values()) resolve(false);
    this.#waiting.clear();
  }
}
