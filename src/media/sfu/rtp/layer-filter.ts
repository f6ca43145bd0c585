import { FRAME_START, KEYFRAME, LAYER_SYNC, spatialLayer, temporalLayer } from './packet-info.ts';

/** Above all that there are: new layers pass as soon as they come. */
export const EVERY_LAYER = 7;

const SPATIAL_BITS = 7 << 12;
const TEMPORAL_BITS = 7 << 8;

export interface Layers {
  readonly spatial: number;
  readonly temporal: number;
}

/**
 * Which layers of a feed pass: fewer from the next picture on, more only from where they can be decoded (a keyframe;
 * for more pictures a second also a picture that refers to lower layers alone, `spec/galene.md` 2.9).
 */
export class LayerFilter {
  #wanted: Layers = { spatial: EVERY_LAYER, temporal: EVERY_LAYER };
  #spatial = EVERY_LAYER;
  #temporal = EVERY_LAYER;
  #isChanging = false;
  #changingSince = 0;

  /** The highest spatial layer that passes. */
  get spatial(): number {
    return this.#spatial;
  }

  get temporal(): number {
    return this.#temporal;
  }

  /** What passes is not what is wanted yet. */
  get isChanging(): boolean {
    return this.#isChanging;
  }

  want(wanted: Layers, now: number): void {
    if (wanted.spatial === this.#wanted.spatial && wanted.temporal === this.#wanted.temporal) return;
    this.#wanted = wanted;
    this.#changingSince = now;
    this.#note();
  }

  passes(info: number): boolean {
    return (info & TEMPORAL_BITS) <= this.#temporal << 8 && (info & SPATIAL_BITS) <= this.#spatial << 12;
  }

  /** To be called for each packet of the feed before `passes`, while it is changing. `topTemporal` is what there is. */
  follow(info: number, topTemporal: number): void {
    if ((info & KEYFRAME) !== 0) {
      this.#spatial = this.#wanted.spatial;
      this.#temporal = this.#wanted.temporal;
    } else if ((info & FRAME_START) !== 0) {
      this.#spatial = Math.min(this.#spatial, this.#wanted.spatial);
      this.#temporal = this.#nextTemporal(info, topTemporal);
    } else return;
    this.#note();
  }

  /** More is wanted, and waits for a keyframe; or for a sign that should have come by now. */
  needsKeyframe(now: number, patienceMs: number): boolean {
    if (!this.#isChanging) return false;
    if (this.#wanted.spatial > this.#spatial) return true;
    return this.#wanted.temporal > this.#temporal && now - this.#changingSince > patienceMs;
  }

  /** One layer at a time: those above may refer to pictures of the one between, which were not sent. */
  #nextTemporal(info: number, topTemporal: number): number {
    const wanted = this.#wanted.temporal;
    const current = this.#temporal;
    if (wanted <= current) return wanted;
    const isNext = (info & LAYER_SYNC) !== 0 && spatialLayer(info) === 0 && temporalLayer(info) === current + 1;
    const reached = isNext ? current + 1 : current;
    return reached >= topTemporal ? wanted : reached;
  }

  #note(): void {
    this.#isChanging = this.#spatial !== this.#wanted.spatial || this.#temporal !== this.#wanted.temporal;
  }
}
