/** What was counted up to a moment, of one stream that comes in, or goes out. All counts rise. */
export interface StatsSample {
  /** Milliseconds. */
  readonly at: number;
  readonly direction: 'in' | 'out';
  /** Whether there is a way for it now. */
  readonly isConnected: boolean;
  readonly rttMs?: number;
  /** Whose pictures should come; absent where none should. */
  readonly expects?: Expected;
  readonly audio?: TrackCounts;
  readonly video?: VideoCounts;
}

/** Of a screen there may be nothing new for long. */
export type Expected = 'camera' | 'screen';

export interface TrackCounts {
  readonly bytes: number;
  readonly packets: number;
  /** On the way to us; of what we send, those that were sent once more. */
  readonly lost: number;
  readonly jitterMs?: number;
  readonly codec?: string;
  /** Milliseconds of sound that was made up, as nothing came; and of all sound. */
  readonly concealedMs?: number;
  readonly playedMs?: number;
}

export interface VideoCounts extends TrackCounts {
  readonly frames: number;
  readonly width: number;
  readonly height: number;
  readonly frozenMs?: number;
  /** Of what we send: the sizes, largest first. */
  readonly sizes?: readonly SentSize[];
  /** Why less is sent than could be. */
  readonly limitedBy?: 'bandwidth' | 'cpu' | 'other';
  /** Lines of the picture that the camera gives. */
  readonly sourceHeight?: number;
}

export interface SentSize {
  readonly rid: string;
  readonly width: number;
  readonly height: number;
}

/** An entry of an RTCStatsReport: browsers leave out what they do not count. */
type Entry = Readonly<Record<string, unknown>>;

interface ReadOptions {
  readonly at: number;
  readonly direction: 'in' | 'out';
  readonly isConnected: boolean;
}

/** Reads what a browser counted (W3C's webrtc-stats). Whatever is missing is left out. */
export function readStats(entries: Iterable<Entry>, { at, direction, isConnected }: ReadOptions): StatsSample {
  const all = [...entries];
  const codecs = new Map(all.filter(({ type }) => type === 'codec').map((entry) => [entry.id, codecOf(entry)]));
  const rtp = all.filter(({ type }) => type === (direction === 'in' ? 'inbound-rtp' : 'outbound-rtp'));
  const of = (kind: string) => rtp.filter((entry) => entry.kind === kind).map((entry) => ({ entry, codecs }));
  const source = all.find(({ type, kind }) => type === 'media-source' && kind === 'video');
  const [audio] = of('audio');
  const video = of('video');
  const rttMs = rttOf(all);
  return {
    at,
    direction,
    isConnected,
    ...(rttMs === undefined ? {} : { rttMs }),
    ...(audio ? { audio: trackOf(audio) } : {}),
    ...(video.length > 0 ? { video: direction === 'in' ? received(video) : sent(video, source) } : {}),
  };
}

interface Coded {
  readonly entry: Entry;
  readonly codecs: ReadonlyMap<unknown, string>;
}

function trackOf({ entry, codecs }: Coded): TrackCounts {
  const codec = codecs.get(entry.codecId);
  const rate = 48;
  return {
    bytes: count(entry.bytesReceived ?? entry.bytesSent),
    packets: count(entry.packetsReceived ?? entry.packetsSent),
    // Those that came twice count below nothing.
    lost: Math.max(0, count(entry.packetsLost ?? entry.retransmittedPacketsSent)),
    ...(typeof entry.jitter === 'number' ? { jitterMs: entry.jitter * 1000 } : {}),
    ...(codec === undefined ? {} : { codec }),
    ...(typeof entry.concealedSamples === 'number'
      ? {
          // Silence is made up where nothing is said, and nobody misses it.
          concealedMs: (entry.concealedSamples - count(entry.silentConcealedSamples)) / rate,
          playedMs: count(entry.totalSamplesReceived) / rate,
        }
      : {}),
  };
}

/** Of those that are received, one counts at a time: sections that are used no more stay in the report. */
function received(video: readonly Coded[]): VideoCounts {
  const latest = video.reduce((one, other) => (lastAt(other) > lastAt(one) ? other : one));
  const { entry } = latest;
  return {
    ...trackOf(latest),
    frames: count(entry.framesDecoded),
    width: count(entry.frameWidth),
    height: count(entry.frameHeight),
    ...(typeof entry.totalFreezesDuration === 'number' ? { frozenMs: entry.totalFreezesDuration * 1000 } : {}),
  };
}

function lastAt({ entry }: Coded): number {
  return count(entry.lastPacketReceivedTimestamp) || count(entry.packetsReceived);
}

/** All sizes together; what they are, and why no more, of the largest. */
function sent(video: readonly Coded[], source: Entry | undefined): VideoCounts {
  const going = video.filter(({ entry }) => entry.active !== false && count(entry.frameWidth) > 0);
  const sorted = [...going].sort((one, other) => count(other.entry.frameWidth) - count(one.entry.frameWidth));
  const tracks = video.map(trackOf);
  const sum = (of: (track: TrackCounts) => number) => tracks.reduce((total, track) => total + of(track), 0);
  const largest = sorted[0]?.entry ?? {};
  const codec = tracks.find((track) => track.codec !== undefined)?.codec;
  const limitedBy = limitOf(largest.qualityLimitationReason);
  return {
    bytes: sum(({ bytes }) => bytes),
    packets: sum(({ packets }) => packets),
    lost: sum(({ lost }) => lost),
    ...(codec === undefined ? {} : { codec }),
    frames: count(largest.framesEncoded),
    width: count(largest.frameWidth),
    height: count(largest.frameHeight),
    sizes: sorted.map(({ entry }) => ({
      rid: typeof entry.rid === 'string' ? entry.rid : '',
      width: count(entry.frameWidth),
      height: count(entry.frameHeight),
    })),
    ...(limitedBy ? { limitedBy } : {}),
    ...(source ? { sourceHeight: count(source.height) } : {}),
  };
}

function limitOf(reason: unknown): VideoCounts['limitedBy'] | undefined {
  return reason === 'bandwidth' || reason === 'cpu' || reason === 'other' ? reason : undefined;
}

/** Of the way that is used. */
function rttOf(entries: readonly Entry[]): number | undefined {
  const pairs = entries.filter(({ type, state }) => type === 'candidate-pair' && state === 'succeeded');
  const pair = pairs.find(({ nominated, selected }) => nominated === true || selected === true) ?? pairs[0];
  return typeof pair?.currentRoundTripTime === 'number' ? pair.currentRoundTripTime * 1000 : undefined;
}

/** `VP8` of `video/VP8`. */
function codecOf({ mimeType }: Entry): string {
  return typeof mimeType === 'string' ? mimeType.replace(/^\w+\//, '') : '';
}

function count(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? value : 0;
}
