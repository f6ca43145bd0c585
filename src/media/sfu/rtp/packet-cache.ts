import { u32 } from './bytes.ts';
import { FRAME_END, KEYFRAME } from './packet-info.ts';
import { sequenceDistance } from './sequence.ts';

export interface PacketCacheOptions {
  /** 128 for video, 24 for audio (`spec/galene.md` 2.12); taken as the next power of two. */
  readonly minimum: number;
}

/** Bytes; longer ones fit no path. And packets. */
const LONGEST = 1504;
const MOST = 1024;

/** The latest packets of one source, for who asks for one again and for who comes new. Packets are copied. */
export class PacketCache {
  readonly #minimum: number;
  #size: number;
  #bytes: Buffer;
  #lengths: Uint16Array;
  #sequences: Uint16Array;
  #infos: Uint16Array;
  #latest = -1;
  #keyframe = -1;
  #keyframeTimestamp = -1;

  constructor({ minimum }: PacketCacheOptions) {
    this.#minimum = powerOfTwo(minimum);
    this.#size = this.#minimum;
    this.#bytes = Buffer.allocUnsafeSlow(this.#size * LONGEST);
    this.#lengths = new Uint16Array(this.#size);
    this.#sequences = new Uint16Array(this.#size);
    this.#infos = new Uint16Array(this.#size);
  }

  get size(): number {
    return this.#size;
  }

  /** Packets that are too long for any path are not kept. */
  store(packet: Buffer, sequence: number, info: number): void {
    if (packet.length > LONGEST) return;
    const ahead = this.#latest < 0 ? 1 : sequenceDistance(sequence, this.#latest);
    // Its place belongs to a newer one by now.
    if (ahead <= -this.#size) return;
    if (ahead > 0) this.#advance(sequence);
    this.#put(packet, sequence, info);
    if (info & KEYFRAME) this.#noteKeyframe(packet, sequence);
  }

  /** A view, good until the next `store` or `fit`. */
  get(sequence: number): Buffer | undefined {
    const slot = this.#slotOf(sequence);
    if (slot < 0) return undefined;
    const start = slot * LONGEST;
    return this.#bytes.subarray(start, start + (this.#lengths[slot] ?? 0));
  }

  has(sequence: number): boolean {
    return this.#slotOf(sequence) >= 0;
  }

  /** The `packetInfo` that the packet was stored with; 0 where it is not there. */
  infoOf(sequence: number): number {
    const slot = this.#slotOf(sequence);
    return slot < 0 ? 0 : (this.#infos[slot] ?? 0);
  }

  /** The first packet of the latest keyframe. */
  get keyframe(): number | undefined {
    return this.#keyframe < 0 ? undefined : this.#keyframe;
  }

  /**
   * From the latest keyframe's first packet to the latest packet, where that is less than `limit` packets and all of
   * the keyframe is there: what a newcomer is given at once (`spec/galene.md` 2.8).
   */
  sinceKeyframe(limit = 40): { readonly first: number; readonly count: number } | undefined {
    if (this.#keyframe < 0) return undefined;
    const count = sequenceDistance(this.#latest, this.#keyframe) + 1;
    if (count >= limit || count > this.#size || !this.#hasWholeKeyframe(count)) return undefined;
    return { first: this.#keyframe, count };
  }

  /** Makes it as large as its receivers need, given the packet rate and the longest RTT + 4 × jitter of them. */
  fit({
    packetsPerSecond,
    longestWaitMs,
  }: {
    readonly packetsPerSecond: number;
    readonly longestWaitMs: number;
  }): void {
    const wanted = Math.ceil((4 * packetsPerSecond * longestWaitMs) / 1000);
    const size = Math.min(MOST, Math.max(this.#minimum, powerOfTwo(wanted)));
    // Half is soon too little again, and copying costs.
    if (size > this.#size || size < this.#size / 2) this.#resize(size);
  }

  /** After a restart of the source: what was there has nothing to do with what comes. */
  clear(): void {
    this.#lengths.fill(0);
    this.#latest = -1;
    this.#keyframe = -1;
    this.#keyframeTimestamp = -1;
  }

  #put(packet: Buffer, sequence: number, info: number): void {
    const slot = sequence & (this.#size - 1);
    packet.copy(this.#bytes, slot * LONGEST);
    this.#lengths[slot] = packet.length;
    this.#sequences[slot] = sequence;
    this.#infos[slot] = info;
  }

  /** Forgets a keyframe when half the circle is over and it seems to lie ahead. */
  #advance(sequence: number): void {
    this.#latest = sequence;
    if (this.#keyframe >= 0 && sequenceDistance(sequence, this.#keyframe) < 0) this.#keyframe = -1;
  }

  #noteKeyframe(packet: Buffer, sequence: number): void {
    const timestamp = u32(packet, 4);
    const distance = this.#keyframe < 0 ? 1 : sequenceDistance(sequence, this.#keyframe);
    const isSame = this.#keyframe >= 0 && timestamp === this.#keyframeTimestamp;
    if (isSame ? distance >= 0 : distance < 0) return;
    this.#keyframe = sequence;
    this.#keyframeTimestamp = timestamp;
  }

  #hasWholeKeyframe(count: number): boolean {
    for (let i = 0; i < count; i += 1) {
      const sequence = (this.#keyframe + i) & 0xffff;
      if (!this.has(sequence)) return false;
      if (this.infoOf(sequence) & FRAME_END) return true;
    }
    // It is still arriving, and the rest of it follows.
    return true;
  }

  #slotOf(sequence: number): number {
    if (this.#latest < 0) return -1;
    const age = sequenceDistance(this.#latest, sequence);
    if (age < 0 || age >= this.#size) return -1;
    const slot = sequence & (this.#size - 1);
    return this.#sequences[slot] === sequence && (this.#lengths[slot] ?? 0) > 0 ? slot : -1;
  }

  #resize(size: number): void {
    const kept = new Map<number, { readonly packet: Buffer; readonly info: number }>();
    for (let age = 0; age < Math.min(size, this.#size) && this.#latest >= 0; age += 1) {
      const sequence = (this.#latest - age) & 0xffff;
      const packet = this.get(sequence);
      if (packet) kept.set(sequence, { packet, info: this.infoOf(sequence) });
    }
    this.#size = size;
    this.#bytes = Buffer.allocUnsafeSlow(size * LONGEST);
    this.#lengths = new Uint16Array(size);
    this.#sequences = new Uint16Array(size);
    this.#infos = new Uint16Array(size);
    for (const [sequence, { packet, info }] of kept) this.#put(packet, sequence, info);
  }
}

/** So that places stay in step with sequence numbers where those begin again at 0. */
function powerOfTwo(least: number): number {
  return 2 ** Math.ceil(Math.log2(Math.max(1, least)));
}
