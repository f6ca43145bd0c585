export interface PacketCacheOptions {
  /** 128 for video, 24 for audio (`spec/galene.md` 2.12). */
  readonly minimum: number;
}

/** The latest packets of one source, for who asks for one again and for who comes new. Packets are copied. */
export class PacketCache {
  constructor(options: PacketCacheOptions) {
    throw new Error(`not yet ${options}`);
  }

  get size(): number {
    throw new Error('not yet');
  }

  /** Packets that are too long for any path are not kept. */
  store(packet: Buffer, sequence: number, info: number): void {
    throw new Error(`not yet ${packet} ${sequence} ${info}`);
  }

  /** A view, good until the next `store` or `fit`. */
  get(sequence: number): Buffer | undefined {
    throw new Error(`not yet ${sequence}`);
  }

  /** The `packetInfo` that the packet was stored with; 0 where it is not there. */
  infoOf(sequence: number): number {
    throw new Error(`not yet ${sequence}`);
  }

  /** The first packet of the latest keyframe. */
  get keyframe(): number | undefined {
    throw new Error('not yet');
  }

  /**
   * From the latest keyframe's first packet to the latest packet, where that is less than `limit` packets and all of
   * the keyframe is there: what a newcomer is given at once (`spec/galene.md` 2.8).
   */
  sinceKeyframe(limit?: number): { readonly first: number; readonly count: number } | undefined {
    throw new Error(`not yet ${limit}`);
  }

  /** Makes it as large as its receivers need, given the packet rate and the longest RTT + 4 × jitter of them. */
  fit(need: { readonly packetsPerSecond: number; readonly longestWaitMs: number }): void {
    throw new Error(`not yet ${need}`);
  }
}
