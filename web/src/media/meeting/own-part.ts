import type { RoomFrame } from '../../../../src/dialects/parlour/wire.ts';
import type { StatsSample } from './measuring/stats-sample.ts';
import type { MeetingPorts } from './meeting-ports.ts';
import { CAMERA_LABEL } from './meeting-ports.ts';
import { Publication } from './publication.ts';
import type { Sayings } from './sayings.ts';

/** `none`: there is no such device, or it was not given to us yet. */
export type DeviceState = 'on' | 'off' | 'none';

export interface OwnPartState {
  readonly microphone: DeviceState;
  readonly camera: DeviceState;
  /** What our tile shows. */
  readonly stream: MediaStream;
}

/** Long enough that a black picture has gone out before there is none: clients would stay at the last one. */
const BLACK_MS = 400;

interface OwnPartOptions {
  /** Taken over; its tracks are stopped in the end. */
  readonly stream: MediaStream;
  readonly camera: boolean;
  readonly microphone: boolean;
  readonly ports: MeetingPorts;
  readonly sayings: Sayings;
  readonly changed: () => void;
  readonly ended: () => void;
}

/** Our microphone and camera in the meeting, as one stream of the server's. */
export class OwnPart {
  readonly #options: OwnPartOptions;
  readonly #publication: Publication;
  #audio: MediaStreamTrack | undefined;
  #video: MediaStreamTrack | undefined;
  #stream: MediaStream;
  #closed = false;
  /** The device is being opened. */
  #opening = new Set<'audio' | 'video'>();

  constructor(options: OwnPartOptions) {
    const { stream, ports, sayings } = options;
    this.#options = options;
    this.#audio = this.#adopt(stream.getAudioTracks()[0]);
    if (this.#audio) this.#audio.enabled = options.microphone;
    const [video] = stream.getVideoTracks();
    if (options.camera) this.#video = this.#adopt(video);
    else video?.stop();
    this.#stream = this.#compose();
    this.#publication = new Publication({
      label: CAMERA_LABEL,
      media: this.#stream,
      ports,
      sayings,
      ended: () => {
        this.#release();
        options.ended();
      },
    });
    this.#tellSigns();
  }

  get state(): OwnPartState {
    const microphone = !this.#audio ? 'none' : this.#audio.enabled ? 'on' : 'off';
    return { microphone, camera: this.#video ? 'on' : 'off', stream: this.#stream };
  }

  async setMicrophone({ on }: { readonly on: boolean }): Promise<void> {
    if (on && !this.#audio) await this.#open('audio');
    else if (this.#audio) this.#audio.enabled = on;
    this.#signsChanged();
  }

  async setCamera({ on }: { readonly on: boolean }): Promise<void> {
    if (on) await this.#open('video');
    else this.#closeCamera();
    this.#signsChanged();
  }

  /** Other devices were chosen: those that are on change. */
  async switchDevice(kind: 'audio' | 'video'): Promise<void> {
    if (kind === 'audio' ? this.#audio : this.#video) await this.#open(kind);
  }

  received(frame: RoomFrame): boolean {
    return this.#publication.received(frame);
  }

  peopleChanged(): void {
    this.#publication.peopleChanged();
  }

  anew(): void {
    this.#publication.anew();
    this.#tellSigns();
  }

  level(): Promise<number> {
    return this.#audio?.enabled ? this.#publication.level() : Promise.resolve(0);
  }

  sample(at: number): Promise<StatsSample | undefined> {
    return this.#publication.sample(at);
  }

  close(): void {
    if (this.#closed) return;
    this.#publication.close();
    this.#release();
  }

  async #open(kind: 'audio' | 'video'): Promise<void> {
    if (this.#opening.has(kind)) return;
    this.#opening.add(kind);
    try {
      const track = await this.#options.ports.captureTrack(kind);
      if (this.#closed) track.stop();
      else this.#swap(kind, track);
    } catch (error) {
      if (!this.#closed) this.#options.ports.notify({ kind: 'device-failed', error });
    } finally {
      this.#opening.delete(kind);
    }
  }

  #swap(kind: 'audio' | 'video', track: MediaStreamTrack): void {
    const former = kind === 'audio' ? this.#audio : this.#video;
    if (kind === 'audio') {
      track.enabled = this.#audio?.enabled ?? true;
      this.#audio = this.#adopt(track);
    } else this.#video = this.#adopt(track);
    this.#stream = this.#compose();
    this.#publication.swap(kind, { track, media: this.#stream });
    drop(former);
    this.#options.changed();
  }

  #closeCamera(): void {
    const video = this.#video;
    if (!video) return;
    this.#video = undefined;
    this.#stream = this.#compose();
    video.onended = null;
    video.enabled = false;
    this.#options.ports.after(BLACK_MS, () => {
      video.stop();
      if (!this.#closed && !this.#video) this.#publication.blank(this.#stream);
    });
  }

  #adopt(track: MediaStreamTrack | undefined): MediaStreamTrack | undefined {
    if (track) track.onended = () => this.#lost(track);
    return track;
  }

  #lost(track: MediaStreamTrack): void {
    if (this.#closed) return;
    if (track === this.#video) {
      this.#closeCamera();
      this.#options.ports.notify({ kind: 'camera-lost' });
    } else if (track === this.#audio) {
      this.#audio = undefined;
      this.#stream = this.#compose();
      this.#options.ports.notify({ kind: 'microphone-lost' });
    }
    this.#signsChanged();
  }

  #compose(): MediaStream {
    const tracks = [this.#audio, this.#video].filter((track) => track !== undefined);
    return this.#options.ports.streamOf(tracks);
  }

  #signsChanged(): void {
    if (this.#closed) return;
    this.#tellSigns();
    this.#options.changed();
  }

  /** A silent microphone and a black picture look like any other to those who receive them. */
  #tellSigns(): void {
    const { microphone, camera } = this.state;
    this.#say({ microphone: microphone === 'on' ? null : 'off', camera: camera === 'on' ? null : 'off' });
  }

  #say(changes: Readonly<Record<string, unknown>>): void {
    this.#options.sayings.say({ type: 'own-data', changes });
  }

  #release(): void {
    this.#closed = true;
    drop(this.#audio);
    drop(this.#video);
    this.#say({ microphone: null, camera: null });
  }
}

function drop(track: MediaStreamTrack | undefined): void {
  if (!track) return;
  track.onended = null;
  track.stop();
}
