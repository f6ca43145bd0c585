import type { TrackKind } from '../../../core/stream.ts';
import { LONGEST_WAIT } from './jitter-buffer.ts';
import type { RecordedFrame } from './recorded-frame.ts';

/** What is older than this cannot be preceded any more by what is still on its way. Milliseconds. */
const HELD = LONGEST_WAIT + 500;
/** Between two frames of a track at least, in milliseconds: a clock that is corrected never runs backwards. */
const LEAST_STEP = 1;
/** Bytes that are held at most, and what a frame takes beside its data: there may be many of one byte. */
const MOST = 16 * 1024 * 1024;
const FRAME_BYTES = 512;

/** Puts frames of both tracks in the order of time in which files have them. */
export class Interleaver {
  readonly #held: RecordedFrame[] = [];
  readonly #latest = new Map<TrackKind, number>();
  readonly #kinds: readonly TrackKind[];
  #bytes = 0;

  constructor(kinds: readonly TrackKind[]) {
    this.#kinds = kinds;
  }

  put(frame: RecordedFrame): void {
    const { kind, data } = frame;
    const at = Math.max(frame.at, (this.#latest.get(kind) ?? Number.NEGATIVE_INFINITY) + LEAST_STEP);
    this.#latest.set(kind, at);
    this.#bytes += data.length + FRAME_BYTES;
    this.#held.splice(this.#placeOf(at), 0, { ...frame, at });
  }

  /** Nothing more can be held. */
  get isFull(): boolean {
    return this.#bytes > MOST;
  }

  /** What nothing earlier can follow, in order; everything where `all` says so. */
  take(now: number, options?: { readonly all: true }): readonly RecordedFrame[] {
    const until = options?.all || this.isFull ? Number.POSITIVE_INFINITY : this.#certainUntil(now);
    const end = this.#held.findIndex(({ at }) => at > until);
    const taken = this.#held.splice(0, end < 0 ? this.#held.length : end);
    for (const { data } of taken) this.#bytes -= data.length + FRAME_BYTES;
    return taken;
  }

  /** Up to where each track has come; one that is silent is not waited for for long. */
  #certainUntil(now: number): number {
    const reached = this.#kinds.map((kind) => this.#latest.get(kind) ?? Number.NEGATIVE_INFINITY);
    return Math.max(now - HELD, Math.min(...reached));
  }

  /** Most often at the end: tracks come side by side. */
  #placeOf(at: number): number {
    let place = this.#held.length;
    while (place > 0 && (this.#held[place - 1]?.at ?? 0) > at) place -= 1;
    return place;
  }
}
