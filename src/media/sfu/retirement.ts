import type { Pipe } from './pipe.ts';

/** Milliseconds. */
const AFTER = 300;

/**
 * Where a pipe goes that another took the place of: not before the answer has reached them is it closed; but as long
 * as it is there, their browser tries it first.
 */
export class Retirement {
  #pipe: Pipe | undefined;
  #timer: NodeJS.Timeout | undefined;

  begin(pipe: Pipe): void {
    this.end();
    this.#pipe = pipe;
    this.#timer = setTimeout(() => this.end(), AFTER);
  }

  end(): void {
    clearTimeout(this.#timer);
    this.#pipe?.close();
    this.#pipe = undefined;
  }
}
