import type { Frame } from '../dialects/dialect.ts';

/** Frames that wait for a slow connection, in order. */
export class Outbox {
  readonly #changed: (bytes: number) => void;
  #frames: Frame[] | undefined;
  #bytes = 0;
  /** A roster is due once the connection takes something again: the latest, however many there were. */
  rosterDue = false;
  #stuck = { at: 0, bytes: 0 };

  /** `changed` is told how many bytes more, or less, wait. */
  constructor(changed: (bytes: number) => void) {
    this.#changed = changed;
  }

  /** Whether frames have to wait here. */
  get isOpen(): boolean {
    return this.#frames !== undefined;
  }

  get bytes(): number {
    return this.#bytes;
  }

  /** The connection takes nothing more for now; `buffered` bytes of it are on their way. */
  open(now: number, buffered: number): void {
    this.#frames = [];
    this.#stuck = { at: now, bytes: buffered };
  }

  push(frame: Frame, size: number): void {
    this.#frames?.push(frame);
    this.#bytes += size;
    this.#changed(size);
  }

  /** Everything that waits; from now on nothing has to. */
  take(): readonly Frame[] {
    const frames = this.#frames ?? [];
    this.#frames = undefined;
    this.#changed(-this.#bytes);
    this.#bytes = 0;
    return frames;
  }

  /** Milliseconds since the connection last took something of what is on its way; 0 while nothing waits. */
  stuckFor(now: number, buffered: number): number {
    if (!this.#frames) return 0;
    if (buffered < this.#stuck.bytes) this.#stuck = { at: now, bytes: buffered };
    return now - this.#stuck.at;
  }

  clear(): void {
    this.take();
    this.rosterDue = false;
  }
}
