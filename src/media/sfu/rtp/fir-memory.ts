/** A receiver has few tracks, but may name any SSRC. */
const MOST = 64;

/**
 * Which full intra requests of one connection were seen: one is repeated with its number until the keyframe comes
 * (RFC 5104 4.3.1), and that is the same request still.
 */
export class FirMemory {
  readonly #seen = new Map<string, number>();

  isNew(sender: number, { media, sequence }: { readonly media: number; readonly sequence: number }): boolean {
    const key = `${sender}/${media}`;
    if (this.#seen.get(key) === sequence) return false;
    // The latest at the end, so that the oldest goes.
    this.#seen.delete(key);
    this.#seen.set(key, sequence);
    if (this.#seen.size > MOST) this.#forgetOldest();
    return true;
  }

  #forgetOldest(): void {
    for (const key of this.#seen.keys()) {
      this.#seen.delete(key);
      return;
    }
  }
}
