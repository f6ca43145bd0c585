import type { TrackKind } from '../../core/stream.ts';
import type { PathReport } from './receiver-budget.ts';
import type { Flow } from './rtp/flow-window.ts';

/** What was seen of one track on its way to a member. */
export interface TrackFlow {
  readonly kind: TrackKind;
  readonly flow: Flow | undefined;
  /** Bits per second that their end of the connection last said it could take. */
  readonly estimate: number | undefined;
  readonly isPaused: boolean;
}

/** Of fewer packets, a share says nothing. */
const FEW = 10;
/** What is a little less than what is sent is what is sent. */
const LESS = 0.95;

/** All that a member is sent, in one report. What could be sent is passed through. */
export function pathReport(tracks: readonly TrackFlow[], could: Pick<PathReport, 'least' | 'next'>): PathReport {
  const sent = sum(tracks, ({ flow }) => flow?.bitrate ?? 0);
  return { sent, loss: lossOf(tracks), overrun: overrunOf(tracks), estimate: estimateOf(tracks), ...could };
}

/** Packets that are asked for again tell of losses sooner than reports, which may hide those that were mended. */
function lossOf(tracks: readonly TrackFlow[]): number | undefined {
  const reported = sum(tracks, ({ flow }) => flow?.reported ?? 0);
  const packets = sum(tracks, ({ flow }) => flow?.packets ?? 0);
  const lost = sum(tracks, ({ flow }) => flow?.lost ?? 0);
  // That nothing is lost can be said of few, too.
  const byReports = reported >= FEW || (reported > 0 && lost === 0) ? lost / reported : undefined;
  const missing = packets >= FEW ? sum(tracks, ({ flow }) => flow?.missing ?? 0) / packets : 0;
  if (byReports === undefined) return missing > 0 ? Math.min(1, missing) : undefined;
  return Math.min(1, Math.max(byReports, missing));
}

/** Each connection has an estimate of its own: those that say less than they are sent share what they all have. */
function overrunOf(tracks: readonly TrackFlow[]): number | undefined {
  const isOver = tracks.some(({ flow, estimate }) => {
    // More than a burst, and not of before.
    const lasting = Math.min(flow?.bitrate ?? 0, flow?.meanBitrate ?? 0);
    return estimate !== undefined && estimate < lasting * LESS;
  });
  if (!isOver) return undefined;
  return sum(tracks, ({ flow, estimate }) => Math.min(flow?.bitrate ?? 0, estimate ?? Number.POSITIVE_INFINITY));
}

/** With what is sent beside it of tracks of which nobody estimates anything (sound). */
function estimateOf(tracks: readonly TrackFlow[]): number | undefined {
  const videos = tracks.filter(({ kind }) => kind === 'video');
  if (videos.some(({ isPaused, estimate }) => !isPaused && estimate === undefined)) return undefined;
  if (!videos.some(({ estimate }) => estimate !== undefined)) return undefined;
  return sum(tracks, ({ kind, flow, estimate }) => estimate ?? (kind === 'audio' ? (flow?.bitrate ?? 0) : 0));
}

function sum(tracks: readonly TrackFlow[], of: (track: TrackFlow) => number): number {
  return tracks.reduce((total, track) => total + of(track), 0);
}
