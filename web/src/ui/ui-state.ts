import type { WireTarget } from '../../../src/dialects/parlour/wire.ts';
import type { RoomSession } from '../connection/room-session.ts';
import type { Reported } from '../room/reported.ts';
import { cell } from '../room/store.ts';
import type { View } from './meeting/stage-plan.ts';

/** On narrow screens one pane is shown; on middling ones `people` lies over the others. */
export type Pane = 'channels' | 'talk' | 'people';

export type OpenDialog =
  | { readonly kind: 'camera' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'rooms' }
  | { readonly kind: 'check' }
  | { readonly kind: 'watchers' }
  | { readonly kind: 'meeting' }
  | { readonly kind: 'meeting-options' }
  | { readonly kind: 'lock' }
  | { readonly kind: 'clear' }
  | { readonly kind: 'links' }
  | { readonly kind: 'commands' }
  | { readonly kind: 'record' }
  | { readonly kind: 'word'; readonly purpose: 'kick' | 'warn'; readonly name: string }
  | { readonly kind: 'ban'; readonly name: string }
  | { readonly kind: 'report'; readonly about: Reported };

/** How the meeting is looked at. */
export interface Stage {
  readonly view: View;
  /** The chat is hidden behind it. */
  readonly wide: boolean;
  /** The tile that is kept large. */
  readonly pinned: string | undefined;
  /** Each tile says of what its stream is made. */
  readonly figures: boolean;
  /** The field in which captions are written. */
  readonly captioning: boolean;
}

export interface UiState {
  readonly pane: Pane;
  readonly dialog: OpenDialog | undefined;
  readonly stage: Stage;
  /** Whose menu is open, and beside what. */
  readonly person: { readonly name: string; readonly anchor: Element } | undefined;
}

/** What is open on the screen. */
export class Ui {
  readonly state = cell<UiState>({
    pane: 'talk',
    dialog: undefined,
    stage: { view: 'grid', wide: false, pinned: undefined, figures: false, captioning: false },
    person: undefined,
  });

  show(pane: Pane): void {
    this.#set({ pane });
  }

  openDialog(dialog: OpenDialog): void {
    this.#set({ dialog });
  }

  closeDialog(): void {
    this.#set({ dialog: undefined });
  }

  setStage(change: Partial<Stage>): void {
    this.#set({ stage: { ...this.state.get().stage, ...change } });
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
