import type { Memory } from './memory.ts';

/**
 * Passwords of rooms, or tokens that admit to them, kept for the tab: a page that is loaded again enters again. Those of
 * accounts are never kept.
 */
export class RoomPasswords {
  readonly #memory: Memory;
  readonly #kind: 'password' | 'token';

  constructor(memory: Memory, kind: 'password' | 'token' = 'password') {
    this.#memory = memory;
    this.#kind = kind;
  }

  /** Empty where none is known. */
  get(room: string): string {
    const kept = this.#memory.read<unknown>(this.#keyOf(room));
    return typeof kept === 'string' ? kept : '';
  }

  keep(room: string, password: string): void {
    if (password === '') this.#memory.remove(this.#keyOf(room));
    else this.#memory.write(this.#keyOf(room), password);
  }

  forget(room: string): void {
    this.#memory.remove(this.#keyOf(room));
  }

  #keyOf(room: string): string {
    return `parlour.room-${this.#kind}.${room}`;
  }
}
