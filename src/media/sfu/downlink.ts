import { allocate, type Claim, PRIORITIES } from './allocation.ts';
import type { DownTrack } from './down-track.ts';
import { isElastic, type Level } from './ladder.ts';
import { pathReport, type TrackFlow } from './path-report.ts';
import { ReceiverBudget } from './receiver-budget.ts';

/** What one member receives of one stream. */
export interface Incoming {
  readonly tracks: readonly DownTrack[];
  readonly isScreen: boolean;
  /** Of those that they receive, it is the one that speaks. */
  readonly speaks: boolean;
}

interface Picture {
  readonly down: DownTrack;
  readonly levels: readonly Level[];
  readonly claim: Claim;
}

/**
 * All that one member is sent in a room, by as many connections as there are streams, which share one way: how much
 * that takes, and what is sent of each picture. Sound is always sent.
 */
export class Downlink {
  readonly #budget = new ReceiverBudget();
  /** As of the last time: all at its least, and one step more than what is sent. */
  #could: { readonly least: number; readonly next: number | undefined } = { least: 0, next: undefined };

  /** Some times a second. */
  adapt(incoming: readonly Incoming[], now: number): void {
    const flows = incoming.flatMap(({ tracks }) => tracks.map((down) => flowOf(down, now)));
    this.#budget.update(pathReport(flows, this.#could), now);
    const sound = sum(flows.map(({ kind, flow }) => (kind === 'audio' ? (flow?.bitrate ?? 0) : 0)));
    const mayPause = !this.#budget.isOpen;
    const pictures = incoming.flatMap((each) => picturesOf(each, { mayPause, now }));
    this.#share(pictures, { room: this.#budget.limit - sound, sound, now });
  }

  #share(
    pictures: readonly Picture[],
    { room, sound, now }: { readonly room: number; readonly sound: number; readonly now: number },
  ): void {
    const claims = pictures.map(({ claim }) => claim);
    const places = allocate(claims, room);
    const costs = pictures.map(({ levels }, at) => levels[places[at] ?? -1]?.bitrate ?? 0);
    const spare = Math.max(0, room - sum(costs));
    for (const [at, picture] of pictures.entries()) {
      picture.down.share.offer((costs[at] ?? 0) + spare);
      put(picture, places[at] ?? -1, now);
    }
    const step = nextStep(pictures, places);
    this.#could = {
      least: sound + sum(claims.map(({ levels }) => levels[0] ?? 0)),
      next: step === undefined ? undefined : sound + sum(costs) + step,
    };
  }
}

function put({ down, levels }: Picture, place: number, now: number): void {
  if (place < 0) {
    down.pause(now, { isElastic: isElastic(levels) });
    return;
  }
  const level = levels[place];
  if (level) down.give(level, now);
}

/** What the first that could be better, by priority, would take more; bits per second. */
function nextStep(pictures: readonly Picture[], places: readonly number[]): number | undefined {
  const order = [...pictures.keys()].sort(
    (a, b) => (pictures[a]?.claim.priority ?? 0) - (pictures[b]?.claim.priority ?? 0),
  );
  for (const paused of [true, false]) {
    for (const at of order) {
      const { levels } = pictures[at]?.claim ?? { levels: [] };
      const place = places[at] ?? -1;
      const next = levels[place + 1];
      if (next !== undefined && place < 0 === paused) return next - (levels[place] ?? 0);
    }
  }
  return undefined;
}

function picturesOf(
  { tracks, isScreen, speaks }: Incoming,
  { mayPause, now }: { readonly mayPause: boolean; readonly now: number },
): readonly Picture[] {
  const priority = isScreen ? PRIORITIES.screen : speaks ? PRIORITIES.speaker : PRIORITIES.other;
  return tracks.flatMap((down): Picture[] => {
    if (down.kind !== 'video') return [];
    const levels = down.track.ladders[down.quality];
    const claim = {
      priority,
      levels: levels.map(({ bitrate }) => bitrate),
      current: down.share.placeIn(levels),
      mayRise: down.share.mayRise(now),
      mayPause,
    };
    return [{ down, levels, claim }];
  });
}

function flowOf(down: DownTrack, now: number): TrackFlow {
  return { kind: down.kind, flow: down.flow(now), estimate: down.estimate(now), isPaused: down.isPaused };
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, each) => total + each, 0);
}
