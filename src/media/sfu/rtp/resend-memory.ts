const PLACES = 512;
/** What is asked for sooner again has not had the time to arrive. Milliseconds. */
const LEAST = 20;
const MOST = 500;

/** What was sent again a moment ago: as long as that may be on its way, once more only fills the way. */
export class ResendMemory {
  readonly #sequences = new Int32Array(PLACES).fill(-1);
  readonly #times = new Float64Array(PLACES);

  /** True if the packet is to be sent again now, which then counts as done. */
  take(sequence: number, { now, roundTripMs }: { readonly now: number; readonly roundTripMs: number }): boolean {
    const place = sequence & (PLACES - 1);
    const wait = Math.min(MOST, Math.max(LEAST, roundTripMs));
    if (this.#sequences[place] === sequence && now - (this.#times[place] ?? 0) < wait) return false;
    this.#sequences[place] = sequence;
    this.#times[place] = now;
    return true;
  }
}
