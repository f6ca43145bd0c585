/** The lower, the sooner it gets what it wants. */
export const PRIORITIES = { screen: 0, speaker: 1, other: 2 } as const;

/** A video that wants a part of what one member can receive. */
export interface Claim {
  readonly priority: number;
  /** Bits per second of each level, the least first. Empty where nothing of it is known. */
  readonly levels: readonly number[];
  /** Which it has now; -1 is none. */
  readonly current: number;
  /** Not yet, where it changed a moment ago. */
  readonly mayRise: boolean;
  readonly mayPause: boolean;
}

/** What is begun is to last: it needs that much more than it takes, and keeps its place with a little less. */
const RISING = 1.1;
const STAYING = 0.95;
/** A picture that comes late now and then is better than none. */
const LASTING = 0.75;

/**
 * Which level each gets of a budget in bits per second; -1 for none. The lowest ones are given first, by priority, then
 * as much as there is to screens, to who speaks, and evenly to the rest. Places of equals are those of the list.
 */
export function allocate(claims: readonly Claim[], budget: number): readonly number[] {
  const given = claims.map(() => -1);
  const order = [...claims.keys()].sort((a, b) => rank(claims, a) - rank(claims, b));
  let left = budget;
  const raise = (at: number): boolean => {
    const claim = claims[at];
    if (!claim) return false;
    const cost = stepCost(claim, given[at] ?? -1);
    if (cost === undefined || (cost > left && !isGranted(claim, given[at] ?? -1))) return false;
    given[at] = (given[at] ?? -1) + 1;
    left -= cost;
    return true;
  };
  for (const at of order) raise(at);
  for (const priority of new Set(order.map((at) => rank(claims, at)))) {
    let rising = order.filter((at) => rank(claims, at) === priority && (given[at] ?? -1) >= 0);
    while (rising.length > 0) rising = rising.filter(raise);
  }
  return given;
}

/** Where there is nothing to choose between yet, what comes is sent. */
function isGranted({ levels, mayPause }: Claim, level: number): boolean {
  return level < 0 && (!mayPause || levels.length === 0);
}

/** What the next level takes more than this one; undefined where there is none that it may have. */
function stepCost({ levels, current, mayRise }: Claim, level: number): number | undefined {
  const next = level + 1;
  if (next > 0 && next >= levels.length) return undefined;
  if (next > current && !mayRise) return undefined;
  const cost = (levels[next] ?? 0) - (levels[level] ?? 0);
  if (next > current) return cost * RISING;
  return cost * (next === 0 ? LASTING : STAYING);
}

function rank(claims: readonly Claim[], at: number): number {
  return claims[at]?.priority ?? 0;
}
