import type { Candidate, Wanted } from '../../core/stream.ts';
import type { DownTrack } from './down-track.ts';

/** The connection over which one member receives one stream, whoever of the two of us offered. */
export interface StreamReceiver {
  /** They were sent a description: they know of the stream. */
  readonly isIntroduced: boolean;
  readonly tracks: readonly DownTrack[];
  want(wanted: Wanted): void;
  /** What there is of the stream is not what it was. */
  update(): void;
  candidate(candidate: Candidate): void;
  /** Every half second. */
  report(now: number): void;
  /** Every second: a lost connection is tried again, or given up. */
  retry(now: number): void;
  close(): void;
}
