import type { Rotation } from '../../../recordings/container.ts';
import { sequenceDistance } from '../rtp/sequence.ts';

/** A packet as it waits to be written: a copy, as packets are only lent. */
export interface QueuedPacket {
  readonly sequence: number;
  readonly timestamp: number;
  readonly isLast: boolean;
  /** The bits of `packetInfo`. */
  readonly info: number;
  readonly payload: Buffer;
  /** Which way up the picture is, where the packet says so. */
  readonly rotation?: Rotation | undefined;
  /** When it came, in milliseconds. */
  readonly at: number;
}

export interface OrderedPacket {
  readonly packet: QueuedPacket;
  /** Something between this and the one before it is missing for good. */
  readonly isAfterGap: boolean;
}

/** How long what is missing is waited for, in milliseconds: it was asked for again several times by then. */
export const LONGEST_WAIT = 1_000;
/** Packets; a second of the best pictures is less. What comes faster than it is taken is dropped at twice that. */
const MOST = 2_048;
/** A source that is this far off has begun anew (`Reception` has let it through as such). */
const JUMP = 3_000;

/** Packets of one source in the order in which they were sent, as soon as that is known. */
export class JitterBuffer {
  readonly #waiting = new Map<number, QueuedPacket>();
  /** The number after the last that was taken. */
  #next = -1;
  #isAfterGap = false;

  get isFull(): boolean {
    return this.#waiting.size >= MOST;
  }

  /** Doubles and what comes too late are dropped. */
  put(packet: QueuedPacket): void {
    const { sequence } = packet;
    if (this.#next < 0) this.#next = sequence;
    const ahead = sequenceDistance(sequence, this.#next);
    if (Math.abs(ahead) > JUMP) this.#restart(sequence);
    else if (ahead < 0 || this.#waiting.size >= 2 * MOST) return;
    this.#waiting.set(sequence, packet);
  }

  /** The next one, or nothing where it is still waited for; with `all`, nothing is. */
  take(now: number, options?: { readonly all: true }): OrderedPacket | undefined {
    if (this.#waiting.size === 0) return undefined;
    if (!this.#waiting.has(this.#next) && !this.#skip(now, options?.all ?? false)) return undefined;
    const packet = this.#waiting.get(this.#next);
    if (!packet) return undefined;
    this.#waiting.delete(this.#next);
    this.#next = (this.#next + 1) & 0xffff;
    const isAfterGap = this.#isAfterGap;
    this.#isAfterGap = false;
    return { packet, isAfterGap };
  }

  #restart(sequence: number): void {
    this.#waiting.clear();
    this.#next = sequence;
    this.#isAfterGap = true;
  }

  /** Over what is missing, if it was waited for long enough or there is no room to wait. */
  #skip(now: number, isLast: boolean): boolean {
    let next = this.#next;
    while (!this.#waiting.has(next)) next = (next + 1) & 0xffff;
    const first = this.#waiting.get(next);
    const isLate = first !== undefined && now - first.at >= LONGEST_WAIT;
    if (!isLate && !isLast && !this.isFull) return false;
    this.#next = next;
    this.#isAfterGap = true;
    return true;
  }
}
