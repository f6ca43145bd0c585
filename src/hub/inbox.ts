import type { InboundFrame } from '../dialects/dialect.ts';
import { type Rate, TokenBucket } from './token-bucket.ts';

/** Frames that wait for earlier ones before the peer is asked to wait, too. */
const BACKLOG_BEFORE_PAUSE = 64;
const BACKLOG_BYTES_BEFORE_PAUSE = 256 * 1024;
const RATE_PAUSE_MS = 100;
const BYTES_PER_TOKEN = 4096;

export interface InboxOptions {
  readonly rate: Rate;
  now(): number;
  /** Handles one frame. Where it returns a promise, the next frame waits for it; it never rejects. */
  handle(frame: InboundFrame): Promise<void> | undefined;
  /** Asks the peer to wait, and to go on. */
  pause(): void;
  resume(): void;
}

/**
 * Frames one after the other, at the rate of the wire. Those that come too fast, or while an earlier one is being
 * handled, wait for their turn; too many, and the peer waits with them. Nothing is lost.
 */
export class Inbox {
  readonly #options: InboxOptions;
  readonly #bucket: TokenBucket;
  #busy = false;
  #closed = false;
  #backlog: InboundFrame[] | undefined;
  #bytes = 0;
  #timer: NodeJS.Timeout | undefined;
  #whenIdle: (() => void)[] = [];

  constructor(options: InboxOptions) {
    this.#options = options;
    this.#bucket = new TokenBucket(options.rate, options.now());
  }

  receive(frame: InboundFrame): void {
    if (this.#closed) return;
    if (this.#busy || this.#backlog || !this.#takeRate(frame)) this.#postpone([frame]);
    else this.#handle(frame);
  }

  /** Takes over what waited elsewhere. */
  takeOver(frames: readonly InboundFrame[]): void {
    if (frames.length > 0) this.#postpone(frames);
  }

  /** Resolves when all that arrived was handled: for connections that answer in turns. */
  whenIdle(): Promise<void> {
    if (this.#isIdle) return Promise.resolve();
    return new Promise((resolve) => this.#whenIdle.push(resolve));
  }

  /** What waits, which is not handled here any more. */
  empty(): readonly InboundFrame[] {
    const waiting = this.#backlog ?? [];
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#forgetBacklog();
    return waiting;
  }

  /** No more frames. */
  close(): void {
    this.#closed = true;
    this.empty();
    this.#noteIdle();
  }

  get #isIdle(): boolean {
    return this.#closed || (!this.#busy && !this.#backlog);
  }

  /** Long frames count for several: what is passed on to others is bounded in bytes, too. */
  #takeRate(frame: InboundFrame): boolean {
    const { rate, now } = this.#options;
    const cost = Math.min(rate.burst, 1 + Math.floor(sizeOf(frame) / BYTES_PER_TOKEN));
    return this.#bucket.take(rate, now(), cost);
  }

  #postpone(frames: readonly InboundFrame[]): void {
    this.#backlog ??= [];
    for (const frame of frames) {
      this.#backlog.push(frame);
      this.#bytes += sizeOf(frame);
    }
    if (this.#backlog.length >= BACKLOG_BEFORE_PAUSE || this.#bytes >= BACKLOG_BYTES_BEFORE_PAUSE)
      this.#options.pause();
    if (!this.#busy) this.#awaitRate();
  }

  #awaitRate(): void {
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      this.#catchUp();
    }, RATE_PAUSE_MS);
  }

  #catchUp(): void {
    while (this.#backlog && !this.#busy && !this.#closed) {
      const frame = this.#backlog[0];
      if (!frame) {
        this.#forgetBacklog();
        this.#options.resume();
        break;
      }
      if (!this.#takeRate(frame)) {
        this.#awaitRate();
        return;
      }
      this.#backlog.shift();
      this.#handle(frame);
    }
    this.#noteIdle();
  }

  #handle(frame: InboundFrame): void {
    const pending = this.#options.handle(frame);
    if (pending) this.occupy(pending);
  }

  /** Frames wait for something that is no frame; it never rejects. */
  occupy(pending: Promise<void>): void {
    this.#busy = true;
    void pending.then(() => {
      this.#busy = false;
      this.#catchUp();
    });
  }

  #forgetBacklog(): void {
    this.#backlog = undefined;
    this.#bytes = 0;
  }

  #noteIdle(): void {
    if (!this.#isIdle) return;
    for (const resolve of this.#whenIdle.splice(0)) resolve();
  }
}

/** Characters or bytes: near enough for a bound. */
export function sizeOf(frame: InboundFrame): number {
  return frame.kind === 'text' ? frame.text.length : frame.bytes.byteLength;
}
