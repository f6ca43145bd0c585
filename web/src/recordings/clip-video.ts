import { type Clip, clipOf } from './clip.ts';
import { correctionFor } from './drift.ts';

/** What all that is played now has in common. */
export interface Pace {
  /** On the timeline, in seconds. */
  readonly position: number;
  readonly rate: number;
  readonly isRunning: boolean;
  readonly volume: number;
  readonly isMuted: boolean;
}

/** Whoever has no pictures for so long does not keep the others waiting any more. Milliseconds. */
const PATIENCE = 10_000;
/** While nothing moves, a picture is where it belongs to so many seconds. */
const STILL = 0.02;
const FUTURE_DATA = 3;
const DECODE_ERROR = 3;
/**
 * Browsers do not say whether the network is gone, which comes back mostly, or they do not know what the file is: it is
 * let go of some times, and loaded anew by whoever wants it.
 */
const RETRY_MS = 1000;
const MOST_RETRIES = 3;

/**
 * One file and its video element, which loads it only while it is wanted: a browser has few connections to one server,
 * and a file that waits holds one.
 */
export class ClipVideo implements Clip {
  readonly offset: number;
  readonly track: string;
  readonly title: string;
  readonly element: HTMLVideoElement;
  readonly address: string;
  duration: number | undefined;
  #isLoaded = false;
  #hasFailed = false;
  #factor = 1;
  #waitsSince: number | undefined;
  #retries = 0;

  constructor(figure: HTMLElement, element: HTMLVideoElement) {
    const { offset, duration, track, title } = clipOf(figure.dataset);
    this.duration = duration;
    this.offset = offset;
    this.track = track;
    this.title = title;
    this.element = element;
    this.address = element.getAttribute('src') ?? '';
    element.removeAttribute('src');
    element.removeAttribute('controls');
    element.load();
    element.addEventListener('error', () => this.#fail());
    element.addEventListener('durationchange', () => this.#measure(element.duration));
    element.addEventListener('loadeddata', () => {
      this.#retries = 0;
    });
    element.addEventListener('ended', () => this.#measure(element.currentTime));
  }

  get hasFailed(): boolean {
    return this.#hasFailed;
  }

  /** How far it is known to go, from its beginning. Seconds. */
  get knownLength(): number {
    const { buffered } = this.element;
    const read = buffered.length === 0 ? 0 : buffered.end(buffered.length - 1);
    return this.duration ?? Math.max(read, this.element.currentTime);
  }

  /** Whether it goes on after this position, or may do so as far as one knows. */
  mayGoOn(position: number): boolean {
    return this.duration === undefined && !this.#hasFailed && !this.element.ended && this.offset <= position;
  }

  /** Whether the others should wait for it. */
  keepsWaiting(now: number): boolean {
    const { readyState, seeking, ended } = this.element;
    const isReady = this.#hasFailed || ended || (readyState >= FUTURE_DATA && !seeking);
    if (isReady) {
      this.#waitsSince = undefined;
      return false;
    }
    this.#waitsSince ??= now;
    return now - this.#waitsSince < PATIENCE;
  }

  /** Loads it, if it is not there, so that it can begin without a delay. */
  prepare(): void {
    if (this.#isLoaded || this.#hasFailed) return;
    this.#isLoaded = true;
    this.element.preload = 'auto';
    this.element.src = this.address;
  }

  /** Lets go of it. */
  release(): void {
    if (!this.#isLoaded) return;
    this.#isLoaded = false;
    this.#waitsSince = undefined;
    this.element.pause();
    this.element.removeAttribute('src');
    this.element.load();
  }

  /** Is where it belongs, and goes on as fast as all the others. */
  follow(pace: Pace): void {
    this.prepare();
    const { element } = this;
    if (this.#hasFailed) return;
    if (element.volume !== pace.volume) element.volume = pace.volume;
    if (element.muted !== pace.isMuted) element.muted = pace.isMuted;
    const time = Math.max(0, pace.position - this.offset);
    if (pace.isRunning) this.#run(time, pace.rate);
    else this.#rest(time);
  }

  /** Waits at its beginning. */
  waitAtStart(): void {
    this.prepare();
    this.#rest(0);
  }

  #run(time: number, rate: number): void {
    const { element } = this;
    const drift = element.currentTime - time;
    // At its end, where somebody thought that it was longer.
    if (element.ended && drift < 0) return;
    if (element.paused) element.play().catch(() => undefined);
    const correction = correctionFor(drift, this.#factor);
    if (correction.kind === 'jump') {
      this.#factor = 1;
      if (!element.seeking) element.currentTime = time;
    } else this.#factor = correction.factor;
    const wanted = rate * this.#factor;
    if (Math.abs(element.playbackRate - wanted) > 0.002) element.playbackRate = wanted;
  }

  #rest(time: number): void {
    const { element } = this;
    if (!element.paused) element.pause();
    this.#factor = 1;
    const isThere = Math.abs(element.currentTime - time) <= STILL || (element.ended && time > element.currentTime);
    if (!isThere && !element.seeking) element.currentTime = time;
  }

  #measure(seconds: number): void {
    if (this.#isLoaded && Number.isFinite(seconds) && seconds > 0) this.duration = seconds;
  }

  #fail(): void {
    // Letting go of a file is none.
    if (!this.#isLoaded) return;
    const isBad = this.element.error?.code === DECODE_ERROR;
    if (!isBad && this.#retries++ < MOST_RETRIES) setTimeout(() => this.release(), RETRY_MS);
    else this.#hasFailed = true;
  }
}
