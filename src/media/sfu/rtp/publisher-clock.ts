import { msOf } from './ntp.ts';
import type { NtpTime } from './rtcp.ts';

/** What the RTP timestamp of a source is at a time of ours, from its publisher's sender reports. */
export interface TrackClock {
  readonly clockRate: number;
  /** A sender report of this source. True if it is the first: receivers are then told at once. */
  senderReport(report: { readonly ntp: NtpTime; readonly rtpTimestamp: number }, now: number): boolean;
  /** Undefined before the first report. */
  timestampAt(now: number): number | undefined;
  /** The source began anew with other timestamps (`Reception` says so): what was reported holds no longer. */
  restart(): void;
}

/** How long a quick report counts as the quickest, in milliseconds: drift of two clocks is small in that time. */
const WINDOW = 15_000;

/** A clock that is this far off from what it was has been set anew. */
const JUMP = 2_000;

/**
 * How the clock of one publisher (one connection, all its tracks) lies to ours. Shared by the tracks, so that what is
 * wrong about it is wrong for all of them alike and sound stays with picture.
 *
 * A report's way takes time, now more, now less; the quickest of the last half minute tells most of the clock itself.
 */
export class PublisherClock {
  #current = Number.POSITIVE_INFINITY;
  #previous = Number.POSITIVE_INFINITY;
  #since = Number.NEGATIVE_INFINITY;

  track(clockRate: number): TrackClock {
    return new ReportedClock(this, clockRate);
  }

  /** What to add to the publisher's time for ours; infinite before the first report. */
  get offset(): number {
    return Math.min(this.#current, this.#previous);
  }

  observe(publisherMs: number, now: number): void {
    const sample = now - publisherMs;
    if (Math.abs(sample - this.offset) > JUMP) this.#restart(sample, now);
    if (now - this.#since >= WINDOW) {
      this.#previous = this.#current;
      this.#current = sample;
      this.#since = now;
    }
    this.#current = Math.min(this.#current, sample);
  }

  #restart(sample: number, now: number): void {
    this.#current = sample;
    this.#previous = sample;
    this.#since = now;
  }
}

class ReportedClock implements TrackClock {
  readonly clockRate: number;
  readonly #publisher: PublisherClock;
  #last: { readonly ms: number; readonly rtpTimestamp: number } | undefined;

  constructor(publisher: PublisherClock, clockRate: number) {
    this.#publisher = publisher;
    this.clockRate = clockRate;
  }

  senderReport({ ntp, rtpTimestamp }: { readonly ntp: NtpTime; readonly rtpTimestamp: number }, now: number): boolean {
    const isFirst = this.#last === undefined;
    this.#last = { ms: msOf(ntp), rtpTimestamp };
    this.#publisher.observe(this.#last.ms, now);
    return isFirst;
  }

  restart(): void {
    this.#last = undefined;
  }

  timestampAt(now: number): number | undefined {
    if (this.#last === undefined) return undefined;
    const elapsed = now - this.#publisher.offset - this.#last.ms;
    return (this.#last.rtpTimestamp + Math.round((elapsed * this.clockRate) / 1000)) >>> 0;
  }
}
