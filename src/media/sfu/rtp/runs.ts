import type { ExtensionPlan } from './extension-plan.ts';
import { sequenceDistance } from './sequence.ts';

/**
 * A stretch of packets of one source that all went to the receiver in the same way. Sequence numbers are counted on
 * beyond 16 bits; `first` and `last` are of the source, and a run that has sent nothing yet ends before it begins.
 */
export interface Run<Source> {
  source: Source;
  extensions: ExtensionPlan;
  first: number;
  last: number;
  /** What to add to the source's numbers for the receiver's. */
  sequenceShift: number;
  timestampShift: number;
  pictureShift: number;
  tl0Shift: number;
  /** When the receiver got the last packet that took it on. */
  usedAt: number;
}

/** A receiver that asks for something older asks too late. */
const MOST = 64;

/** The latest runs of a receiver's track, by which numbers are translated in both directions. */
export class Runs<Source> {
  readonly #runs: Run<Source>[] = [];
  #newest = -1;

  get current(): Run<Source> | undefined {
    return this.#runs[this.#newest];
  }

  /** In place of the oldest, where there are too many. */
  begin(run: Run<Source>): Run<Source> {
    this.#newest = (this.#newest + 1) % MOST;
    this.#runs[this.#newest] = run;
    return run;
  }

  /** The same, as a copy of one of them: where packets are left out that happens many times a second. */
  fork(run: Run<Source>): Run<Source> {
    const oldest = this.#runs[(this.#newest + 1) % MOST];
    if (oldest === undefined || oldest === run) return this.begin({ ...run });
    oldest.source = run.source;
    oldest.extensions = run.extensions;
    oldest.first = run.first;
    oldest.last = run.last;
    oldest.sequenceShift = run.sequenceShift;
    oldest.timestampShift = run.timestampShift;
    oldest.pictureShift = run.pictureShift;
    oldest.tl0Shift = run.tl0Shift;
    oldest.usedAt = run.usedAt;
    return this.begin(oldest);
  }

  /** The run in which a source's packet was sent, or has a gap kept for it. */
  ofSource(source: Source, sequence: number): Run<Source> | undefined {
    return this.#find((run) => run.source === source && covers(run, sourceNumber(run, sequence)));
  }

  /** The run that a packet of the receiver's belongs to, by its number beyond 16 bits. */
  ofReceiver(number: number): Run<Source> | undefined {
    return this.#find((run) => covers(run, number - run.sequenceShift));
  }

  replan(source: Source, extensions: ExtensionPlan): void {
    for (const run of this.#runs) if (run.source === source) run.extensions = extensions;
  }

  /** From the newest on: what is late is mostly not very late. */
  #find(matches: (run: Run<Source>) => boolean): Run<Source> | undefined {
    const { length } = this.#runs;
    for (let age = 0; age < length; age += 1) {
      const run = this.#runs[(this.#newest - age + length) % length];
      if (run !== undefined && matches(run)) return run;
    }
    return undefined;
  }
}

/** Numbers further back than this have come round too often to tell; the caches are far shorter. */
export const REACH = 4096;

/** A number of 16 bits as the one that is nearest to where the run is. */
export function sourceNumber(run: { readonly last: number }, sequence: number): number {
  return run.last + sequenceDistance(sequence, run.last);
}

function covers(run: { readonly first: number; readonly last: number }, number: number): boolean {
  return number <= run.last && number >= run.first && number > run.last - REACH;
}
