/** Who is heard, as far as it shows. Keys of tiles. */
export interface Voices {
  readonly speaking: readonly string[];
  /** Whose tile is large where one is. Stays with who spoke last. */
  readonly speaker: string | undefined;
}

export interface Hearing extends Voices {
  /** When each was last heard. */
  readonly heardAt: ReadonlyMap<string, number>;
  /** Who is louder than the speaker, and since when. */
  readonly rival?: { readonly key: string; readonly since: number };
}

export const SILENCE: Hearing = { speaking: [], speaker: undefined, heardAt: new Map() };

/** Of 1; breathing and a quiet room are below. */
const AUDIBLE = 0.015;
/** Between words nobody stops speaking. */
const PAUSE_MS = 700;
/** The large picture does not jump to whoever coughs. */
const RIVAL_MS = 900;

/** Who is heard after another look at the levels, each from 0 to 1. */
export function hear(before: Hearing, levels: ReadonlyMap<string, number>, now: number): Hearing {
  const heardAt = new Map<string, number>();
  for (const [key, level] of levels) {
    const at = level >= AUDIBLE ? now : before.heardAt.get(key);
    if (at !== undefined) heardAt.set(key, at);
  }
  const speaking = [...heardAt].filter(([, at]) => now - at < PAUSE_MS).map(([key]) => key);
  return { speaking, heardAt, ...speakerOf(before, { levels, speaking, now }) };
}

interface Look {
  readonly levels: ReadonlyMap<string, number>;
  readonly speaking: readonly string[];
  readonly now: number;
}

function speakerOf(before: Hearing, { levels, speaking, now }: Look): Pick<Hearing, 'speaker' | 'rival'> {
  const speaker = before.speaker !== undefined && levels.has(before.speaker) ? before.speaker : undefined;
  const loudest = loudestOf(speaking, levels);
  if (loudest === undefined || loudest === speaker) return { speaker };
  if (speaker === undefined) return { speaker: loudest };
  const since = before.rival?.key === loudest ? before.rival.since : now;
  // Who took the word from somebody silent need not wait.
  const wins = now - since >= RIVAL_MS || (!speaking.includes(speaker) && now - since >= RIVAL_MS / 3);
  return wins ? { speaker: loudest } : { speaker, rival: { key: loudest, since } };
}

function loudestOf(speaking: readonly string[], levels: ReadonlyMap<string, number>): string | undefined {
  let loudest: string | undefined;
  for (const key of speaking) {
    const level = levels.get(key) ?? 0;
    if (loudest === undefined || level > (levels.get(loudest) ?? 0)) loudest = key;
  }
  return loudest;
}

export function sameVoices(one: Voices, other: Voices): boolean {
  return (
    one.speaker === other.speaker &&
    one.speaking.length === other.speaking.length &&
    one.speaking.every((key) => other.speaking.includes(key))
  );
}
