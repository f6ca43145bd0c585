import type { StoredRecord } from '../../core/record.ts';
import { asStorageError, isBusy } from './database.ts';

interface Pending {
  readonly records: readonly StoredRecord[];
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface CommitQueueOptions {
  /** Writes these in one transaction, or throws and writes nothing. */
  readonly write: (records: readonly StoredRecord[]) => void;
  /** Several commits could not be written together, and were tried one by one. */
  readonly onSplit?: (event: { readonly commits: number; readonly error: unknown }) => void;
}

/**
 * Group commit: what is committed within one turn of the event loop shares a transaction. `setImmediate` comes after
 * all sockets that were readable in this turn; a microtask would come after each of them, and group nothing.
 */
export class CommitQueue {
  readonly #options: CommitQueueOptions;
  #pending: Pending[] = [];
  #immediate: NodeJS.Immediate | undefined;

  constructor(options: CommitQueueOptions) {
    this.#options = options;
  }

  commit(records: readonly StoredRecord[]): Promise<void> {
    this.#immediate ??= setImmediate(() => this.flush());
    return new Promise((resolve, reject) => this.#pending.push({ records, resolve, reject }));
  }

  /** Writes what is pending, now. Never throws: those whose records fail are told. */
  flush(): void {
    if (this.#immediate) clearImmediate(this.#immediate);
    this.#immediate = undefined;
    const batch = this.#pending;
    if (batch.length === 0) return;
    this.#pending = [];
    const failure = this.#attempt(batch);
    if (failure === undefined) return;
    // A locked file fails all alike: trying each would block the process for the lock timeout each time.
    if (batch.length === 1 || isBusy(failure.error)) {
      rejectAll(batch, failure.error);
      return;
    }
    this.#options.onSplit?.({ commits: batch.length, error: failure.error });
    for (const one of batch) {
      const alone = this.#attempt([one]);
      if (alone) rejectAll([one], alone.error);
    }
  }

  /** Writes all of it and says so to all, or writes nothing. */
  #attempt(batch: readonly Pending[]): { readonly error: unknown } | undefined {
    try {
      this.#options.write(batch.flatMap((one) => one.records));
    } catch (error) {
      return { error };
    }
    for (const one of batch) one.resolve();
    return undefined;
  }
}

function rejectAll(batch: readonly Pending[], error: unknown): void {
  for (const one of batch) one.reject(asStorageError(error));
}
