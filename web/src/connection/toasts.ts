import { cell } from '../room/store.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'good' | 'bad';
  readonly text: string;
}

const MAX_TOASTS = 4;
const SHOWN_MS = 7_000;

/** Short notices that go by themselves. The same text again replaces itself. Owns its timers. */
export class Toasts {
  readonly state = cell<readonly Toast[]>([]);
  readonly #timers = new Map<number, number>();
  #lastId = 0;

  show(text: string, tone: Toast['tone'] = 'info'): void {
    if (text === '') return;
    const id = ++this.#lastId;
    const others = this.state.get().filter((toast) => toast.text !== text);
    this.#timers.set(
      id,
      window.setTimeout(() => this.dismiss(id), SHOWN_MS),
    );
    this.#keep([...others, { id, tone, text }].slice(-MAX_TOASTS));
  }

  dismiss(id: number): void {
    this.#keep(this.state.get().filter((toast) => toast.id !== id));
  }

  close(): void {
    this.#keep([]);
  }

  #keep(toasts: readonly Toast[]): void {
    const ids = new Set(toasts.map((toast) => toast.id));
    for (const [id, timer] of this.#timers) {
      if (ids.has(id)) continue;
      window.clearTimeout(timer);
      this.#timers.delete(id);
    }
    this.state.dispatch(toasts);
  }
}
