/** What the browser keeps for us. Private windows and full disks may refuse: then nothing is remembered. */
export interface Memory {
  read<T>(key: string): T | undefined;
  write(key: string, value: unknown): void;
  remove(key: string): void;
}

export function browserMemory(storage: () => Storage): Memory {
  return {
    read<T>(key: string): T | undefined {
      try {
        const text = storage().getItem(key);
        return text === null ? undefined : (JSON.parse(text) as T);
      } catch {
        return undefined;
      }
    },
    write(key, value) {
      try {
        storage().setItem(key, JSON.stringify(value));
      } catch {
        // Full or forbidden: the page works without.
      }
    },
    remove(key) {
      try {
        storage().removeItem(key);
      } catch {
        // As above.
      }
    },
  };
}

/** Kept for all visits to this server. */
export const lasting = browserMemory(() => window.localStorage);
/** Kept for this tab, over reloads. */
export const ofThisTab = browserMemory(() => window.sessionStorage);
