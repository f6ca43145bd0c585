import type { ThreadKey } from '../room/thread.ts';
import type { Memory } from './memory.ts';

const MAX_LENGTH = 16_000;

/** What was typed and not sent, for each thread; over reloads of the tab, too. */
export class Drafts {
  readonly #memory: Memory;
  readonly #key: string;
  #texts: Record<ThreadKey, string>;

  constructor(memory: Memory, room: string) {
    this.#memory = memory;
    this.#key = `parlour.drafts.${room}`;
    this.#texts = memory.read<Record<ThreadKey, string>>(this.#key) ?? {};
  }

  get(thread: ThreadKey): string {
    return this.#texts[thread] ?? '';
  }

  set(thread: ThreadKey, text: string): void {
    const { [thread]: _, ...others } = this.#texts;
    this.#texts = text === '' ? others : { ...others, [thread]: text.slice(0, MAX_LENGTH) };
    this.#memory.write(this.#key, this.#texts);
  }
}
