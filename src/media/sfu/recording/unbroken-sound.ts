import type { RecordedFrame } from './recorded-frame.ts';

/** How far sound may be from its time before it is mended, in milliseconds: one packet more or less. */
const TOLERANCE = 30;
/** A longer pause is left as it is. */
const LONGEST_PAUSE = 60_000;
const SILENCE_MS = 20;
/** Opus: 20 ms in which there is nothing to hear, in two channels. */
const SILENCE = Buffer.of(0xfc, 0xff, 0xfe);

/**
 * Sound without holes. Players (Chromium for one) play packets one after the other whatever times they have: what is
 * missing would leave all that follows early, and a clock that is corrected would change nothing. So what is missing is
 * silence, and what there is too much of is left out.
 */
export class UnbrokenSound {
  /** When the next packet is due, on our clock in milliseconds. */
  #next: number | undefined;

  /** From then on there is to be something, if only silence. Without effect once it has begun. */
  begin(at: number): void {
    this.#next ??= at;
  }

  /** A packet in its place, after what was missing before it. */
  put(frame: RecordedFrame): readonly RecordedFrame[] {
    const due = this.#next ?? frame.at;
    if (frame.at < due - Math.max(TOLERANCE, frame.durationMs * 0.75)) return [];
    const isLong = frame.at - due > LONGEST_PAUSE;
    const before = frame.at - due > TOLERANCE && !isLong ? this.fillUntil(frame.at + SILENCE_MS / 2) : [];
    const at = isLong ? frame.at : (this.#next ?? due);
    this.#next = at + frame.durationMs;
    return [...before, { ...frame, at }];
  }

  /** Nothing more comes that is earlier than this. */
  fillUntil(until: number): readonly RecordedFrame[] {
    const filled: RecordedFrame[] = [];
    while (this.#next !== undefined && this.#next + SILENCE_MS <= until && filled.length * SILENCE_MS < LONGEST_PAUSE) {
      filled.push({
        kind: 'audio',
        at: this.#next,
        data: SILENCE,
        durationMs: SILENCE_MS,
        format: undefined,
        isJump: false,
      });
      this.#next += SILENCE_MS;
    }
    return filled;
  }
}
