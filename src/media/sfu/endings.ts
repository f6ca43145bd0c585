import type { RoomCommand, RoomEvent } from './messages.ts';

type Ending = Extract<RoomCommand, { type: 'unpublish' | 'stop' }>;

/**
 * What was ended by orders that the process has not confirmed yet: until then, what it says of it is of before. An id
 * may be in use again by that time, and the news would be taken for those of its successor.
 */
export class Endings {
  readonly #waiting = new Map<string, number>();

  ordered(ending: Ending): void {
    const key = keyOf(ending);
    this.#waiting.set(key, (this.#waiting.get(key) ?? 0) + 1);
  }

  confirmed(ending: Pick<Ending, 'stream'> & { readonly to?: string }): void {
    const key = keyOf(ending);
    const left = (this.#waiting.get(key) ?? 0) - 1;
    if (left > 0) this.#waiting.set(key, left);
    else this.#waiting.delete(key);
  }

  isLate(event: RoomEvent): boolean {
    if (this.#waiting.size === 0) return false;
    return this.#waiting.has(keyOf({ stream: event.stream })) || this.#waiting.has(keyOf(event));
  }

  /** The process is gone, and confirms nothing. */
  clear(): void {
    this.#waiting.clear();
  }
}

function keyOf(about: { readonly stream: string; readonly to?: string }): string {
  return JSON.stringify([about.stream, about.to]);
}
