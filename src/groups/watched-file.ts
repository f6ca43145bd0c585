import { readFile, stat } from 'node:fs/promises';
import { MAX_FILE_LENGTH, type Reading } from './fields.ts';
import { orNothing, reasonOf, stampOf } from './files.ts';
import type { GroupsLog } from './log.ts';

export interface WatchedFileOptions<T> {
  readonly file: string;
  readonly log: GroupsLog;
  readonly parse: (text: string, warn: (warning: string) => void) => Reading<T>;
}

/** An optional file that is read again where it was changed. What was valid last stays until it is gone. */
export class WatchedFile<T> {
  readonly #options: WatchedFileOptions<T>;
  #stamp: string | undefined;
  #value: T | undefined;
  #problem: string | undefined;

  constructor(options: WatchedFileOptions<T>) {
    this.#options = options;
  }

  get value(): T | undefined {
    return this.#value;
  }

  /** Whether what is in the file now could not be read. */
  get isInvalid(): boolean {
    return this.#problem !== undefined;
  }

  /** Never rejects. */
  async look(): Promise<void> {
    const { file } = this.#options;
    try {
      const found = await stat(file, { bigint: true }).catch(orNothing);
      const stamp = found ? stampOf(found) : 'absent';
      if (stamp === this.#stamp) return;
      if (!found) this.#become({ kind: 'read', value: undefined });
      else if (found.size > MAX_FILE_LENGTH * 4) this.#become({ kind: 'invalid', problem: 'the file: is too large' });
      else this.#become(this.#parse(await readFile(file, 'utf8')));
      // Not where it could not be read at all: that may change without the file.
      this.#stamp = stamp;
    } catch (error) {
      this.#become({ kind: 'invalid', problem: reasonOf(error) });
    }
  }

  #parse(text: string): Reading<T> {
    const { file, log, parse } = this.#options;
    return parse(text, (warning) => log.warn({ file, warning }, 'something in a file is ignored'));
  }

  #become(reading: Reading<T | undefined>): void {
    const problem = reading.kind === 'invalid' ? reading.problem : undefined;
    if (reading.kind === 'read') this.#value = reading.value;
    else if (problem !== this.#problem)
      this.#options.log.error({ file: this.#options.file, problem }, 'a file cannot be read');
    this.#problem = problem;
  }
}
