import type { Expected, SentSize, StatsSample, TrackCounts, VideoCounts } from './stats-sample.ts';

/** How a stream went between two looks at it. */
export interface Figures {
  readonly direction: 'in' | 'out';
  readonly isConnected: boolean;
  /** From 0 to 1: of the packets that should have come; of what we send, of those that had to be sent again. */
  readonly loss: number;
  /** Bits a second. */
  readonly bitrate: number;
  readonly rttMs?: number;
  readonly jitterMs?: number;
  /** A picture that should come stands still since the look before. */
  readonly standing?: StandingPicture;
  readonly audio?: TrackFigures;
  readonly video?: VideoFigures;
}

export interface StandingPicture {
  readonly of: Expected;
  /** Whether something of it comes nevertheless, of which no picture can be made. */
  readonly packets: boolean;
}

export interface TrackFigures {
  readonly bitrate: number;
  readonly codec?: string;
  /** From 0 to 1: of the sound, what was made up as nothing came. */
  readonly concealed: number;
}

export interface VideoFigures extends Omit<TrackFigures, 'concealed'> {
  readonly width: number;
  readonly height: number;
  /** A second. */
  readonly frames: number;
  /** From 0 to 1: of the time, how much the picture stood still. */
  readonly frozen: number;
  readonly sizes?: readonly SentSize[];
  readonly limitedBy?: 'bandwidth' | 'cpu' | 'other';
  readonly sourceHeight?: number;
}

/** Nothing where the two are not of one stream, or at one time. */
export function figuresOf(before: StatsSample | undefined, now: StatsSample): Figures | undefined {
  if (!before || before.direction !== now.direction) return undefined;
  const ms = now.at - before.at;
  if (ms <= 0) return undefined;
  const audio = now.audio && audioFigures(before.audio, now.audio, ms);
  const video = now.video && videoFigures(before.video, now.video, ms);
  const standing = standingPicture(before, now);
  const jitters = [now.audio?.jitterMs, now.video?.jitterMs].filter((jitter) => jitter !== undefined);
  return {
    direction: now.direction,
    isConnected: now.isConnected,
    loss: lossOf(before, now),
    bitrate: (audio?.bitrate ?? 0) + (video?.bitrate ?? 0),
    ...(now.rttMs === undefined ? {} : { rttMs: now.rttMs }),
    ...(jitters.length > 0 ? { jitterMs: Math.max(...jitters) } : {}),
    ...(standing ? { standing } : {}),
    ...(audio ? { audio } : {}),
    ...(video ? { video } : {}),
  };
}

/**
 * Of one that was seen before, and should have come all the time. Browsers count a freeze when it ends, which of a
 * picture that is not sent any more is never.
 */
function standingPicture(before: StatsSample, now: StatsSample): StandingPicture | undefined {
  const { expects, video } = now;
  if (expects === undefined || expects !== before.expects || !video) return undefined;
  const { frames: shown = 0 } = before.video ?? {};
  if (shown === 0 || video.frames !== shown) return undefined;
  return { of: expects, packets: grown(before.video, video, ({ packets }) => packets) > 0 };
}

function lossOf(before: StatsSample, now: StatsSample): number {
  let [lost, packets] = [0, 0];
  for (const kind of ['audio', 'video'] as const) {
    lost += grown(before[kind], now[kind], ({ lost: count }) => count);
    packets += grown(before[kind], now[kind], ({ packets: count }) => count);
  }
  // What is sent again is among the packets that are sent; what was lost is not among those that came.
  const all = now.direction === 'in' ? packets + lost : packets;
  return all > 0 ? Math.min(1, lost / all) : 0;
}

function audioFigures(before: TrackCounts | undefined, now: TrackCounts, ms: number): TrackFigures {
  const played = grown(before, now, ({ playedMs = 0 }) => playedMs);
  const concealed = grown(before, now, ({ concealedMs = 0 }) => concealedMs);
  return { ...rate(before, now, ms), concealed: played > 0 ? Math.min(1, concealed / played) : 0 };
}

function videoFigures(before: VideoCounts | undefined, now: VideoCounts, ms: number): VideoFigures {
  const { width, height, sizes, limitedBy, sourceHeight } = now;
  return {
    ...rate(before, now, ms),
    width,
    height,
    frames: (grown(before, now, ({ frames }) => frames) * 1000) / ms,
    frozen: Math.min(1, grown(before, now, ({ frozenMs = 0 }) => frozenMs) / ms),
    ...(sizes ? { sizes } : {}),
    ...(limitedBy ? { limitedBy } : {}),
    ...(sourceHeight === undefined ? {} : { sourceHeight }),
  };
}

function rate(before: TrackCounts | undefined, now: TrackCounts, ms: number): { bitrate: number; codec?: string } {
  const bitrate = (grown(before, now, ({ bytes }) => bytes) * 8000) / ms;
  return { bitrate, ...(now.codec === undefined ? {} : { codec: now.codec }) };
}

/** Since then; a track that began anew counts from nothing. */
function grown<T>(before: T | undefined, now: T | undefined, of: (counts: T) => number): number {
  if (now === undefined) return 0;
  const since = of(now) - (before === undefined ? 0 : of(before));
  return since >= 0 ? since : of(now);
}
