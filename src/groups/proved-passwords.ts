import { createHmac, randomBytes } from 'node:crypto';

/** For how long a costly password need not be checked again, and how many are remembered. */
const REMEMBERED_MS = 5 * 60_000;
const MAX_REMEMBERED = 256;

/**
 * Which passwords were right not long ago. A program that administers says its own with every request, and hashes are
 * made to take long. What is remembered is of no use to anybody without the key, which is nowhere else.
 */
export class ProvedPasswords {
  readonly #key = randomBytes(32);
  readonly #until = new Map<string, number>();
  readonly #now: () => number;

  constructor({ now }: { now(): number }) {
    this.#now = now;
  }

  /** `kept` is what it is checked against: another one, and nothing is remembered of it. */
  note(password: string, kept: object): void {
    this.#until.set(this.#mark(password, kept), this.#now() + REMEMBERED_MS);
    for (const oldest of this.#until.keys()) {
      if (this.#until.size <= MAX_REMEMBERED) break;
      this.#until.delete(oldest);
    }
  }

  has(password: string, kept: object): boolean {
    return (this.#until.get(this.#mark(password, kept)) ?? 0) > this.#now();
  }

  #mark(password: string, kept: object): string {
    return createHmac('sha256', this.#key)
      .update(JSON.stringify([password, kept]))
      .digest('base64');
  }
}
