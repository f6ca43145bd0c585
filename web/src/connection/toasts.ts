import { cell } from '../room/store.ts';

export interface Toast {
  readonly id: number;
  readonly tone: 'info' | 'good' | 'bad';
  readonly text: string;
}

const MAX_TOASTS = 4;
const SHOWN_MS = 7_000;

/** Short notices that go by themselves. The same text again replaces itself. */
export class Toasts {
  readonly state = cell<readonly Toast[]>([]);
  #lastId = 0;

  show(text: string, tone: Toast['tone'] = 'info'): void {
    if (text === '') return;
    const id = ++this.#lastId;
    const others = this.state.get().filter((toast) => toast.text !== text);
    this.state.dispatch([...others, { id, tone, text }].slice(-MAX_TOASTS));
    window.setTimeout(() => this.dismiss(id), SHOWN_MS);
  }

  dismiss(id: number): void {
    this.state.dispatch(this.state.get().filter((toast) => toast.id !== id));
  }
}
