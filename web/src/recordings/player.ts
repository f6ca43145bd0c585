import type { ClipVideo } from './clip-video.ts';
import { type Clock, changed, positionAt, STOPPED } from './clock.ts';
import { clipAt, clipSoon } from './lanes.ts';

/** What the controls show. Times are in seconds. */
export interface PlayerState {
  readonly position: number;
  readonly total: number;
  /** Whether somebody wants it to play; it may be waiting nevertheless. */
  readonly isPlaying: boolean;
  readonly isWaiting: boolean;
  readonly rate: number;
  readonly volume: number;
  readonly isMuted: boolean;
}

const TICK_MS = 100;
/** So many seconds before it begins, a file is loaded. */
const AHEAD = 8;

export interface PlayerOptions {
  readonly lanes: readonly (readonly ClipVideo[])[];
  /** Milliseconds, from anywhere. */
  now(): number;
  changed(state: PlayerState): void;
}

/**
 * Plays all files of a recording on one clock, which waits for whichever of them is not ready. The page owns it, for as
 * long as it is there.
 */
export class Player {
  readonly #options: PlayerOptions;
  readonly #timer: ReturnType<typeof setInterval>;
  #clock: Clock = STOPPED;
  #isPlaying = false;
  #volume = 1;
  #isMuted = false;

  constructor(options: PlayerOptions) {
    this.#options = options;
    this.#timer = setInterval(() => this.#tick(), TICK_MS);
    this.#tick();
  }

  get state(): PlayerState {
    const { isRunning, rate } = this.#clock;
    return {
      position: this.#position,
      total: this.#total,
      isPlaying: this.#isPlaying,
      isWaiting: this.#isPlaying && !isRunning,
      rate,
      volume: this.#volume,
      isMuted: this.#isMuted,
    };
  }

  toggle(): void {
    const isOver = this.#position >= this.#total;
    if (!this.#isPlaying && isOver) this.seek(0);
    this.#isPlaying = !this.#isPlaying;
    this.#tick();
  }

  seek(position: number): void {
    const within = Math.max(0, Math.min(position, this.#total));
    // It runs again when all are there.
    this.#clock = changed(this.#clock, this.#now, { position: within, isRunning: false });
    this.#tick();
  }

  seekBy(seconds: number): void {
    this.seek(this.#position + seconds);
  }

  setRate(rate: number): void {
    this.#clock = changed(this.#clock, this.#now, { rate });
    this.#tick();
  }

  setVolume(volume: number): void {
    this.#volume = Math.max(0, Math.min(1, volume));
    this.#isMuted = this.#volume === 0;
    this.#tick();
  }

  toggleMute(): void {
    this.#isMuted = !this.#isMuted;
    if (!this.#isMuted && this.#volume === 0) this.#volume = 1;
    this.#tick();
  }

  close(): void {
    clearInterval(this.#timer);
    for (const clip of this.#clips) clip.release();
  }

  #tick(): void {
    this.#stopAtEnd();
    const shown = this.#options.lanes.flatMap((lane) => clipAt(lane, this.#position) ?? []);
    for (const clip of shown) clip.prepare();
    const now = this.#now;
    const isWaiting = shown.map((clip) => clip.keepsWaiting(now)).includes(true);
    const isRunning = this.#isPlaying && !isWaiting;
    if (isRunning !== this.#clock.isRunning) this.#clock = changed(this.#clock, now, { isRunning });
    const pace = { ...this.state, isRunning };
    for (const lane of this.#options.lanes) {
      const [current, next] = [clipAt(lane, this.#position), clipSoon(lane, this.#position, AHEAD)];
      current?.follow(pace);
      next?.waitAtStart();
      for (const clip of lane) if (clip !== current && clip !== next) clip.release();
    }
    this.#options.changed(this.state);
  }

  #stopAtEnd(): void {
    const total = this.#total;
    if (this.#position < total) return;
    this.#isPlaying = false;
    this.#clock = changed(this.#clock, this.#now, { position: total, isRunning: false });
  }

  /** The end of what ends last; of what has no end yet, a little later than now. */
  get #total(): number {
    const position = this.#position;
    const ends = this.#clips.map((clip) => {
      const known = clip.offset + clip.knownLength;
      return clip.mayGoOn(position) ? Math.max(known, position + 1) : known;
    });
    return Math.max(0, ...ends);
  }

  get #clips(): readonly ClipVideo[] {
    return this.#options.lanes.flat();
  }

  get #position(): number {
    return positionAt(this.#clock, this.#now);
  }

  get #now(): number {
    return this.#options.now();
  }
}
