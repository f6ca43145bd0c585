import type { WireTarget } from '../../../src/dialects/parlour/wire.ts';
import type { RoomSession } from '../connection/room-session.ts';
import type { Reported } from '../room/reported.ts';
import { cell } from '../room/store.ts';

/** On narrow screens one pane is shown; on middling ones `people` lies over the others. */
export type Pane = 'channels' | 'talk' | 'people';

export type OpenDialog =
  | { readonly kind: 'camera' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'rooms' }
  | { readonly kind: 'watchers' }
  | { readonly kind: 'ban'; readonly name: string }
  | { readonly kind: 'report'; readonly about: Reported };

export interface UiState {
  readonly pane: Pane;
  readonly dialog: OpenDialog | undefined;
  /** Whose menu is open, and beside what. */
  readonly person: { readonly name: string; readonly anchor: Element } | undefined;
}

/** What is open on the screen. */
export class Ui {
  readonly state = cell<UiState>({ pane: 'talk', dialog: undefined, person: undefined });

  show(pane: Pane): void {
    this.#set({ pane });
  }

  openDialog(dialog: OpenDialog): void {
    this.#set({ dialog });
  }

  closeDialog(): void {
    this.#set({ dialog: undefined });
  }

  openPerson(name: string, anchor: Element): void {
    this.#set({ person: { name, anchor } });
  }

  closePerson(): void {
    this.#set({ person: undefined });
  }

  openThread(session: RoomSession, target: WireTarget): void {
    session.talk.open(target);
    this.show('talk');
  }

  #set(change: Partial<UiState>): void {
    this.state.dispatch({ ...this.state.get(), ...change });
  }
}
