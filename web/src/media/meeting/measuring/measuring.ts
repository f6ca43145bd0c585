import { cell } from '../../../room/store.ts';
import { type Figures, figuresOf } from './figures.ts';
import { judge, type Quality, type Standing, settle, standsStill } from './quality.ts';
import type { StatsSample } from './stats-sample.ts';

/** Of one tile. */
export interface Measured {
  readonly quality: Quality;
  /** As its picture does not go on. */
  readonly standsStill: boolean;
  /** While they are shown. */
  readonly figures?: Figures;
}

export type Samples = ReadonlyMap<string, StatsSample>;

interface MeasuringOptions {
  /** What was counted so far, by the key of the tile. */
  readonly samples: () => Promise<Samples>;
  readonly after: (milliseconds: number, run: () => void) => () => void;
  /** Whether somebody looks at the page. */
  readonly isSeen: () => boolean;
}

/** Who looks at figures wants to see what happens now. */
const SHOWN_EVERY_MS = 1_000;
const JUDGED_EVERY_MS = 2_000;

/** Looks now and then how well each stream gets through. Owns its timer. */
export class Measuring {
  readonly state = cell<ReadonlyMap<string, Measured>>(new Map());
  readonly #options: MeasuringOptions;
  #last: Samples = new Map();
  /** As of the last judgement. */
  #judged: Samples = new Map();
  #standings = new Map<string, Standing>();
  /** Of which the last look saw no new picture. */
  readonly #still = new Set<string>();
  #cancel: (() => void) | undefined;
  #on = false;
  #shown = false;

  constructor(options: MeasuringOptions) {
    this.#options = options;
  }

  /** While there is anything to measure. */
  set({ on }: { readonly on: boolean }): void {
    if (on === this.#on) return;
    if (!on) {
      this.close();
      return;
    }
    this.#on = true;
    this.#wait();
  }

  /** Whether the figures are shown: more often then. */
  show({ on }: { readonly on: boolean }): void {
    if (on === this.#shown) return;
    this.#shown = on;
    this.#publish(new Map());
    if (this.#on) this.#wait();
  }

  close(): void {
    this.#on = false;
    this.#cancel?.();
    this.#cancel = undefined;
    this.#last = new Map();
    this.#judged = new Map();
    this.#standings.clear();
    this.#still.clear();
    this.#publish(new Map());
  }

  #wait(): void {
    this.#cancel?.();
    this.#cancel = this.#options.after(this.#shown ? SHOWN_EVERY_MS : JUDGED_EVERY_MS, () => void this.#look());
  }

  async #look(): Promise<void> {
    if (this.#options.isSeen()) {
      const samples = await this.#options.samples().catch(() => new Map<string, StatsSample>());
      if (!this.#on) return;
      this.#measure(samples);
    }
    this.#wait();
  }

  #measure(samples: Samples): void {
    const figures = new Map<string, Figures>();
    const judged = new Map<string, StatsSample>();
    for (const [key, sample] of samples) {
      const since = figuresOf(this.#last.get(key), sample);
      if (since) figures.set(key, since);
      judged.set(key, this.#judge(key, sample));
    }
    for (const key of this.#standings.keys()) if (!samples.has(key)) this.#standings.delete(key);
    this.#last = samples;
    this.#judged = judged;
    this.#publish(figures);
  }

  /** Returns what the next judgement begins with. */
  #judge(key: string, sample: StatsSample): StatsSample {
    const before = this.#judged.get(key);
    // Timers are a little early or late.
    if (before && sample.at - before.at < JUDGED_EVERY_MS * 0.9) return before;
    const figures = figuresOf(before, sample);
    if (!figures) return sample;
    this.#standings.set(key, settle(this.#standings.get(key), judge(figures)));
    if (standsStill(figures)) this.#still.add(key);
    else this.#still.delete(key);
    return sample;
  }

  #publish(figures: ReadonlyMap<string, Figures>): void {
    const measured = new Map<string, Measured>();
    for (const [key, { quality }] of this.#standings) {
      const known = this.#shown ? figures.get(key) : undefined;
      // One look alone changes nothing of what is said.
      const isStill = quality === 'bad' && this.#still.has(key);
      measured.set(key, { quality, standsStill: isStill, ...(known ? { figures: known } : {}) });
    }
    // The figures of the last second say more than none.
    if (this.#shown && figures.size === 0 && measured.size > 0) return;
    if (!isSame(measured, this.state.get())) this.state.dispatch(measured);
  }
}

function isSame(one: ReadonlyMap<string, Measured>, other: ReadonlyMap<string, Measured>): boolean {
  if (one.size !== other.size) return false;
  return [...one].every(([key, { quality, standsStill: isStill, figures }]) => {
    const also = other.get(key);
    return also?.quality === quality && also.standsStill === isStill && also.figures === figures;
  });
}
