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
  /** Bits per second. */
  readonly bitrate: number;
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
const SHORTEST = 100;
const MOST = 16;

/** The difference between counts of now and of a second ago, for who looks some times a second. */
export class FlowWindow {
  readonly #looks: Look[] = [];

  /** Undefined before the second look. */
  look(counts: FlowCounts, now: number): Flow | undefined {
    const looks = this.#looks;
    looks.push({ ...counts, at: now });
    while (looks.length > MOST || (looks.length > 2 && now - (looks[1]?.at ?? now) >= LENGTH)) looks.shift();
    const first = looks[0];
    if (!first || now - first.at < SHORTEST) return undefined;
    return {
      bitrate: ((counts.bytes - first.bytes) * 8_000) / (now - first.at),
      packets: counts.packets - first.packets,
      missing: counts.missing - first.missing,
      reported: counts.reported - first.reported,
      lost: counts.lost - first.lost,
    };
  }
}
