import { Camera, has } from '../../../src/core/camera.ts';
import { nameKey } from '../../../src/core/name.ts';
import type { RoomFrame } from '../../../src/dialects/parlour/wire.ts';
import { cell } from '../room/store.ts';
import { CameraAudience } from './camera-audience.ts';
import type { CameraChoice, DeviceChoice } from './camera-choice.ts';
import type { MediaPorts } from './media-ports.ts';
import { OwnCamera, type OwnCameraState } from './own-camera.ts';
import { type PeerSignal, readSignal } from './session-description.ts';
import { type Tile, WatchedCameras } from './watched-cameras.ts';

export interface CamerasState {
  readonly own: OwnCameraState;
  readonly tiles: readonly Tile[];
  /** Who watches our camera. */
  readonly watchers: readonly string[];
}

/** All cameras of this page: our own, who watches it, and whom we watch. It owns every stream and connection. */
export class Cameras {
  readonly state = cell<CamerasState>({ own: { kind: 'off' }, tiles: [], watchers: [] });
  readonly #ports: MediaPorts;
  readonly #own: OwnCamera;
  readonly #watched: WatchedCameras;
  readonly #audience: CameraAudience;

  constructor(ports: MediaPorts) {
    this.#ports = ports;
    const changed = () => this.#publish();
    this.#own = new OwnCamera({ changed, deviceLost: () => this.#deviceLost() });
    this.#watched = new WatchedCameras({ ports, changed, ownStream: () => this.#ownStream() });
    this.#audience = new CameraAudience({
      ports,
      changed,
      stream: () => this.#own.stream,
      returned: (name, stream) => this.#watched.returned(name, stream),
      ended: (name) => this.#watched.returnEnded(name),
    });
  }

  start(stream: MediaStream, choice: CameraChoice): void {
    this.#own.start(stream, choice);
    this.#announce();
  }

  stop(): void {
    if (this.#own.state.kind === 'off') return;
    this.#own.stop();
    this.#audience.closeAll();
    this.#watched.replaceTracks(undefined);
    this.#announce();
  }

  change(choice: Partial<CameraChoice>): void {
    this.#own.change(choice);
    this.#announce();
  }

  /** Goes on with another stream, which it takes over. */
  replace(stream: MediaStream, choice: CameraChoice): void {
    this.start(stream, choice);
    this.#audience.replaceTracks(stream);
    this.#watched.replaceTracks(stream);
  }

  async switchDevices(devices: DeviceChoice): Promise<void> {
    const stream = await this.#own.switchDevices(devices);
    if (!stream) return;
    this.#audience.replaceTracks(stream);
    this.#watched.replaceTracks(stream);
  }

  watch(name: string): void {
    this.#watched.watch(name);
  }

  unwatch(name: string): void {
    this.#watched.close(name);
  }

  /** After each frame of the room, once the room's model has it. */
  received(frame: RoomFrame): void {
    switch (frame.type) {
      case 'ring':
        this.#audience.rang(frame.name);
        break;
      case 'opened':
        this.#watched.opened(frame.name);
        break;
      case 'watching':
        this.#watching(frame.name, frame.on);
        break;
      case 'signal':
        this.#signal(frame.name, readSignal(frame.kind, frame.payload));
        break;
      case 'relation':
        for (const key of frame.names) this.#related(frame.kind, key, frame.on);
        break;
      case 'gone':
        if (frame.name !== undefined) this.#audience.drop(frame.name);
        this.#watched.reconcile();
        break;
      case 'member':
        this.#watched.reconcile();
        break;
      case 'room':
        this.#watched.reconcile();
        this.resync(frame.self.camera);
        break;
      case 'cut':
        this.#cut();
        break;
      case 'marked':
        this.change({ explicit: true });
        break;
      default:
        break;
    }
  }

  /** The server may remember a camera of an earlier page, or have forgotten ours. */
  resync(serverFlags: number): void {
    const known =
      Camera.on | Camera.explicit | Camera.micMuted | Camera.mutualRequired | Camera.mutualOpen | Camera.vipOnly;
    if ((serverFlags & known) !== this.#own.flags) this.#announce();
  }

  close(): void {
    this.#own.stop();
    this.#audience.closeAll();
    this.#watched.closeAll();
  }

  #watching(name: string, on: boolean): void {
    this.#audience.watching(name, on);
    if (!on) this.#watched.stopSendingTo(name);
  }

  /**
   * Two connections may lead to the same person, and signals do not say which is meant: an offer is for the one where
   * they watch us, an answer for the one where we watch them, a candidate for the one whose transport it names.
   */
  #signal(name: string, signal: PeerSignal | undefined): void {
    if (!signal) return;
    const watched = this.#watched.link(name);
    if (signal.kind === 'answer') this.#watched.signal(name, signal);
    else if (signal.kind === 'offer') {
      if (watched?.continues(signal.description)) this.#watched.signal(name, signal);
      else this.#audience.signal(name, signal);
    } else {
      if (watched && watched.owns(signal.candidate) !== false) this.#watched.signal(name, signal);
      if (this.#audience.link(name)?.owns(signal.candidate) !== false) this.#audience.signal(name, signal);
    }
  }

  #related(kind: string, name: string, on: boolean): void {
    if (!on || kind === 'invite') return;
    this.#watched.stopSendingTo(name);
    this.#audience.drop(name);
    if (kind === 'block') this.#watched.close(this.#spelt(name));
  }

  #spelt(name: string): string {
    return this.state.get().tiles.find((tile) => tile.key === nameKey(name))?.name ?? name;
  }

  #cut(): void {
    if (this.#own.state.kind === 'off') return;
    this.stop();
    this.#ports.notify({ kind: 'cut' });
  }

  #deviceLost(): void {
    this.stop();
    this.#ports.notify({ kind: 'device-lost' });
  }

  #announce(): void {
    void this.#ports.ask({ type: 'presence', camera: this.#own.flags }).catch(() => undefined);
  }

  #ownStream(): { readonly stream: MediaStream; readonly explicit: boolean } | undefined {
    const { state } = this.#own;
    if (state.kind === 'off') return undefined;
    return { stream: state.stream, explicit: has(this.#own.flags, Camera.explicit) };
  }

  #publish(): void {
    this.state.dispatch({ own: this.#own.state, tiles: this.#watched.tiles, watchers: this.#audience.watchers });
  }
}
