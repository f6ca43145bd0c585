import type { NtpTime } from './rtcp.ts';

/**
 * How the clock of one publisher (one connection, all its tracks) lies to ours. Shared by the tracks, so that what is
 * wrong about it is wrong for all of them alike and sound stays with picture.
 */
export class PublisherClock {
  track(clockRate: number): TrackClock {
    throw new Error(`not yet ${clockRate}`);
  }
}

/** What the RTP timestamp of a source is at a time of ours, from its publisher's sender reports. */
export interface TrackClock {
  readonly clockRate: number;
  /** A sender report of this source. True if it is the first: receivers are then told at once. */
  senderReport(report: { readonly ntp: NtpTime; readonly rtpTimestamp: number }, now: number): boolean;
  /** Undefined before the first report. */
  timestampAt(now: number): number | undefined;
}
