/** By RFC 6464 in -dBov: speech is about 20 to 40, a quiet room above 60. */
const LOUD = 40;
const QUIET = 65;
/** Where sizes differ less, they say nothing of the sound (PCM, and Opus at a constant rate). */
const TELLING = 1.5;
/** How soon the usual sizes of speech and of silence are forgotten, for each look. */
const FORGETTING = 0.02;
const SMOOTHING = 0.4;

/**
 * How much somebody speaks, by what their packets of sound say of it; where they do not, by their sizes, as encoders
 * need less for silence. Nothing but sums is done for each packet.
 */
export class Voice {
  #packets = 0;
  #bytes = 0;
  #levels = 0;
  #loudness = 0;
  #least = Number.POSITIVE_INFINITY;
  #most = 0;
  #activity = 0;

  /** 0 to 1. */
  get activity(): number {
    return this.#activity;
  }

  /** A packet of sound: the bytes of its payload, and its `audioLevel`. */
  heard(bytes: number, level: number): void {
    this.#packets += 1;
    this.#bytes += bytes;
    if (level < 0) return;
    this.#levels += 1;
    this.#loudness += level;
  }

  /** To be called a few times a second. Who sends nothing (DTX) says nothing. */
  look(): void {
    const heard = this.#levels > 0 ? byLevel(this.#loudness / this.#levels) : this.#bySize();
    this.#activity += (heard - this.#activity) * SMOOTHING;
    this.#packets = 0;
    this.#bytes = 0;
    this.#levels = 0;
    this.#loudness = 0;
  }

  #bySize(): number {
    if (this.#packets === 0) return 0;
    const size = this.#bytes / this.#packets;
    this.#most = Math.max(size, this.#most - (this.#most - size) * FORGETTING);
    const before = Math.min(this.#least, this.#most);
    this.#least = Math.min(size, before + (size - before) * FORGETTING);
    if (this.#most < this.#least * TELLING) return 0;
    return (size - this.#least) / (this.#most - this.#least);
  }
}

function byLevel(level: number): number {
  return Math.min(1, Math.max(0, (QUIET - level) / (QUIET - LOUD)));
}
