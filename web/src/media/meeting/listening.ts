import { cell } from '../../room/store.ts';
import { type Hearing, hear, SILENCE, sameVoices, type Voices } from './voices.ts';

const LOOK_MS = 200;

interface ListeningOptions {
  /** How loud each is now, by the key of the tile; nothing while there is nobody to hear. */
  readonly levels: () => Promise<ReadonlyMap<string, number>>;
  readonly after: (milliseconds: number, run: () => void) => () => void;
  readonly now: () => number;
}

/** Looks some times a second who speaks. Owns its timer. */
export class Listening {
  readonly state = cell<Voices>(SILENCE);
  readonly #options: ListeningOptions;
  #hearing: Hearing = SILENCE;
  #cancel: (() => void) | undefined;
  #on = false;

  constructor(options: ListeningOptions) {
    this.#options = options;
  }

  /** While there is anybody to hear. */
  set({ on }: { readonly on: boolean }): void {
    if (on === this.#on) return;
    this.#on = on;
    if (on) this.#wait();
    else this.close();
  }

  close(): void {
    this.#on = false;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#hear(SILENCE);
  }

  #wait(): void {
    this.#cancel = this.#options.after(LOOK_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    const levels = await this.#options.levels().catch(() => new Map<string, number>());
    if (!this.#on) return;
    this.#hear(hear(this.#hearing, levels, this.#options.now()));
    this.#wait();
  }

  #hear(hearing: Hearing): void {
    this.#hearing = hearing;
    if (!sameVoices(this.state.get(), hearing)) this.state.dispatch(hearing);
  }
}
