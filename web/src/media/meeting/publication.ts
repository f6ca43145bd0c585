import type { RoomFrame } from '../../../../src/dialects/parlour/wire.ts';
import { sizesFor } from './encodings.ts';
import type { StatsSample } from './measuring/stats-sample.ts';
import type { MeetingPorts } from './meeting-ports.ts';
import type { Sayings } from './sayings.ts';
import { UpStream } from './up-stream.ts';

/** After an ICE restart: by then it is connected, or another stream is quicker. */
const MENDED_WITHIN_MS = 8_000;
/** Who went may come back: the second size is given up only when it stays needless. */
const FEWER_AFTER_MS = 15_000;

export interface PublicationOptions {
  readonly label: string;
  readonly media: MediaStream;
  readonly ports: MeetingPorts;
  readonly sayings: Sayings;
  /** It is over, and not by us. */
  readonly ended: () => void;
}

/** Something of ours that others see, by whatever streams it takes: each may replace the one before. Owns them. */
export class Publication {
  readonly #options: PublicationOptions;
  #media: MediaStream;
  #up: UpStream;
  /** What it replaces, which goes on until the server has the new one. */
  #former: UpStream | undefined;
  #cancelMending: (() => void) | undefined;
  #cancelShrinking: (() => void) | undefined;
  #closed = false;
  #wasConnected = false;

  constructor(options: PublicationOptions) {
    this.#options = options;
    this.#media = options.media;
    this.#up = this.#publish(undefined);
  }

  get id(): string {
    return this.#up.id;
  }

  /** In the place of the track of its kind, or by another stream of `media`. */
  swap(kind: 'audio' | 'video', { track, media }: { readonly track: MediaStreamTrack; readonly media: MediaStream }) {
    this.#media = media;
    if (!this.#up.replaceTrack(kind, track)) this.#again();
  }

  /** Sends no picture from now on. */
  blank(media: MediaStream): void {
    this.#media = media;
    this.#up.replaceTrack('video', null);
  }

  /** Frames of this publication alone; whether it was one. */
  received(frame: RoomFrame): boolean {
    if (!('stream' in frame)) return false;
    // The server may lose it before it knows that it is replaced.
    if (frame.stream === this.#former?.id) return true;
    if (frame.stream !== this.#up.id) return false;
    switch (frame.type) {
      case 'stream-answer':
        this.#up.answered(frame.sdp);
        this.#forgetFormer();
        return true;
      case 'stream-candidate':
        this.#up.candidate(frame.candidate);
        return true;
      case 'stream-restart':
        this.#mend();
        return true;
      case 'stream-ended':
        this.#options.ports.notify({ kind: 'ended', message: frame.message });
        this.#end();
        return true;
      default:
        return false;
    }
  }

  /** Others came or went. */
  peopleChanged(): void {
    const wanted = this.#wantedSizes();
    if (wanted === this.#up.sizes) {
      this.#cancelShrinking?.();
      this.#cancelShrinking = undefined;
    } else if (wanted === 'two') this.#again();
    else this.#cancelShrinking ??= this.#options.ports.after(FEWER_AFTER_MS, () => this.#shrink());
  }

  /** The session is a new one, in which nothing is published. */
  anew(): void {
    this.#up.close();
    this.#forgetFormer();
    this.#stopWaiting();
    this.#up = this.#publish(undefined);
  }

  level(): Promise<number> {
    return this.#up.level();
  }

  /** Nothing before it was connected once. */
  async sample(at: number): Promise<StatsSample | undefined> {
    return this.#wasConnected ? this.#up.sample(at) : undefined;
  }

  close(): void {
    if (this.#closed) return;
    this.#options.sayings.say({ type: 'unpublish', stream: this.#up.id });
    this.#release();
  }

  #wantedSizes() {
    const { ports } = this.#options;
    const hasPicture = this.#media.getVideoTracks().length > 0;
    return hasPicture ? sizesFor({ people: ports.people() }) : this.#up.sizes;
  }

  #publish(replaces: string | undefined): UpStream {
    const { label, ports, sayings } = this.#options;
    const up: UpStream = new UpStream({
      id: ports.newId(),
      label,
      media: this.#media,
      sizes: sizesFor({ people: ports.people() }),
      ...(replaces === undefined ? {} : { replaces }),
      pc: ports.createPeer(),
      sayings,
      connected: () => this.#of(up, () => this.#mended()),
      lost: () => this.#of(up, () => this.#mend()),
      refused: (error) => this.#of(up, () => this.#refused(error)),
    });
    return up;
  }

  /** What a stream says that was replaced meanwhile is of no interest. */
  #of(up: UpStream, run: () => void): void {
    if (this.#up === up && !this.#closed) run();
  }

  #again(): void {
    this.#stopWaiting();
    this.#forgetFormer();
    this.#former = this.#up;
    this.#up = this.#publish(this.#former.id);
  }

  #forgetFormer(): void {
    this.#former?.close();
    this.#former = undefined;
  }

  #shrink(): void {
    this.#cancelShrinking = undefined;
    if (this.#wantedSizes() !== this.#up.sizes) this.#again();
  }

  #mend(): void {
    if (this.#cancelMending) return;
    this.#up.restart();
    this.#cancelMending = this.#options.ports.after(MENDED_WITHIN_MS, () => {
      this.#cancelMending = undefined;
      if (!this.#up.isConnected) this.#again();
    });
  }

  #mended(): void {
    this.#wasConnected = true;
    this.#cancelMending?.();
    this.#cancelMending = undefined;
  }

  #refused(error: unknown): void {
    this.#options.ports.notify({ kind: 'refused', error });
    this.#end();
  }

  #end(): void {
    this.#release();
    this.#options.ended();
  }

  #release(): void {
    this.#closed = true;
    this.#stopWaiting();
    this.#up.close();
    this.#forgetFormer();
  }

  #stopWaiting(): void {
    this.#cancelMending?.();
    this.#cancelMending = undefined;
    this.#cancelShrinking?.();
    this.#cancelShrinking = undefined;
  }
}
