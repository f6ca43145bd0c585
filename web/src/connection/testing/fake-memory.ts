import { browserMemory, type Memory } from '../memory.ts';

/** For tests: a browser's storage, and what is in it. */
export class FakeStorage implements Pick<Storage, 'getItem' | 'setItem' | 'removeItem'> {
  readonly items = new Map<string, string>();

  getItem(key: string): string | null {
    return this.items.get(key) ?? null;
  }

  setItem(key: string, value: string): void {
    this.items.set(key, value);
  }

  removeItem(key: string): void {
    this.items.delete(key);
  }
}

export function fakeMemory(storage = new FakeStorage()): Memory {
  return browserMemory(() => storage as unknown as Storage);
}
