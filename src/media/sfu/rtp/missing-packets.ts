/** Which packets of one source are to be asked for again (`spec/galene.md` 2.10). */
export class MissingPackets {
  /** Something that a receiver needs is lost for good: ask for a keyframe. Cleared by `takeLost`. */
  takeLost(): boolean {
    throw new Error('not yet');
  }

  /** Every packet that arrives, in the order of arrival. `packetsPerSecond` is of the last second. */
  received(sequence: number, at: { readonly now: number; readonly packetsPerSecond: number }): void {
    throw new Error(`not yet ${sequence} ${at}`);
  }

  /** A receiver asked for a packet that is not in the cache. */
  askedFor(sequence: number, now: number): void {
    throw new Error(`not yet ${sequence} ${now}`);
  }

  /** Nothing before a keyframe is worth asking for. */
  keyframe(sequence: number): void {
    throw new Error(`not yet ${sequence}`);
  }

  /** What to ask for now, in order. To be called after each packet that is not `next`, and every 10 to 20 ms. */
  due(now: number, rttMs?: number): readonly number[] {
    throw new Error(`not yet ${now} ${rttMs}`);
  }

  get isEmpty(): boolean {
    throw new Error('not yet');
  }

  reset(): void {
    throw new Error('not yet');
  }
}
