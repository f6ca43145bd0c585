import { spatialLayer, temporalLayer } from './packet-info.ts';

const SPATIAL = 8;
const TEMPORAL = 8;
/** A layer of which nothing came for so long is not sent at the moment. Milliseconds. */
const GONE = 3_000;
/** Nothing is measured over less time than this. */
const SHORTEST = 100;
/** How long what was before counts, in milliseconds: a keyframe is no new rate. More counts sooner than less. */
const UP = 1_500;
const DOWN = 4_000;

/** How much arrives of each layer of one feed. Nothing but a sum is done for each packet. */
export class LayerRates {
  readonly #bytes = new Float64Array(SPATIAL * TEMPORAL);
  readonly #rates = new Float64Array(SPATIAL * TEMPORAL);
  readonly #seenAt = new Float64Array(SPATIAL * TEMPORAL).fill(Number.NEGATIVE_INFINITY);
  readonly #beganAt = new Float64Array(SPATIAL * TEMPORAL);
  #since: number | undefined;
  #topSpatial = 0;
  #topTemporal = 0;

  /** The highest layer that arrives; 0 where there is but one. */
  get topSpatial(): number {
    return this.#topSpatial;
  }

  get topTemporal(): number {
    return this.#topTemporal;
  }

  /** A packet, with its `packetInfo`. */
  add(info: number, bytes: number): void {
    const slot = spatialLayer(info) * TEMPORAL + temporalLayer(info);
    this.#bytes[slot] = (this.#bytes[slot] ?? 0) + bytes;
  }

  /** To be called a few times a second: what came since the last time is measured. */
  measure(now: number): void {
    const since = this.#since;
    if (since !== undefined && now - since < SHORTEST) return;
    this.#since = now;
    this.#topSpatial = 0;
    this.#topTemporal = 0;
    for (let slot = 0; slot < this.#bytes.length; slot += 1) this.#measureSlot(slot, { since, now });
  }

  /** Bits per second of these layers and all below them. */
  bitrate({ spatial, temporal }: { readonly spatial: number; readonly temporal: number }): number {
    let sum = 0;
    for (let s = 0; s <= Math.min(spatial, SPATIAL - 1); s += 1) {
      for (let t = 0; t <= Math.min(temporal, TEMPORAL - 1); t += 1) sum += this.#rates[s * TEMPORAL + t] ?? 0;
    }
    return sum;
  }

  #measureSlot(slot: number, { since, now }: { readonly since: number | undefined; readonly now: number }): void {
    const bytes = this.#bytes[slot] ?? 0;
    this.#bytes[slot] = 0;
    if (bytes > 0) this.#seenAt[slot] = now;
    const isThere = now - (this.#seenAt[slot] ?? 0) < GONE;
    if (isThere) this.#noteTop(slot);
    // When counting began before the first time is not known.
    if (since === undefined) return;
    if (!isThere || (this.#rates[slot] ?? 0) === 0) this.#beganAt[slot] = since;
    this.#rates[slot] = isThere ? this.#mixed(slot, (bytes * 8_000) / (now - since), { since, now }) : 0;
  }

  /** At first the mean of all, then one that forgets. */
  #mixed(slot: number, rate: number, { since, now }: { readonly since: number; readonly now: number }): number {
    const before = this.#rates[slot] ?? 0;
    const memory = Math.min(rate > before ? UP : DOWN, now - (this.#beganAt[slot] ?? 0));
    return before + (rate - before) * Math.min(1, (now - since) / memory);
  }

  #noteTop(slot: number): void {
    this.#topSpatial = Math.max(this.#topSpatial, Math.floor(slot / TEMPORAL));
    this.#topTemporal = Math.max(this.#topTemporal, slot % TEMPORAL);
  }
}
