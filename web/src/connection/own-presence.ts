import { cell } from '../room/store.ts';
import type { Server } from './server.ts';

export interface Presence {
  readonly status: string;
  readonly dnd: boolean;
}

export const STATUSES = [
  'online',
  'away',
  'brb',
  'lunch',
  'busy',
  'call',
  'book',
  'gaming',
  'movie',
  'workout',
  'travel',
] as const;

const IDLE_MS = 5 * 60_000;
const SIGNS_OF_LIFE = ['pointerdown', 'pointermove', 'keydown', 'wheel', 'touchstart'] as const;

/** What we say of ourselves. Who does nothing for a while while online is idle until they move. Owns its listeners. */
export class OwnPresence {
  readonly state = cell<Presence>({ status: 'online', dnd: false });
  readonly #server: Server;
  #timer: number | undefined;
  #lastSign = 0;

  constructor(server: Server) {
    this.#server = server;
    for (const sign of SIGNS_OF_LIFE) window.addEventListener(sign, this.#alive, { passive: true });
    this.#wait();
  }

  setStatus(status: string): void {
    this.#set({ ...this.state.get(), status });
  }

  setDoNotDisturb(choice: { readonly on: boolean }): void {
    this.#set({ ...this.state.get(), dnd: choice.on });
  }

  /** What the server has of us; said again where it forgot, taken over where this page is new. */
  resync(known: Presence, page: { readonly fresh: boolean }): void {
    const own = this.state.get();
    if (own.status === known.status && own.dnd === known.dnd) return;
    if (page.fresh) this.state.dispatch({ status: known.status === 'idle' ? 'online' : known.status, dnd: known.dnd });
    if (!page.fresh || known.status === 'idle')
      void this.#server.tellQuietly({ type: 'presence', ...this.state.get() });
  }

  close(): void {
    for (const sign of SIGNS_OF_LIFE) window.removeEventListener(sign, this.#alive);
    window.clearTimeout(this.#timer);
  }

  #set(presence: Presence): void {
    this.state.dispatch(presence);
    void this.#server.tell({ type: 'presence', ...presence });
  }

  /** Many times a second while the mouse moves: once a second is enough. */
  readonly #alive = (): void => {
    if (this.state.get().status === 'idle') this.setStatus('online');
    const now = Date.now();
    if (now - this.#lastSign < 1000) return;
    this.#lastSign = now;
    this.#wait();
  };

  #wait(): void {
    window.clearTimeout(this.#timer);
    this.#timer = window.setTimeout(() => {
      if (this.state.get().status === 'online') this.setStatus('idle');
    }, IDLE_MS);
  }
}
