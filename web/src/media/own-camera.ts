import type { CameraFlags } from '../../../src/core/camera.ts';
import { type CameraChoice, cameraFlags, type DeviceChoice } from './camera-choice.ts';
import { capture, stopStream } from './capture.ts';

export type OwnCameraState =
  | { readonly kind: 'off' }
  | { readonly kind: 'on'; readonly stream: MediaStream; readonly choice: CameraChoice };

/** Our own camera: off, or on with a stream that it owns. */
export class OwnCamera {
  readonly #changed: () => void;
  readonly #deviceLost: () => void;
  #state: OwnCameraState = { kind: 'off' };

  constructor(options: { readonly changed: () => void; readonly deviceLost: () => void }) {
    this.#changed = options.changed;
    this.#deviceLost = options.deviceLost;
  }

  get state(): OwnCameraState {
    return this.#state;
  }

  get stream(): MediaStream | undefined {
    return this.#state.kind === 'on' ? this.#state.stream : undefined;
  }

  get flags(): CameraFlags {
    return this.#state.kind === 'on' ? cameraFlags(this.#state.choice) : 0;
  }

  /** Takes over the stream, which it stops in the end. */
  start(stream: MediaStream, choice: CameraChoice): void {
    if (this.#state.kind === 'on' && this.#state.stream !== stream) stopStream(this.#state.stream);
    for (const track of stream.getVideoTracks()) track.onended = () => this.#deviceLost();
    this.#set({ kind: 'on', stream, choice });
  }

  change(choice: Partial<CameraChoice>): void {
    if (this.#state.kind === 'on') this.#set({ ...this.#state, choice: { ...this.#state.choice, ...choice } });
  }

  /** Rejects with a `CaptureError`; then the former devices go on. */
  async switchDevices(devices: DeviceChoice): Promise<MediaStream | undefined> {
    if (!this.stream) return undefined;
    const stream = await capture(devices);
    // Meanwhile it may have been stopped.
    if (this.#state.kind === 'off') {
      stopStream(stream);
      return undefined;
    }
    this.start(stream, this.#state.choice);
    return stream;
  }

  stop(): void {
    if (this.#state.kind === 'off') return;
    stopStream(this.#state.stream);
    this.#set({ kind: 'off' });
  }

  #set(state: OwnCameraState): void {
    this.#state = state;
    if (state.kind === 'on') {
      for (const track of state.stream.getAudioTracks()) track.enabled = !state.choice.muted;
    }
    this.#changed();
  }
}
