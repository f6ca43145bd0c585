/**
 * What was sent to one receiver of one track, and what they said of it; each counted from its beginning, and without
 * what was sent again.
 */
export interface FlowCounts {
  bytes: number;
  packets: number;
  /** Packets that they asked for again, each once. */
  missing: number;
  /** Packets of which their reports said how many were lost. */
  reported: number;
  lost: number;
}

export interface Flow {
  /** Bits per second, and that over some seconds, in which keyframes count for little. */
  readonly bitrate: number;
  readonly meanBitrate: number;
  readonly packets: number;
  readonly missing: number;
  readonly reported: number;
  readonly lost: number;
}

export function newFlowCounts(): FlowCounts {
  return { bytes: 0, packets: 0, missing: 0, reported: 0, lost: 0 };
}

interface Look extends FlowCounts {
  readonly at: number;
}

/** Milliseconds. */
const LENGTH = 1_000;
const MEAN_LENGTH = 4_000;
const SHORTEST = 100;
const MOST = 32;

/** The difference between counts of now and of a second ago, for who looks some times a second. */
export class FlowWindow {
  readonly #looks: Look[] = [];

  /** Undefined before the second look. */
  look(counts: FlowCounts, now: number): Flow | undefined {
    const looks = this.#looks;
    looks.push({ ...counts, at: now });
    while (looks.length > MOST || (looks.length > 2 && now - (looks[1]?.at ?? now) >= MEAN_LENGTH)) looks.shift();
    const oldest = looks[0];
    const first = looks.findLast(({ at }) => now - at >= LENGTH) ?? oldest;
    if (!first || !oldest || now - first.at < SHORTEST) return undefined;
    return {
      bitrate: ((counts.bytes - first.bytes) * 8_000) / (now - first.at),
      meanBitrate: ((counts.bytes - oldest.bytes) * 8_000) / (now - oldest.at),
      packets: counts.packets - first.packets,
      missing: counts.missing - first.missing,
      reported: counts.reported - first.reported,
      lost: counts.lost - first.lost,
    };
  }
}
