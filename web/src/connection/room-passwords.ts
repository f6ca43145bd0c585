import type { Memory } from './memory.ts';

/** Passwords of rooms, kept for the tab: a page that is loaded again enters again. Those of accounts are never kept. */
export class RoomPasswords {
  readonly #memory: Memory;

  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** Empty where none is known. */
  get(room: string): string {
    const kept = this.#memory.read<unknown>(keyOf(room));
    return typeof kept === 'string' ? kept : '';
  }

  keep(room: string, password: string): void {
    if (password === '') this.#memory.remove(keyOf(room));
    else this.#memory.write(keyOf(room), password);
  }

  forget(room: string): void {
    this.#memory.remove(keyOf(room));
  }
}

function keyOf(room: string): string {
  return `parlour.room-password.${room}`;
}
