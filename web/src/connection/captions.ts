import { cell } from '../room/store.ts';

export interface Caption {
  readonly id: number;
  readonly name: string;
  readonly text: string;
}

const SHOWN_MS = 3_000;
const MAX_CAPTIONS = 3;

/** What was said, in writing: each line for a moment (`spec/galene.md` 5.2). Owns its timers. */
export class Captions {
  readonly state = cell<readonly Caption[]>([]);
  readonly #timers = new Set<number>();
  #lastId = 0;

  show({ name, text }: Omit<Caption, 'id'>): void {
    if (text.trim() === '') return;
    const id = ++this.#lastId;
    this.state.dispatch([...this.state.get(), { id, name, text }].slice(-MAX_CAPTIONS));
    const timer = window.setTimeout(() => {
      this.#timers.delete(timer);
      this.state.dispatch(this.state.get().filter((caption) => caption.id !== id));
    }, SHOWN_MS);
    this.#timers.add(timer);
  }

  close(): void {
    for (const timer of this.#timers) window.clearTimeout(timer);
    this.#timers.clear();
    this.state.dispatch([]);
  }
}
