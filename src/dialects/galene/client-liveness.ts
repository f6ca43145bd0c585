import type { Timing } from './client-options.ts';

/** The latest web client's numbers, in milliseconds (`spec/galene.md` 1.4). */
const TICK_MS = 10_000;
const PING_AFTER_MS = 15_000;
const GONE_AFTER_MS = 65_000;

export interface LivenessOptions {
  readonly timing: Timing;
  isHandshaken(): boolean;
  ping(): void;
  /** Nothing was heard for too long. */
  gone(): void;
}

/** Pings a silent server and gives it up, as the latest web client does. Owns a timer. */
export class Liveness {
  readonly #options: LivenessOptions;
  readonly #stop: () => void;
  #heardAt: number | undefined;

  constructor(options: LivenessOptions) {
    this.#options = options;
    this.#stop = options.timing.every(TICK_MS, () => this.#tick());
  }

  heard(): void {
    this.#heardAt = this.#options.timing.now();
  }

  close(): void {
    this.#stop();
  }

  #tick(): void {
    const { timing, isHandshaken, ping, gone } = this.#options;
    const silence = this.#heardAt === undefined ? Number.POSITIVE_INFINITY : timing.now() - this.#heardAt;
    if (silence > GONE_AFTER_MS) gone();
    else if (silence >= PING_AFTER_MS && isHandshaken()) ping();
  }
}
