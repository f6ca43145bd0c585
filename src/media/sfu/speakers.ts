import type { StreamId } from '../../core/stream.ts';

/** Who is as loud speaks, and who is quieter is done; between, nothing changes. */
const SPEAKS = 0.5;
const IS_DONE = 0.25;
/** Milliseconds: how long somebody is louder than who speaks before they do, and how long one keeps the floor. */
const SOONEST = 400;
const KEEPS = 2_000;

/** Whose turn it is in a room: streams in the order in which they last spoke. Changes rarely, whoever coughs. */
export class Speakers {
  #order: readonly StreamId[] = [];
  #since = Number.NEGATIVE_INFINITY;
  #challenger: { readonly stream: StreamId; readonly since: number } | undefined;

  /** The latest first; only those who ever spoke and are still there. */
  get order(): readonly StreamId[] {
    return this.#order;
  }

  /** To be called a few times a second with how much each speaks, 0 to 1. */
  look(activities: ReadonlyMap<StreamId, number>, now: number): void {
    if (this.#order.some((stream) => !activities.has(stream))) {
      this.#order = this.#order.filter((stream) => activities.has(stream));
    }
    const loudest = loudestOf(activities);
    const current = this.#order[0];
    if (loudest === undefined || loudest === current) {
      this.#challenger = undefined;
      return;
    }
    if (this.#challenger?.stream !== loudest) this.#challenger = { stream: loudest, since: now };
    if (now - this.#challenger.since < SOONEST || !this.#isFree(activities, now)) return;
    this.#order = [loudest, ...this.#order.filter((stream) => stream !== loudest)];
    this.#since = now;
    this.#challenger = undefined;
  }

  #isFree(activities: ReadonlyMap<StreamId, number>, now: number): boolean {
    const current = this.#order[0];
    return current === undefined || now - this.#since >= KEEPS || (activities.get(current) ?? 0) < IS_DONE;
  }
}

function loudestOf(activities: ReadonlyMap<StreamId, number>): StreamId | undefined {
  let loudest: StreamId | undefined;
  let most = SPEAKS;
  for (const [stream, activity] of activities) {
    if (activity <= most) continue;
    most = activity;
    loudest = stream;
  }
  return loudest;
}
